// Many runs at once: run-steps a second for growing populations.
import { openWebGpu } from "../../src/backend/webgpu/index.ts";
import { type Effort, type PopulationResult, roundsOf } from "../result.ts";
import { alone } from "./clock.ts";
import { Ours } from "./ours.ts";
import { digitsRuns, tiny } from "./problems.ts";
import { say } from "./say.ts";

export async function populations(effort: Effort): Promise<PopulationResult[]> {
  const backend = await openWebGpu();
  const results: PopulationResult[] = [];
  for (const problem of [...[1, 10, 100, 1000].map(tiny), digitsRuns(100)]) {
    say(`population: ${problem.name}`);
    const ours = await Ours.open(backend, problem);
    const { stepsPerSecond } = await alone(ours.run, effort, ours.submit);
    results.push({
      problem: problem.name,
      runs: problem.runs,
      dispatches: ours.population.program.each.length,
      runStepsPerSecond: roundsOf(stepsPerSecond.raw.map((rate) => rate * problem.runs)),
      stepMillis: 1000 / stepsPerSecond.median,
    });
    ours.close();
  }
  return results;
}
