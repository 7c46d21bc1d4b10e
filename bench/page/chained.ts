// Dispatches alone, one behind the other in submits of sixteen: how tiles are tuned and products compared.
import type { WebGpuBackend } from "../../src/backend/webgpu/index.ts";
import { pitchOf, rowsOf, type Shape } from "../../src/core/shape.ts";
import { input } from "../../src/graph/node.ts";
import { matmul } from "../../src/ops/matmul.ts";
import { lower } from "../../src/scheduler/lower.ts";
import { place } from "../../src/scheduler/place.ts";
import type { BufferSpec } from "../../src/scheduler/plan.ts";
import type { StepProgram } from "../../src/scheduler/program.ts";
import { type Series, seriesOf } from "../../src/scheduler/steps.ts";
import type { Home, Work } from "../../src/scheduler/work.ts";
import type { RunSteps } from "./clock.ts";

export const SUBMIT = 16;
const IN_FLIGHT = 2;

export const PLAIN = seriesOf([]);

export interface Made {
  readonly work: readonly Work[];
  readonly buffers: readonly BufferSpec[];
}

export interface Chained {
  /** Runs the dispatches so many times, rounded up to whole submits. */
  readonly run: RunSteps;
  readonly write: (name: string, data: Float32Array) => void;
  readonly read: (name: string) => Promise<Float32Array>;
  readonly dispose: () => void;
}

/** A program of these dispatches and nothing else. */
export async function chained(backend: WebGpuBackend, { work, buffers }: Made, series: Series): Promise<Chained> {
  const each = place("chained", work, new Set(), 1);
  const program: StepProgram = {
    ...{ name: "chained", runs: 1, batch: 1, stepsPerSubmit: SUBMIT, before: [], each: each.dispatches, after: [] },
    ...{ metrics: undefined, rows: { first: 0, count: 1 }, order: "permutation", quickStart: false, choices: [] },
    baked: backend.tuning.baked,
    buffers: [...buffers, ...each.buffers],
    numericClass: "sequential",
  };
  const storage = backend.storage();
  const made = await backend.program(program, storage, series);
  return {
    run: async (steps) => {
      const flying: Promise<unknown>[] = [];
      for (let left = steps; left > 0; left -= SUBMIT) {
        flying.push(made.run(0, SUBMIT));
        if (flying.length >= IN_FLIGHT) await flying.shift();
      }
      await Promise.all(flying);
      return [];
    },
    write: (name, data) => storage.write(name, data),
    read: async (name) => (await storage.read(name)) as Float32Array,
    dispose: () => {
      made.dispose();
      storage.dispose();
    },
  };
}

export type Layout = "nn" | "nt" | "tn";

/** One product y of a and b, in buffers of these names. */
export function product(layout: Layout, { m, n, k }: { m: number; n: number; k: number }): Made {
  const shapes: Record<"a" | "b", Shape> = {
    a: layout === "tn" ? [k, m] : [m, k],
    b: layout === "nt" ? [n, k] : [k, n],
  };
  const [a, b] = [input("a", shapes.a), input("b", shapes.b)];
  const y = matmul(a, b, { layout });
  const room = (shape: Shape): number => rowsOf(shape) * pitchOf(shape[1] as number);
  const home = (buffer: string, shape: Shape): Home => ({ buffer, offset: 0, run: room(shape) });
  const homes = new Map([
    [a, home("a", shapes.a)],
    [b, home("b", shapes.b)],
  ]);
  const { work } = lower([{ node: y, home: home("y", y.shape) }], homes, { first: 0, count: 1 });
  const sizes = { a: room(shapes.a), b: room(shapes.b), y: room(y.shape) };
  const buffers = Object.entries(sizes).map(
    ([name, length]): BufferSpec => ({ name, dtype: "f32", length, role: "arena" }),
  );
  return { work, buffers };
}
