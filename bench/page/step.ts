// One training step: calls counted against the plan, host time inside the calls, steps a second.
import { openWebGpu, type WebGpuBackend } from "../../src/backend/webgpu/index.ts";
import type { Effort, StepResult } from "../result.ts";
import { alone, type Timed } from "./clock.ts";
import { countsOf } from "./counts.ts";
import { Ours } from "./ours.ts";
import { CLIPPED, MEDIUM, type Problem, SMALL } from "./problems.ts";
import { say } from "./say.ts";

const PER_SUBMIT = [16, 64];
/** Whole submits of every size above. */
const COUNTED = 128;

async function counted(ours: Ours, timed: Timed): Promise<StepResult> {
  const { program } = ours.population;
  const { stepsPerSubmit } = program;
  const planned = { each: program.each.length, around: program.before.length + program.after.length };
  const counts = await countsOf(COUNTED, () => ours.run(COUNTED));
  const expected = planned.each + planned.around / stepsPerSubmit;
  return {
    problem: ours.problem.name,
    stepsPerSubmit,
    counts,
    planned,
    asPlanned: counts.dispatches === expected,
    ...timed,
  };
}

async function open(backend: WebGpuBackend, problem: Problem, stepsPerSubmit: number): Promise<Ours> {
  say(`step: ${problem.name}, ${stepsPerSubmit} steps a submit`);
  return Ours.open(backend, problem, stepsPerSubmit);
}

export async function step(effort: Effort): Promise<StepResult[]> {
  const backend = await openWebGpu();
  const all: { ours: Ours; timed: Timed }[] = [];
  for (const problem of [MEDIUM, SMALL, CLIPPED]) {
    for (const stepsPerSubmit of PER_SUBMIT) {
      const ours = await open(backend, problem, stepsPerSubmit);
      all.push({ ours, timed: await alone(ours.run, effort, ours.submit) });
    }
  }
  const results: StepResult[] = [];
  for (const { ours, timed } of all) results.push(await counted(ours, timed));
  return results;
}
