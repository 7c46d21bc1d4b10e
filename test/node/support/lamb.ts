// LAMB twice: as dispatches over the arenas, from kernels there are, and as a formula in f64.
import { BLOCK, SQUARES } from "../../../src/ops/sum.ts";
import type { CompiledChain } from "../../../src/optim/chain.ts";
import { phaseVariant } from "../../../src/optim/update.ts";
import type { Arenas } from "../../../src/scheduler/arenas.ts";
import { value, type Work } from "../../../src/scheduler/work.ts";
import type { Machine } from "./evaluate.ts";

/** LAMB's dispatches: Adam over the arena, norms of u and of p for every tensor, then each tensor by its own two. */
export function lambWork(machine: Machine, { size, slots, scalars, segments }: Arenas, chain: CompiledChain): Work[] {
  const common = { runs: { first: 0, count: 1 }, slices: 1 };
  const part = (buffer: string, offset: number, length: number) =>
    value(buffer, [length], { home: { buffer, offset, run: 0 } });
  const update = (phase: number, from: number, length: number, reduced: ReturnType<typeof value>): Work => {
    const variant = phaseVariant(chain.phases[phase] as (typeof chain.phases)[number]);
    const word = (name: string, shape: number[]) =>
      value(name, shape, { dtype: "u32", home: { buffer: name, offset: 0, run: 0 } });
    return {
      name: `${variant.label} at ${from}`,
      kernel: "update",
      sizes: { size: length, slots, scalars },
      variant,
      tensors: {
        gradient: part("gradients", from, length),
        parameter: part("parameters", from, length),
        state: value("state", [slots, length], { home: { buffer: "state", offset: from, run: 0, pitch: size } }),
        hyper: word("hyper", [2 * scalars]),
        latch: word("latch", [1]),
        reduced,
      },
      ...common,
    };
  };
  const norms = (of: string): Work[] => {
    const blocks = size / BLOCK;
    const partial = value(`${of} blocks`, [blocks]);
    const first = value("segment blocks", [segments.length + 1], {
      dtype: "u32",
      home: { buffer: "segment blocks", offset: 0, run: 0 },
    });
    const y = value(`${of} norms`, [segments.length], { home: machine.home(`${of} norms`, 4) });
    return [
      {
        name: `${of} blocks`,
        kernel: "block_sums",
        sizes: { rows: 1, cols: size },
        variant: SQUARES,
        tensors: { x: part(of, 0, size), y: partial },
        ...common,
      },
      {
        name: `${of} norms`,
        kernel: "segment_sums",
        sizes: { blocks, segments: segments.length, factor: 1 },
        variant: {},
        tensors: { x: partial, first, y },
        ...common,
      },
    ];
  };
  const none = value("none", [1], { fill: 0 });
  const first = [update(0, 0, size, none), ...norms("gradients"), ...norms("parameters")];
  const each = segments.flatMap(({ offset, rows, pitch }, s) => [
    update(1, offset, rows * pitch, part("gradients norms", s, 1)),
    update(2, offset, rows * pitch, part("parameters norms", s, 1)),
  ]);
  return [...first, ...each];
}

/** LAMB (You et al. 2020) on two tensors of two numbers, as optax has it: a trust ratio |p| / |u| for each. */
export function lamb(
  round: (v: number) => number,
  h: { lr: number; beta1: number; beta2: number; eps: number; decay: number },
) {
  const [lr, beta1, beta2, eps, decay] = [h.lr, h.beta1, h.beta2, h.eps, h.decay].map(round) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const [rest1, rest2] = [round(1 - beta1), round(1 - beta2)];
  const [x, m, v] = [
    [1, -2, 3, 0.5],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ];
  const step = (g: readonly number[], t: number): void => {
    const [ms, vs] = [round(1 / (1 - beta1 ** t)), round(1 / (1 - beta2 ** t))];
    const u = x.map((p, i) => {
      const gi = g[i] as number;
      m[i] = beta1 * (m[i] as number) + rest1 * gi;
      v[i] = beta2 * (v[i] as number) + rest2 * gi * gi;
      return ((m[i] as number) * ms) / (Math.sqrt((v[i] as number) * vs) + eps) + decay * p;
    });
    const norm = (of: readonly number[], i: number) =>
      Math.hypot(of[i - (i % 2)] as number, of[i - (i % 2) + 1] as number);
    const ratios = x.map((_, i) => norm(x, i) / norm(u, i));
    for (const [i, p] of x.entries()) x[i] = p - lr * (ratios[i] as number) * (u[i] as number);
  };
  return { x, step };
}
