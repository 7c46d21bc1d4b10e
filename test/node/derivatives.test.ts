// Every derivative of every op and activation, in f64: against central differences, and J and J' against each other.
import { describe, expect, it } from "vitest";
import "../../src/activations/index.ts";
import { gradient } from "../../src/autodiff.ts";
import { FallLineError } from "../../src/core/check.ts";
import type { Shape } from "../../src/core/shape.ts";
import { constant, input, type Node, parameter } from "../../src/graph/node.ts";
import { activations } from "../../src/ops/activation.ts";
import { add } from "../../src/ops/add.ts";
import { biasAdd, columnSums } from "../../src/ops/bias.ts";
import { softmaxCrossEntropy } from "../../src/ops/cross_entropy.ts";
import { dropoutOf } from "../../src/ops/dropout.ts";
import { gather } from "../../src/ops/gather.ts";
import { layerNormOf } from "../../src/ops/layer_norm.ts";
import { matmul } from "../../src/ops/matmul.ts";
import { multiply } from "../../src/ops/multiply.ts";
import { ops } from "../../src/ops/op.ts";
import { scale, spread } from "../../src/ops/scale.ts";
import { softmax } from "../../src/ops/softmax.ts";
import { meanAbsoluteError } from "../../src/ops/absolute_error.ts";
import { binaryCrossEntropy } from "../../src/ops/binary_cross_entropy.ts";
import { huber } from "../../src/ops/huber.ts";
import { weightedBinaryCrossEntropy } from "../../src/ops/weighted_binary_cross_entropy.ts";
import { softCrossEntropy } from "../../src/ops/soft_cross_entropy.ts";
import { meanSquaredError } from "../../src/ops/squared_error.ts";
import { squaredNorm, sum } from "../../src/ops/sum.ts";
import { node } from "../../src/graph/node.ts";
import { Machine } from "./support/evaluate.ts";
import { awayFromZero, dot, worst } from "./support/numbers.ts";

// Every module of ops, so that an op that is added is asked for an example here without anyone's thinking of it.
import.meta.glob("../../src/ops/*.ts", { eager: true });

interface Example {
  readonly op: string;
  readonly label?: string;
  /** Shapes of the inputs that have a derivative. */
  readonly shapes: readonly Shape[];
  readonly build: (inputs: readonly Node[], machine: Machine) => Node;
}

type Two = readonly [Node, Node];

const labels = [2, 0, 1, 2];

// Rows and columns of losses are powers of two, so that 1 / rows is exact in f32 and a loss' factor is its gradient's.
const examples: readonly Example[] = [
  {
    op: "add",
    shapes: [
      [2, 3],
      [2, 3],
    ],
    build: (x) => add(...(x as Two)),
  },
  { op: "add", label: "to itself", shapes: [[2, 3]], build: ([x]) => add(x as Node, x as Node) },
  {
    op: "multiply",
    shapes: [
      [3, 5],
      [3, 5],
    ],
    build: (x) => multiply(...(x as Two)),
  },
  { op: "multiply", label: "with itself", shapes: [[7]], build: ([x]) => multiply(x as Node, x as Node) },
  { op: "scale", shapes: [[3, 5]], build: ([x]) => scale(x as Node, -0.3) },
  { op: "spread", shapes: [[]], build: ([x]) => spread(x as Node, [3, 5], 0.7) },
  { op: "sum", shapes: [[9, 13]], build: ([x]) => sum(x as Node, 0.3) },
  { op: "sum", label: "of squares", shapes: [[9, 13]], build: ([x]) => squaredNorm(x as Node) },
  { op: "biasAdd", shapes: [[3, 5], [5]], build: (x) => biasAdd(...(x as Two)) },
  { op: "dropout", shapes: [[3, 5]], build: ([x]) => dropoutOf(x as Node, { rate: 0.4, stream: 2 }) },
  {
    op: "layerNorm",
    shapes: [[3, 5], [5], [5]],
    build: ([x, gain, bias]) => layerNormOf(x as Node, gain as Node, bias as Node, 0.5),
  },
  { op: "columnSums", shapes: [[3, 5]], build: ([x]) => columnSums(x as Node) },
  {
    op: "matmul",
    shapes: [
      [3, 5],
      [5, 2],
    ],
    build: (x) => matmul(...(x as Two)),
  },
  {
    op: "matmul",
    label: "nt",
    shapes: [
      [3, 5],
      [2, 5],
    ],
    build: (x) => matmul(...(x as Two), { layout: "nt" }),
  },
  {
    op: "matmul",
    label: "tn",
    shapes: [
      [5, 3],
      [5, 2],
    ],
    build: (x) => matmul(...(x as Two), { layout: "tn" }),
  },
  { op: "matmul", label: "with itself", shapes: [[3, 3]], build: ([x]) => matmul(x as Node, x as Node) },
  {
    op: "crossEntropy",
    shapes: [[4, 3]],
    build: ([z], machine) => softmaxCrossEntropy(z as Node, machine.leaf(input("labels", [4], "u32"), labels)),
  },
  {
    op: "squaredError",
    shapes: [[4, 8]],
    build: ([z], machine) =>
      meanSquaredError(z as Node, machine.leaf(input("targets", [4, 8]), awayFromZero([4, 8], 9))),
  },
  {
    op: "softCrossEntropy",
    shapes: [[4, 3]],
    build: ([z], machine) => {
      const weights = machine.leaf(input("weights", [4]), [0.5, 2, 0, 1.5]);
      // A smoothing whose share for each of three classes f32 holds exactly.
      const attributes = { smoothing: 0.375, classes: [1, 0.25, 3] };
      return softCrossEntropy(z as Node, machine.leaf(input("labels", [4], "u32"), labels), weights, attributes);
    },
  },
  ...(
    [
      ["absoluteError", meanAbsoluteError],
      ["huber", (z, targets, weights) => huber(z, targets, 0.5, weights)],
      ["binaryCrossEntropy", binaryCrossEntropy],
      [
        "weightedBinaryCrossEntropy",
        (z, targets, weights) => weightedBinaryCrossEntropy(z, targets, [3, 0.5, 1, 2, 1.5, 1, 4, 0.25], weights),
      ],
    ] as readonly [string, (z: Node, targets: Node, weights: Node) => Node][]
  ).map(
    ([op, of]): Example => ({
      op,
      shapes: [[4, 8]],
      // Targets so far from z that no difference along the way passes 0 or delta.
      build: ([z], machine) =>
        of(
          z as Node,
          machine.leaf(
            input("targets", [4, 8]),
            awayFromZero([4, 8], 9).map((x) => x + 4 * Math.sign(x)),
          ),
          machine.leaf(input("weights", [4]), [0.5, 2, 0, 1.5]),
        ),
    }),
  ),
  ...[...activations.keys()].flatMap((op): Example[] => [
    { op, shapes: [[3, 5]], build: ([x]) => node(op, [3, 5], { inputs: [x as Node] }) },
    {
      op: `${op}_derivative`,
      shapes: [[3, 5]],
      build: ([dy], machine) => {
        // What was saved: an output of the activation, or an input; 0.05 to 0.95 can be either.
        const saved = machine.leaf(
          input("saved", [3, 5]),
          awayFromZero([3, 5], 5).map((x) => 0.05 + 0.6 * Math.abs(x)),
        );
        return node(`${op}_derivative`, [3, 5], { inputs: [dy as Node, saved] });
      },
    },
  ]),
];

const titled = examples.map((example): [string, Example] => [
  [example.op, example.label].filter(Boolean).join(" "),
  example,
]);

/** An op on leaves x with y = f(x), a fixed u and the scalar <y, u>. */
class Probe {
  readonly machine = new Machine();
  readonly inputs: readonly Node[];
  readonly start: readonly (readonly number[])[];
  readonly y: Node;
  readonly u: readonly number[];
  readonly paired: Node;

  constructor({ shapes, build }: Example) {
    this.inputs = shapes.map((shape, i) => parameter(`x${i}`, shape));
    this.start = shapes.map((shape, i) => awayFromZero(shape, 1, i));
    this.inputs.forEach((x, i) => void this.machine.leaf(x, this.start[i] as number[]));
    this.y = build(this.inputs, this.machine);
    this.u = awayFromZero(this.y.shape, 2);
    this.paired = this.against(this.y, this.u);
  }

  /** <of, u> as a node. */
  against(of: Node, u: readonly number[]): Node {
    return sum(multiply(of, this.machine.leaf(input("u", of.shape), u)));
  }

  /** The values of a node as a function of all inputs. */
  function(of: Node): (x: readonly (readonly number[])[]) => number[] {
    const planned = this.machine.plan([of]);
    return (x) => {
      this.inputs.forEach((leaf, i) => void this.machine.write(leaf, x[i] as number[]));
      return this.machine.run(planned)[0] as number[];
    };
  }

  gradients(of: Node): number[][] {
    this.inputs.forEach((leaf, i) => void this.machine.write(leaf, this.start[i] as number[]));
    return this.machine.run(this.machine.plan(gradient(of, this.inputs)));
  }

  /** Central differences of a scalar at the start, h = 6e-6 max(1, |x|). */
  differences(of: Node): number[][] {
    const f = this.function(of);
    return this.start.map((values, i) =>
      values.map((value, j) => {
        const h = 6e-6 * Math.max(1, Math.abs(value));
        const moved = (by: number) => this.start.map((x, k) => (k === i ? x.with(j, value + by) : x));
        return ((f(moved(h))[0] as number) - (f(moved(-h))[0] as number)) / (2 * h);
      }),
    );
  }
}

// Truncation h^2 f''' / 6 is 1e-11 of the derivative for such functions, rounding 2^-52 |f| / h with |f| < 100 at most 4e-9 and
// in these examples below 1e-10: an rtol of 1e-6 sees any wrong term, and 1e-9 lets a derivative be 0.
const near = (got: readonly number[][], want: readonly number[][]): void => {
  expect(got.length).toBe(want.length);
  got.forEach((values, i) => {
    expect(
      worst(values, want[i] as number[], (w) => 1e-6 * Math.abs(w) + 1e-9),
      `input ${i}`,
    ).toMatchObject({
      over: expect.toSatisfy((over: number) => over <= 0),
    });
  });
};

/**
 * J v from f alone: differences along v at s = 1/4, 1/8 ... 1/64, extrapolated to s = 0 (Richardson). Exact but for rounding for
 * polynomials up to degree 10; for the others 2^-40 of the 11th derivative / 11!. Rounding: the last differences are
 * divided by 2/64 and weighted by less than 1.5, so about 50 x 2^-53 x the roundings of f: 1e-14 of |f| a rounding.
 */
function along(
  f: (x: readonly (readonly number[])[]) => number[],
  x: readonly (readonly number[])[],
  v: readonly (readonly number[])[],
): number[] {
  const moved = (s: number) =>
    x.map((values, i) => values.map((value, j) => value + s * ((v[i] as number[])[j] as number)));
  let table: number[][] = [];
  for (let k = 0; k < 5; k++) {
    const s = 2 ** (-2 - k);
    const [up, down] = [f(moved(s)), f(moved(-s))];
    const row = [up.map((value, i) => (value - (down[i] as number)) / (2 * s))];
    table.forEach((before, m) => {
      const last = row[m] as number[];
      row.push(last.map((value, i) => value + (value - (before[i] as number)) / (4 ** (m + 1) - 1)));
    });
    table = row;
  }
  return table[table.length - 1] as number[];
}

describe("derivatives", () => {
  it("every op with a derivative has an example", () => {
    const differentiable = [...ops.values()].filter(({ derivative }) => derivative).map(({ name }) => name);
    const shown = new Set(examples.map(({ op }) => op));
    expect(differentiable.length).toBeGreaterThan(10);
    expect(differentiable.filter((name) => !shown.has(name))).toEqual([]);
    expect([...shown].filter((name) => !ops.get(name)?.derivative)).toEqual([]);
  });

  describe.each(titled)("%s", (_, example) => {
    it("equals central differences", () => {
      const probe = new Probe(example);
      near(probe.gradients(probe.paired), probe.differences(probe.paired));
    });

    // <J v, u> = <v, J' u>: J v from values of f, J' u from the derivative.
    it("is the adjoint of f's own linear part", () => {
      const probe = new Probe(example);
      // No x + s v with |s| <= 1/4 changes its sign, so none crosses a kink at 0.
      const v = probe.start.map((x, i) =>
        awayFromZero([x.length], 3, i).map((value, j) => (value / 1.45) * Math.min(1, Math.abs(x[j] as number))),
      );
      const transposed = probe.gradients(probe.paired);
      const f = probe.function(probe.y);
      const y = f(probe.start);
      const left = dot(along(f, probe.start, v), probe.u);
      const right = transposed.reduce((total, values, i) => total + dot(values, v[i] as number[]), 0);
      const size = 1 + y.reduce((total, value, i) => total + Math.abs(value * (probe.u[i] as number)), 0);
      expect(Math.abs(left - right)).toBeLessThanOrEqual(1e-12 * size);
    });

    it("has a derivative of its own, or says that it has none", () => {
      const probe = new Probe(example);
      const first = gradient(probe.paired, probe.inputs);
      const scalar = first.map((g, i) => probe.against(g, awayFromZero(g.shape, 4, i))).reduce((a, b) => add(a, b));
      const differences = probe.differences(scalar);
      try {
        near(probe.gradients(scalar), differences);
      } catch (error) {
        if (!(error instanceof FallLineError)) throw error;
        if (/does not depend on/.test(error.message)) {
          // Partly linear: what it does not depend on has second derivative 0.
          const inputOf = /does not depend on (x\d)/.exec(error.message)?.[1] as string;
          for (const value of differences[Number(inputOf.slice(1))] as number[])
            expect(Math.abs(value)).toBeLessThan(1e-9);
        } else {
          expect(error.message).toContain(example.op);
        }
      }
    });
  });
});

describe("gradient", () => {
  const x = parameter("x", [2, 2]);

  it.each<[string, () => unknown, string]>([
    ["no scalar", () => gradient(scale(x, 2), [x]), "gradient: scale [2, 2] is not one number; take its sum or mean"],
    [
      "no dependence",
      () => gradient(sum(x), [x, parameter("layer3.b", [2])]),
      "gradient: sum does not depend on layer3.b; was the layer used?",
    ],
    [
      "an op without a derivative",
      () => gradient(sum(softmax(x)), [x]),
      "gradient: softmax: softmax has no derivative",
    ],
    [
      "gathering from a parameter",
      () => {
        const source = { data: x, rows: input("rows", [1], "u32"), scale: constant(1, [2]), shift: constant(0, [2]) };
        return gradient(sum(gather(source)), [x]);
      },
      "gradient: x: gather has no derivative",
    ],
    [
      "targets that depend on a parameter",
      () => gradient(meanSquaredError(scale(x, 2), scale(x, 3)), [x]),
      "gradient: loss: squaredError has no derivative with respect to scale",
    ],
    [
      "a loss' own gradient",
      () => {
        const [dz] = gradient(meanSquaredError(x, constant(0, [2, 2])), [x]) as [Node];
        return gradient(sum(dz), [x]);
      },
      "gradient: loss.dz: squaredError has no second derivative; use the loss itself",
    ],
    [
      "an activation's second derivative",
      () => {
        const [dx] = gradient(sum(node("tanh", [2, 2], { inputs: [x], name: "h" })), [x]) as [Node];
        return gradient(sum(dx), [x]);
      },
      "gradient: h.derivative: tanh_derivative has no derivative with respect to h",
    ],
  ])("%s is an error", (_, act, message) => {
    expect(act).toThrow(message);
  });

  it("is 1 for the loss itself and reaches nodes within the graph", () => {
    const machine = new Machine();
    machine.leaf(x, [1, 2, 3, 4]);
    const inner = scale(x, 3);
    const loss = squaredNorm(inner);
    const [dLoss, dInner, dx] = machine.run(machine.plan(gradient(loss, [loss, inner, x])));
    expect(dLoss).toEqual([1]);
    expect(dInner).toEqual([6, 12, 18, 24]);
    expect(dx).toEqual([18, 36, 54, 72]);
  });
});
