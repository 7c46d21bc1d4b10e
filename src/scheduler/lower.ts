// From nodes to work: every node becomes its kernel calls, and what nothing needs is dropped.
import { fail } from "../core/check.ts";
import { type Node, order } from "../graph/node.ts";
import { elementwiseNamed, elementwiseVariant } from "../ops/elementwise.ts";
import { type Call, opNamed, outputsOf, type Slot } from "../ops/op.ts";
import { matrix } from "../ops/op.ts";
import { kernelNamed } from "../kernel/kernel.ts";
import { type Home, type Range, type Value, value, type Work } from "./work.ts";

/** A tensor to compute, and where to leave it (wherever the plan likes, if not said). */
export interface Root {
  readonly node: Node;
  readonly home?: Home;
}

const LEAVES = ["input", "parameter", "variable"];

/** The values of each node's outputs, made as the nodes are met. */
class Lowering {
  readonly work: Work[] = [];
  readonly #values = new Map<Node, readonly Value[]>();
  readonly #homes: ReadonlyMap<Node, Home>;
  readonly #runs: Range;

  constructor(homes: ReadonlyMap<Node, Home>, runs: Range) {
    this.#homes = homes;
    this.#runs = runs;
  }

  valueOf(at: Node): Value {
    if (at.op === "output") return this.#values.get(at.inputs[0] as Node)?.[at.attributes.index as number] as Value;
    return this.#values.get(at)?.[0] as Value;
  }

  lower(at: Node): void {
    if (at.op === "output") return;
    if (LEAVES.includes(at.op)) {
      const home =
        this.#homes.get(at) ?? fail(at.name, `${at.op} has no place`, "give it a home in the arenas or the data");
      this.#values.set(at, [value(at.name, at.shape, { dtype: at.dtype, home })]);
    } else if (at.op === "constant") {
      this.#values.set(at, [value(at.name, at.shape, { fill: at.attributes.value as number })]);
    } else {
      const outputs = outputsOf(at).map((shape, i) =>
        value(i === 0 ? at.name : `${at.name}.${i}`, shape, { dtype: at.dtype }),
      );
      this.#values.set(at, outputs);
      this.#calls(at, outputs);
    }
  }

  #calls(at: Node, outputs: readonly Value[]): void {
    const scratch = new Map<number, Value>();
    const resolve = (slot: Slot): Value => {
      if ("input" in slot) return this.valueOf(at.inputs[slot.input] as Node);
      if ("output" in slot) return outputs[slot.output] as Value;
      if ("words" in slot) return value(`${at.name}.table`, [slot.words.length], { dtype: "u32", ...slot });
      const known = scratch.get(slot.scratch) ?? value(`${at.name}.scratch${slot.scratch}`, slot.shape);
      scratch.set(slot.scratch, known);
      return known;
    };
    const calls = opNamed(at.op).calls(at);
    calls.forEach((call: Call, i) => {
      const tensors = Object.fromEntries(Object.entries(call.tensors).map(([name, slot]) => [name, resolve(slot)]));
      const name = calls.length > 1 ? `${at.name}.${call.kernel}` : at.name;
      const { kernel, sizes, variant = {} } = call;
      this.work.push({ name: i === 0 ? at.name : name, kernel, sizes, variant, tensors, runs: this.#runs, slices: 1 });
    });
  }

  /** Leaves a root's value at its home: computed there, or copied where it already lies elsewhere. */
  settle({ node: at, home }: Root): Value {
    const made = this.valueOf(at);
    if (!home) return made;
    const computed = this.work.some((work) => Object.values(writes(work)).includes(made));
    if (!computed || made.home) return this.copy(made, `${at.name}.copy`, home);
    made.home = home;
    return made;
  }

  /** A copy of a value, where a root wants it or wherever the plan likes. */
  copy(made: Value, name: string, home?: Home): Value {
    const target = value(name, made.shape, home ? { home } : {});
    const variant = elementwiseVariant(elementwiseNamed("identity"));
    const tensors = { x: made, y: target };
    this.work.push({ name, kernel: "map", sizes: matrix(made.shape), variant, tensors, runs: this.#runs, slices: 1 });
    return target;
  }

  /** Assigns all at once: a leaf that an assignment before its own may overwrite is set aside first. */
  assign(roots: readonly Root[]): Value[] {
    const made = roots.map(({ node: at }) => this.valueOf(at));
    const old = made.map((from) => (from.home && roots.length > 1 ? this.copy(from, `${from.name}.old`) : from));
    return roots.map(({ node: at, home }, i) => this.copy(old[i] as Value, `${at.name}.copy`, home));
  }
}

/** The values a piece of work writes, by binding. */
export function writes(work: Work): Record<string, Value> {
  const accesses = kernelNamed(work.kernel).bindings(work.sizes, work.variant.consts ?? {});
  const entries = Object.entries(work.tensors).filter(
    ([name]) => accesses[name] !== undefined && accesses[name].mode !== "read",
  );
  for (const [name, at] of Object.entries(work.tensors)) {
    if (work.variant.extra?.some((extra) => extra.name === name && extra.access === "read_write"))
      entries.push([name, at]);
  }
  return Object.fromEntries(entries);
}

/** The values it reads, by binding (what it updates included). */
export function reads(work: Work): Record<string, Value> {
  const accesses = kernelNamed(work.kernel).bindings(work.sizes, work.variant.consts ?? {});
  const written = writes(work);
  return Object.fromEntries(
    Object.entries(work.tensors).filter(
      ([name]) =>
        written[name] === undefined || accesses[name]?.mode === "update" || work.updated?.includes(name) === true,
    ),
  );
}

/** Work none of whose results is wanted, or read by work that is, goes. */
function withoutDead(work: readonly Work[], wanted: ReadonlySet<Value>): Work[] {
  const live = new Set(wanted);
  const kept: Work[] = [];
  for (const at of work.toReversed()) {
    const written = Object.values(writes(at));
    const needed = written.some((value) => live.has(value) || value.home?.buffer === "parameters");
    if (!needed) continue;
    kept.push(at);
    for (const value of Object.values(reads(at))) live.add(value);
  }
  return kept.toReversed();
}

export interface Lowered {
  readonly work: readonly Work[];
  /** The roots' values. */
  readonly values: readonly Value[];
}

/**
 * The work that computes the roots, one dispatch a call, in graph order; roots with homes are left there. Assignments
 * to variables come last, so that everything in the step still reads the old value.
 */
export function lower(roots: readonly Root[], homes: ReadonlyMap<Node, Home>, runs: Range): Lowered {
  const lowering = new Lowering(homes, runs);
  for (const at of order(roots.map(({ node }) => node))) lowering.lower(at);
  const taken = new Set([...homes.values()].map(({ buffer, offset }) => `${buffer} ${offset}`));
  const isAssignment = ({ home }: Root): boolean => home !== undefined && taken.has(`${home.buffer} ${home.offset}`);
  const made = new Map<Root, Value>();
  for (const root of roots) if (!isAssignment(root)) made.set(root, lowering.settle(root));
  const assigned = roots.filter(isAssignment);
  lowering.assign(assigned).forEach((value, i) => void made.set(assigned[i] as Root, value));
  const values = roots.map((root) => made.get(root) as Value);
  return { work: withoutDead(lowering.work, new Set(values)), values };
}
