// Graphs on the CPU references in f64, through the scheduler's own passes: lower, place, execute.
import { CpuStorage } from "../../../src/backend/cpu.ts";
import { execute, type StepView } from "../../../src/backend/execute.ts";
import type { Numbers } from "../../../src/core/tensor.ts";
import { columnsOf, elements, pitchOf, rowsOf, spanOf } from "../../../src/core/shape.ts";
import type { Node } from "../../../src/graph/node.ts";
import { checkAliases } from "../../../src/scheduler/check.ts";
import { lower, type Root } from "../../../src/scheduler/lower.ts";
import { place } from "../../../src/scheduler/place.ts";
import type { BufferSpec, Dispatch } from "../../../src/scheduler/plan.ts";
import { fuse } from "../../../src/scheduler/program.ts";
import { pinned } from "../../../src/scheduler/pinned.ts";
import type { Home, Value, Work } from "../../../src/scheduler/work.ts";
// The means of losses as numbers.
import "../../../src/ops/sum.ts";

/** A plan of one run that may be run again and again. */
export interface Planned {
  readonly dispatches: readonly Dispatch[];
  readonly work: readonly Work[];
  readonly values: readonly Value[];
  readonly homes: ReadonlyMap<Value, Home>;
}

const ONE_RUN = { first: 0, count: 1 };

/** The step as references see it: every row of the batch counts. */
export const stepView = (t = 0, values: readonly number[] = [1]): StepView => ({
  t,
  index: 0,
  valid: Number.MAX_SAFE_INTEGER,
  values,
});

/** One run's buffers in f64, leaves that keep their place, and plans over them. */
export class Machine {
  readonly storage = new CpuStorage(64);
  readonly homes = new Map<Node, Home>();
  #plans = 0;

  constructor() {
    // The run table: the one run's order is number 0.
    this.storage.ensure([{ name: "runs", dtype: "u32", length: 4, role: "arena" }]);
  }

  /** Gives a leaf a buffer of its own (or a place in one that is there) and its numbers, row-major. */
  leaf(node: Node, values: ArrayLike<number>, home?: Home): Node {
    const { shape, dtype } = node;
    const buffer = `leaf${this.homes.size} ${node.name}`;
    if (!home) this.storage.ensure([{ name: buffer, dtype, length: spanOf(shape), role: "data" }]);
    this.homes.set(node, home ?? { buffer, offset: 0, run: 0, pitch: pitchOf(columnsOf(shape)) });
    this.write(node, values);
    return node;
  }

  /** A home for a result, as an arena would give it. */
  home(name: string, length: number): Home {
    this.storage.ensure([{ name, dtype: "f32", length, role: "arena" }]);
    return { buffer: name, offset: 0, run: 0 };
  }

  homeOf(leaf: Node): Home {
    return this.homes.get(leaf) as Home;
  }

  write(node: Node, values: ArrayLike<number>): void {
    const { shape } = node;
    const { buffer, offset, pitch = pitchOf(columnsOf(shape)) } = this.homeOf(node);
    const [rows, cols] = [rowsOf(shape), columnsOf(shape)];
    if (values.length !== rows * cols)
      throw new Error(`${node.name} has ${rows * cols} numbers, given ${values.length}`);
    const data = this.storage.data(buffer);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < cols; j++) data[offset + i * pitch + j] = values[i * cols + j] as number;
  }

  /** The numbers of a tensor at its home, row-major. */
  at(home: Home, shape: readonly number[]): number[] {
    const { buffer, offset, pitch = pitchOf(columnsOf(shape)) } = home;
    const data: Numbers = this.storage.data(buffer);
    const cols = columnsOf(shape);
    return Array.from(
      { length: elements(shape) },
      (_, i) => data[offset + Math.floor(i / cols) * pitch + (i % cols)] as number,
    );
  }

  read(leaf: Node): number[] {
    return this.at(this.homeOf(leaf), leaf.shape);
  }

  /** Lowers and places the roots, and work of the test's own after them. With `apart` no two values share a buffer. */
  plan(
    roots: readonly (Node | Root)[],
    after: readonly Work[] = [],
    options: { fused?: boolean; apart?: boolean } = {},
  ): Planned {
    const all = roots.map((root): Root => ("node" in root ? root : { node: root }));
    const lowered = lower(all, this.homes, ONE_RUN);
    const work = [
      ...(options.fused ? fuse(lowered.work, new Set(lowered.values), pinned("4x4", 1000)) : lowered.work),
      ...after,
    ];
    if (options.apart) this.#setApart(work);
    const { buffers, dispatches, homes } = place(`plan${this.#plans++}`, work, new Set(lowered.values), 1);
    for (const dispatch of dispatches) checkAliases(dispatch);
    this.storage.ensure(buffers as BufferSpec[]);
    return { dispatches, work, values: lowered.values, homes };
  }

  #setApart(work: readonly Work[]): void {
    for (const value of work.flatMap(({ tensors }) => Object.values(tensors))) {
      if (value.home || value.fill !== undefined || value.words) continue;
      value.home = this.home(`apart${value.id}`, spanOf(value.shape));
    }
  }

  /** Runs a plan once and gives its roots' numbers, row-major. */
  run(planned: Planned, step: StepView = stepView()): number[][] {
    for (const dispatch of planned.dispatches) execute(dispatch, { data: this.storage.data }, step);
    return planned.values.map((value) => {
      if (value.fill !== undefined) return new Array<number>(elements(value.shape)).fill(value.fill);
      return this.at(planned.homes.get(value) ?? (value.home as Home), value.shape);
    });
  }
}

/** The roots' values, row-major, with the leaves' numbers given. */
export function evaluate(roots: readonly Node[], given: ReadonlyMap<Node, ArrayLike<number>>): number[][] {
  const machine = new Machine();
  for (const [leaf, values] of given) machine.leaf(leaf, values);
  return machine.run(machine.plan(roots));
}
