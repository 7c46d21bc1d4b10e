// Square products in f32, ours by the adapter's own table beside jax-js: what the matmul family is worth on large matrices.
import * as jax from "@jax-js/jax";
import { numpy as np } from "@jax-js/jax";
import { openWebGpu, type WebGpuBackend } from "../../src/backend/webgpu/index.ts";
import { uniform } from "../../src/core/random.ts";
import { spare, tune } from "../../src/scheduler/tuning.ts";
import { type Effort, type MatmulResult, roundsOf } from "../result.ts";
import { ceilings } from "./ceilings.ts";
import { chained, PLAIN, product } from "./chained.ts";
import { interleave, type RunSteps } from "./clock.ts";
import { openJax } from "./jax.ts";
import { say } from "./say.ts";

const SIZES = { software: [256, 512], gpu: [1024, 2048, 4096] } as const;

const SEED = 20_261;

const numbers = (size: number, stream: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: size * size }, (_, i) => uniform(SEED, stream, i & 0xffff, i >>> 16) - 0.5);

interface Entrant {
  readonly name: string;
  readonly run: RunSteps;
  /** The first row of the product. */
  readonly first: () => Promise<Float32Array>;
  readonly close: () => void;
}

type Operands = Record<"a" | "b", Float32Array<ArrayBuffer>>;

async function ours(backend: WebGpuBackend, size: number, { a, b }: Operands): Promise<Entrant> {
  const made = product("nn", { m: size, n: size, k: size });
  const work = spare(
    made.work.map((at) => tune(at, backend.tuning)),
    backend.tuning,
  );
  const { run, write, read, dispose } = await chained(backend, { ...made, work }, PLAIN);
  write("a", a);
  write("b", b);
  return { name: "fall-line", run, first: async () => (await read("y")).subarray(0, size), close: dispose };
}

async function theirs(size: number, operands: Operands): Promise<Entrant> {
  await openJax();
  const [a, b] = (["a", "b"] as const).map((name) => np.array(operands[name], { shape: [size, size] })) as [
    np.Array,
    np.Array,
  ];
  const times = jax.jit((x: np.Array, y: np.Array) => np.matmul(x, y)) as (x: np.Array, y: np.Array) => np.Array;
  const once = (): np.Array => times(a.ref, b.ref);
  return {
    name: "jax-js",
    run: async (steps) => {
      let last: np.Array | undefined;
      for (let i = 0; i < steps; i++) {
        last?.dispose();
        last = once();
        // Submits what is recorded and waits for nothing, as in jax.ts.
        last.ref.gpuBufferSync();
      }
      await jax.blockUntilReady(last);
      last?.dispose();
      return [];
    },
    first: async () => ((await once().data()) as Float32Array).subarray(0, size),
    close: () => [a, b].forEach((array) => void array.dispose()),
  };
}

/** The largest difference of the first rows; every sum is one of `size` products below a quarter. */
const apart = (x: Float32Array, y: Float32Array): number =>
  x.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (y[i] as number))), 0);

async function compare(backend: WebGpuBackend, size: number, effort: Effort, gflops: number): Promise<MatmulResult> {
  say(`matmul: ${size} x ${size} x ${size}`);
  const operands = { a: numbers(size, 1), b: numbers(size, 2) };
  const entrants = [await ours(backend, size, operands), await theirs(size, operands)];
  for (const { run } of entrants) await run(1);
  const [own, other] = (await Promise.all(entrants.map(({ first }) => first()))) as [Float32Array, Float32Array];
  const timed = await interleave(
    entrants.map(({ run }) => run),
    effort,
  );
  for (const { close } of entrants) close();
  const contenders = entrants.map(({ name }, i) => {
    const rate = roundsOf((timed[i]?.stepsPerSecond.raw ?? []).map((steps) => (2 * size ** 3 * steps) / 1e9));
    return { name, gflops: rate, percent: (100 * rate.median) / gflops };
  });
  const [mine, rival] = contenders.map(({ gflops: { raw } }) => raw) as [readonly number[], readonly number[]];
  return {
    size,
    contenders,
    ratio: roundsOf(mine.map((rate, i) => rate / (rival[i] as number))),
    apart: apart(own, other),
  };
}

/** Every size; percent is of the multiply-adds that this adapter was measured to do. */
export async function matmuls(effort: Effort): Promise<MatmulResult[]> {
  const backend = await openWebGpu();
  const { software } = backend.adapter;
  const { gflops } = await ceilings(backend.device, effort, software);
  const results: MatmulResult[] = [];
  for (const size of SIZES[software ? "software" : "gpu"])
    results.push(await compare(backend, size, effort, gflops.high));
  backend.close();
  return results;
}
