// Every dispatch of a plan over and over, on the population's own buffers: its rate and its share of the adapter's ceiling.
import { openWebGpu, type WebGpuBackend } from "../../src/backend/webgpu/index.ts";
import { type Tile, tiles } from "../../src/ops/matmul.ts";
import { compileChain } from "../../src/optim/compile.ts";
import type { Dispatch } from "../../src/scheduler/plan.ts";
import { type Series, seriesOf } from "../../src/scheduler/steps.ts";
import { pinned } from "../../src/scheduler/pinned.ts";
import { Population, type PopulationOptions } from "../../src/train/population.ts";
import { type CeilingResult, type Effort, type KernelResult, roundsOf } from "../result.ts";
import { ceilings } from "./ceilings.ts";
import { alone } from "./clock.ts";
import { CLIPPED, classifier, digitsRuns, MEDIUM, optionsOf, type Problem, SMALL, taskOf, tiny } from "./problems.ts";
import { say } from "./say.ts";

const PER_SUBMIT = 16;
const IN_FLIGHT = 2;

const elementsOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** Bytes a dispatch must read and write at least: every tensor once, of the data set only the rows it takes. */
function bytesOf({ bindings, sizes, runs, slices }: Dispatch): number {
  let bytes = 0;
  for (const [name, { shape, dtype, mode }] of Object.entries(bindings)) {
    const whole = elementsOf(shape);
    const taken = name === "data" ? Math.min(whole, (sizes.count ?? sizes.m ?? 1) * (shape.at(-1) ?? 1)) : whole;
    bytes += taken * (dtype === "u8" ? 1 : 4) * (mode === "update" ? 2 : 1);
  }
  return bytes * runs.count * slices;
}

const flopsOf = ({ sizes: { m = 0, n = 0, k = 0 }, runs, slices }: Dispatch): number =>
  2 * m * n * k * runs.count * slices;

function shapeOf({ kernel, sizes, variant, runs }: Dispatch): string {
  const { m, n, k } = sizes;
  const each = runs.count > 1 ? ` x ${runs.count} runs` : "";
  if (!kernel.startsWith("matmul_"))
    return `${Object.entries(sizes)
      .map(([name, size]) => `${name} ${Number(size.toPrecision(6))}`)
      .join(", ")}${each}`;
  const { A_TRANSPOSED, B_TRANSPOSED } = variant.consts ?? {};
  return `${A_TRANSPOSED ? "TN" : B_TRANSPOSED ? "NT" : "NN"} ${m} x ${k} x ${n}${each}`;
}

interface Bench {
  readonly backend: WebGpuBackend;
  readonly effort: Effort;
  readonly ceiling: CeilingResult;
}

async function measure(
  population: Population,
  dispatch: Dispatch,
  series: Series,
  { backend, effort, ceiling }: Bench,
) {
  const { program, storage } = population;
  const only = { before: [], each: [dispatch], after: [], metrics: undefined };
  // On the kernel that was planned, from its first step on.
  const alike = { ...program, ...only, name: "bench", quickStart: false };
  const made = await backend.program(alike, storage, series);
  const { stepsPerSecond } = await alone(async (steps) => {
    const flying: Promise<unknown>[] = [];
    for (let t = 0; t < steps; t += program.stepsPerSubmit) {
      flying.push(made.run(t, Math.min(program.stepsPerSubmit, steps - t)));
      if (flying.length >= IN_FLIGHT) await flying.shift();
    }
    await Promise.all(flying);
    return [];
  }, effort);
  made.dispose();
  const micros = roundsOf(stepsPerSecond.raw.map((rate) => 1e6 / rate));
  const matmul = dispatch.kernel.startsWith("matmul_");
  const rate = (matmul ? flopsOf(dispatch) : bytesOf(dispatch)) / (1000 * micros.median);
  const most = matmul ? ceiling.gflops.high : ceiling.copyGBs.high;
  const unit = matmul ? ("GFLOP/s" as const) : ("GB/s" as const);
  return {
    kernel: dispatch.kernel,
    name: dispatch.name,
    shape: shapeOf(dispatch),
    micros,
    rate,
    unit,
    percent: (100 * rate) / most,
  };
}

interface Wanted {
  readonly problem: Problem;
  readonly plan: string;
  readonly options?: Partial<PopulationOptions>;
  readonly wanted?: (dispatch: Dispatch) => boolean;
}

async function plan(
  { problem, plan: name, options, wanted = () => true }: Wanted,
  bench: Bench,
): Promise<KernelResult[]> {
  say(`kernels: ${problem.name}, ${name}`);
  const population = await Population.open(bench.backend, taskOf(problem), {
    ...optionsOf(problem, PER_SUBMIT),
    ...options,
  });
  // Real numbers in every buffer, and rows in the ring for every step of a submit.
  await population.advance(0, PER_SUBMIT);
  const series = seriesOf(population.options.runs.map(({ optimizer }) => compileChain(optimizer)));
  const results: KernelResult[] = [];
  for (const dispatch of population.program.each.filter(wanted)) {
    results.push({ problem: problem.name, plan: name, ...(await measure(population, dispatch, series, bench)) });
  }
  population.dispose();
  return results;
}

const isMatmul = ({ kernel }: Dispatch): boolean => kernel.startsWith("matmul_");

/** Parameters that no cache holds: 3 M on a software adapter, 13 M on a GPU. */
const LARGE = { software: 4096, gpu: 16_384 } as const;

function plansOf(quick: boolean, software: boolean): Wanted[] {
  const shapes = quick ? [MEDIUM] : [MEDIUM, SMALL, digitsRuns(1), digitsRuns(100)];
  // Tiles in workgroup memory take a software adapter ten times as long.
  const tried = (Object.keys(tiles) as Tile[]).filter((tile) => !(quick && software && tile.startsWith("shared")));
  const tilings = shapes.flatMap((problem) =>
    tried.map((tile): Wanted => {
      return { problem, plan: `tile ${tile}`, options: { fused: false, tuning: pinned(tile) }, wanted: isMatmul };
    }),
  );
  const profiles = (quick ? [MEDIUM, tiny(1000)] : [MEDIUM, SMALL, CLIPPED, tiny(1), tiny(1000), digitsRuns(100)]).map(
    (problem): Wanted => ({ problem, plan: "fused" }),
  );
  const rows: Wanted = { problem: MEDIUM, plan: "unfused", options: { fused: false }, wanted: (at) => !isMatmul(at) };
  const large: Wanted = {
    problem: classifier([784, quick ? 1024 : LARGE[software ? "software" : "gpu"], 10], 32),
    plan: "large arena",
    wanted: ({ kernel }) => kernel === "update",
  };
  return [...profiles, rows, large, ...tilings];
}

export interface Kernels {
  readonly ceilings: CeilingResult;
  readonly kernels: readonly KernelResult[];
}

export async function kernels({ quick, rounds }: Effort): Promise<Kernels> {
  const backend = await openWebGpu();
  const effort: Effort = { quick, rounds, seconds: quick ? 0.03 : 0.1 };
  say("kernels: ceilings");
  const ceiling = await ceilings(backend.device, effort, backend.adapter.software);
  const results: KernelResult[] = [];
  for (const wanted of plansOf(quick, backend.adapter.software))
    results.push(...(await plan(wanted, { backend, effort, ceiling })));
  return { ceilings: ceiling, kernels: results };
}
