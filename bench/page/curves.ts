// What a step costs as a network grows: against width, depth, batch and runs.
import { openWebGpu } from "../../src/backend/webgpu/index.ts";
import { type CurveResult, type Effort, roundsOf } from "../result.ts";
import { alone } from "./clock.ts";
import { Ours } from "./ours.ts";
import { classifier, type Problem, tiny } from "./problems.ts";
import { say } from "./say.ts";

interface Sweep {
  readonly name: CurveResult["name"];
  readonly title: string;
  readonly xTitle: string;
  readonly quick: readonly number[];
  readonly full: readonly number[];
  readonly problem: (x: number) => Problem;
}

const deep = (depth: number): Problem => classifier([64, ...Array.from({ length: depth }, () => 64), 10], 64);

const SWEEPS: readonly Sweep[] = [
  {
    name: "width",
    title: "784-width-10, batch 128",
    xTitle: "width of the hidden layer",
    quick: [16, 64, 256],
    full: [16, 32, 64, 128, 256, 512],
    problem: (width) => classifier([784, width, 10], 128),
  },
  {
    name: "depth",
    title: "64 wide, 1 to 8 hidden layers, batch 64",
    xTitle: "hidden layers",
    quick: [1, 2, 4],
    full: [1, 2, 3, 4, 6, 8],
    problem: deep,
  },
  {
    name: "batch",
    title: "784-64-10",
    xTitle: "batch",
    quick: [16, 64, 256],
    full: [8, 16, 32, 64, 128, 256, 512],
    problem: (batch) => classifier([784, 64, 10], batch),
  },
  {
    name: "runs",
    title: "runs of 2-16-1 tanh, batch 32",
    xTitle: "runs",
    quick: [1, 10, 100],
    full: [1, 3, 10, 30, 100, 300, 1000],
    problem: tiny,
  },
];

export async function curves({ quick, rounds }: Effort): Promise<CurveResult[]> {
  const backend = await openWebGpu();
  const effort: Effort = { quick, rounds, seconds: quick ? 0.1 : 0.3 };
  const results: CurveResult[] = [];
  for (const sweep of SWEEPS) {
    const points: CurveResult["points"][number][] = [];
    for (const x of quick ? sweep.quick : sweep.full) {
      say(`curves: ${sweep.name} ${x}`);
      const ours = await Ours.open(backend, sweep.problem(x));
      const { stepsPerSecond } = await alone(ours.run, effort);
      points.push({ x, stepMillis: roundsOf(stepsPerSecond.raw.map((rate) => 1000 / rate)) });
      ours.close();
    }
    results.push({ name: sweep.name, title: sweep.title, xTitle: sweep.xTitle, points });
  }
  return results;
}
