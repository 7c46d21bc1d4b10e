// Inverted dropout: what is dropped is a function of (run seed, layer stream, step, logical element), so backward needs no mask.
import wgsl from "../../shaders/ops/dropout.wgsl?raw";
import { fail } from "../core/check.ts";
import { block } from "../core/random.ts";
import { type Node, node } from "../graph/node.ts";
import { exact } from "../kernel/bound.ts";
import { specialize } from "../kernel/source.ts";
import { defineElementwise, type Elementwise, elementwise, elementwiseCalls, type Spot } from "./elementwise.ts";
import { defineOp } from "./op.ts";

/** Layers' streams begin here: those of parameters, whose starts are drawn at step 0, count from 0. */
const STREAMS = 0x80000000;

export interface Dropout {
  /** The share that is dropped, in [0, 1). */
  readonly rate: number;
  /** The layer's number among those with randomness of their own, from 0. */
  readonly stream: number;
}

const TABLES = [
  { name: "step", type: "Step", access: "read" },
  { name: "runs", type: "array<Run>", access: "read" },
] as const;

const leastOf = (rate: number): number => Math.round(rate * 2 ** 32);

/** Whether an element is kept: words of a quad's block are its four elements'. */
function keeps({ rate, stream }: Dropout, { i, j, cols, context }: Spot): boolean {
  const quad = i * Math.ceil(cols / 4) + Math.floor(j / 4);
  const words = block(context.noise, STREAMS + stream, context.t, quad);
  return (words[j % 4] as number) >= leastOf(rate);
}

/** Fragments of two layers may meet in one kernel: every name they declare gets rate and stream. */
function textOf({ rate, stream }: Dropout, suffix: string): string {
  const text = specialize("dropout", wgsl, {
    DROPOUT_STREAM: STREAMS + stream,
    DROPOUT_LEAST: leastOf(rate),
    DROPOUT_SCALE: Math.fround(1 / (1 - rate)),
  });
  return text.replace(/\b(dropout|DROPOUT_[A-Z]+)\b/g, `$1${suffix}`);
}

/** The elementwise function of a layer, declared when it is first asked for. */
export function dropoutFunction(of: Dropout): Elementwise {
  const name = `dropout ${of.rate} stream ${of.stream}`;
  const known = elementwise.get(name);
  if (known) return known;
  const suffix = `_${String(of.rate).replace("-", "m").replace(/\W/g, "_")}_${of.stream}`;
  const scale = Math.fround(1 / (1 - of.rate));
  return defineElementwise({
    name,
    inputs: 1,
    call: `dropout${suffix}`,
    placed: (columns) => `dropout${suffix}(v, at, row, column, ${columns})`,
    extra: TABLES,
    wgsl: textOf(of, suffix),
    reference: (a, _, spot) => (keeps(of, spot) ? scale * a : 0),
    bound: (by, a, _, spot) => (keeps(of, spot) ? by.multiply(exact(scale), a) : exact(0)),
  });
}

/** Each element of x with probability rate 0, else divided by 1 - rate: its mean over masks is x. Throws for a rate outside [0, 1). */
export function dropoutOf(x: Node, { rate, stream }: Dropout): Node {
  if (!(rate >= 0 && rate < 1)) fail("dropout", `rate is ${rate}, expected a number in [0, 1)`);
  return node("dropout", x.shape, { inputs: [x], attributes: { rate, stream } });
}

// Linear, and by the same mask: the gradient is dropped where x was.
defineOp({
  name: "dropout",
  calls: (at) => elementwiseCalls(dropoutFunction(at.attributes as unknown as Dropout), at),
  derivative: (at, dy) => [dropoutOf(dy, at.attributes as unknown as Dropout)],
});
