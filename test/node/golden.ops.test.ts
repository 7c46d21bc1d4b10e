// Known answers of PyTorch, in f64, for single ops: what references and derivatives say of the same numbers.
import { describe, expect, it } from "vitest";
import { eluOf, leakyReluOf } from "../../src/activations/index.ts";
import { gradient } from "../../src/autodiff.ts";
import { input, type Node, node, parameter } from "../../src/graph/node.ts";
import { activations } from "../../src/ops/activation.ts";
import { layerNormOf } from "../../src/ops/layer_norm.ts";
import { multiply } from "../../src/ops/multiply.ts";
import { sum } from "../../src/ops/sum.ts";
import json from "../golden/ops.json?raw";
import { evaluate } from "./support/evaluate.ts";
import { worst } from "./support/numbers.ts";

interface Golden {
  readonly activations: {
    readonly x: number[];
    readonly known: Readonly<Record<string, { readonly y: number[]; readonly slope: number[] }>>;
  };
  readonly layerNorm: {
    readonly x: number[][];
    readonly gain: number[];
    readonly bias: number[];
    readonly u: number[][];
    readonly known: Readonly<
      Record<string, { eps: number; y: number[][]; dx: number[][]; dgain: number[]; dbias: number[] }>
    >;
  };
}
const golden = JSON.parse(json) as Golden;

/** f64 rounding: some 16 operations on numbers as large as `size`. */
const F64 = 16 * 2 ** -53;
const close = (got: readonly number[], want: readonly number[], size: (i: number) => number): void => {
  const found = worst(got, want, (_, i) => F64 * size(i));
  expect(found.over, JSON.stringify(found)).toBeLessThanOrEqual(0);
};

describe("activations", () => {
  const { x, known } = golden.activations;
  // Members that only these names ask for.
  const leaf = parameter("x", [x.length]);
  leakyReluOf(leaf, 0.2);
  eluOf(leaf, 0.5);

  it("every one but those of whole trainings is known", () => {
    const others = ["relu", "sigmoid", "tanh"];
    expect([...activations.keys()].filter((name) => !known[name]).toSorted()).toEqual(others);
  });

  // PyTorch's own gelu cancels in the tail and so is within rounding of x, not of its result.
  it.each(Object.keys(known))("%s and its slope", (name) => {
    const y = node(name, leaf.shape, { inputs: [leaf] });
    const [found, [slope]] = [
      evaluate([y], new Map([[leaf, x]])),
      evaluate(gradient(sum(y), [leaf]), new Map<Node, number[]>([[leaf, x]])) as [number[]],
    ];
    const { y: want, slope: wanted } = known[name] as { y: number[]; slope: number[] };
    close(found[0] as number[], want, (i) => Math.max(1, Math.abs(x[i] as number)));
    close(slope, wanted, (i) => Math.max(1, Math.abs(x[i] as number)));
  });
});

describe("layer norm", () => {
  const { x, gain, bias, u, known } = golden.layerNorm;
  const leaves = [parameter("x", [4, 6]), parameter("gain", [6]), parameter("bias", [6])] as [Node, Node, Node];
  const weights = input("u", [4, 6]);
  const given = new Map<Node, number[]>([
    [leaves[0], x.flat()],
    [leaves[1], gain],
    [leaves[2], bias],
    [weights, u.flat()],
  ]);

  it.each(Object.keys(known))("with eps %s, and its gradients", (name) => {
    const { eps, y, dx, dgain, dbias } = known[name] as (typeof known)[string];
    const node = layerNormOf(...leaves, eps);
    const found = evaluate([node, ...gradient(sum(multiply(node, weights)), leaves)], given);
    // Of numbers up to about 10.
    [y.flat(), dx.flat(), dgain, dbias].forEach((want, i) => void close(found[i] as number[], want, () => 10));
  });
});
