// Known answers of PyTorch, in f64, for single ops: what references and derivatives say of the same numbers.
import { describe, expect, it } from "vitest";
import { eluOf, leakyReluOf } from "../../src/activations/index.ts";
import { openCpu } from "../../src/backend/cpu.ts";
import { dataset } from "../../src/data/index.ts";
import { gradient } from "../../src/autodiff.ts";
import { input, type Node, node, parameter } from "../../src/graph/node.ts";
import { activations } from "../../src/ops/activation.ts";
import {
  binaryCrossEntropy,
  crossEntropy,
  elu,
  huber,
  layerNorm,
  linear,
  type Loss,
  loadLoss,
  lossOf,
  meanAbsoluteError,
  meanSquaredError,
  silu,
} from "../../src/nn/index.ts";
import { metricsOf } from "../../src/ops/loss.ts";
import { layerNormOf } from "../../src/ops/layer_norm.ts";
import { multiply } from "../../src/ops/multiply.ts";
import { sum } from "../../src/ops/sum.ts";
import { sgd } from "../../src/optim/index.ts";
import { Population } from "../../src/train/population.ts";
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
  readonly targetLosses: {
    readonly z: number[][];
    readonly targets: number[][];
    readonly odds: number[][];
    readonly weights: number[];
    readonly binaryAccuracy: number;
    readonly known: Readonly<Record<string, Readonly<Record<"plain" | "weighted", { loss: number; dz: number[][] }>>>>;
  };
  readonly crossEntropy: {
    readonly z: number[][];
    readonly labels: number[];
    readonly classes: number[];
    readonly weights: number[];
    readonly known: Readonly<
      Record<string, { smoothing: number; byClass: boolean; byRow: boolean; loss: number; dz: number[][] }>
    >;
  };
  readonly training: {
    readonly start: Readonly<Record<string, number[] | number[][]>>;
    readonly x: number[][];
    readonly labels: number[];
    readonly classes: number[];
    readonly batches: number[][];
    readonly losses: number[];
    readonly end: Readonly<Record<string, number[] | number[][]>>;
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

/** What f32 makes of a number that shaders get by a uniform, relative. */
const F32 = 2 ** -24;

/** A loss, its gradient in z and the batch's mean accuracy, with weights of rows or without. */
async function lossAndGradient(
  spec: Loss,
  { z, against, weights, dtype }: { z: number[][]; against: number[]; weights?: number[]; dtype: "f32" | "u32" },
) {
  const [rows, cols] = [z.length, (z[0] as number[]).length];
  const leaf = parameter("z", [rows, cols]);
  const other = input("against", dtype === "u32" ? [rows] : [rows, cols], dtype);
  const samples = input("samples", [rows, 1]);
  await loadLoss(spec, weights !== undefined);
  const loss = lossOf(spec, leaf, other, weights ? { samples, mean: () => -1 } : undefined);
  const given = new Map<Node, number[]>([
    [leaf, z.flat()],
    [other, against],
    [samples, weights ?? []],
  ]);
  if (!weights) given.delete(samples);
  const [value, dz, metrics] = evaluate([loss, ...gradient(loss, [leaf]), metricsOf(loss)], given);
  const hits = metrics?.slice(rows) as number[];
  return { loss: value?.[0] as number, dz: dz as number[], accuracy: hits.reduce((sum, hit) => sum + hit, 0) / rows };
}

// Factors such as 1 / (rows cols) are powers of two here; shares of smoothing and deltas are rounded to f32 once.
const near = (got: number, want: number): void =>
  expect(Math.abs(got - want), `${got}, expected ${want}`).toBeLessThanOrEqual(4 * F32 * Math.abs(want) + F64);
const nearAll = (got: readonly number[], want: readonly number[]): void => {
  const found = worst(got, want, (w) => 4 * F32 * Math.abs(w) + 2 * F32 * 0.1 + F64);
  expect(found.over, JSON.stringify(found)).toBeLessThanOrEqual(0);
};

describe("losses against targets", () => {
  const { z, targets, odds, weights, known, binaryAccuracy } = golden.targetLosses;
  const specs: Readonly<Record<string, Loss>> = {
    meanSquaredError: meanSquaredError(),
    meanAbsoluteError: meanAbsoluteError(),
    huber: huber(),
    "huber 0.25": huber({ delta: 0.25 }),
    binaryCrossEntropy: binaryCrossEntropy(),
    "binaryCrossEntropy 3": binaryCrossEntropy({ posWeight: 3 }),
    "binaryCrossEntropy each": binaryCrossEntropy({ posWeight: [3, 0.5, 1, 1.5] }),
  };
  it("are all known", () => {
    expect(Object.keys(known).toSorted()).toEqual(Object.keys(specs).toSorted());
  });

  it.each(Object.keys(specs))("%s: the mean over batch and columns, and over the sum of the weights", async (name) => {
    const against = (name.startsWith("binaryCrossEntropy") ? odds : targets).flat();
    const { plain, weighted } = known[name] as (typeof known)[string];
    const one = await lossAndGradient(specs[name] as Loss, { z, against, dtype: "f32" });
    close([one.loss, ...one.dz], [plain.loss, ...plain.dz.flat()], () => 1);
    expect(one.accuracy).toBe(name.startsWith("binaryCrossEntropy") ? binaryAccuracy : 0);
    const other = await lossAndGradient(specs[name] as Loss, { z, against, weights, dtype: "f32" });
    close([other.loss, ...other.dz], [weighted.loss, ...weighted.dz.flat()], () => 1);
  });
});

describe("cross-entropy", () => {
  const { z, labels, classes, weights, known } = golden.crossEntropy;
  it.each(Object.keys(known))("%s", async (name) => {
    const { smoothing, byClass, byRow, loss, dz } = known[name] as (typeof known)[string];
    const spec = crossEntropy({ labelSmoothing: smoothing, ...(byClass ? { classWeights: classes } : {}) });
    const found = await lossAndGradient(spec, { z, against: labels, dtype: "u32", ...(byRow ? { weights } : {}) });
    near(found.loss, loss);
    nearAll(found.dz, dz.flat());
  });
});

describe("a training with layer norm, silu, elu, smoothed labels and weighted classes", () => {
  const { start, x, labels, classes, batches, losses, end } = golden.training;
  const rows = batches.flat();
  const data = dataset({
    ...{ name: "golden ops", outputs: 3, shuffle: false, split: { train: rows.length } },
    x: Float32Array.from(rows.flatMap((row) => x[row] as number[])),
    y: Uint32Array.from(rows, (row) => labels[row] as number),
  });
  const model = [linear(5), layerNorm(), silu(), linear(5), elu(), linear(3)];
  const loss = crossEntropy({ labelSmoothing: 0.125, classWeights: classes });
  const names: Readonly<Record<string, string>> = {
    ...{ "layer1.w": "w1", "layer1.b": "b1", "layer2.gain": "gain", "layer2.bias": "bias" },
    ...{ "layer4.w": "w2", "layer4.b": "b2", "layer6.w": "w3", "layer6.b": "b3" },
  };

  it.each([true, false])("is PyTorch's, fused %s", async (fused) => {
    const runs = [{ optimizer: sgd({ lr: 0.25 }), init: 1, order: 1 }];
    const options = { batch: 4, steps: batches.length, order: "sequential", runs, fused } as const;
    const population = await Population.open(openCpu({ precision: 64 }), { data, model, loss }, options);
    const { segments, size } = population.arenas;
    const all = new Float32Array(size);
    for (const { name, offset, rows: count, cols, pitch } of segments) {
      const values = [start[names[name] as string] as number[][]].flat(2);
      for (let i = 0; i < count; i++) all.set(values.slice(i * cols, (i + 1) * cols), offset + i * pitch);
    }
    population.storage.write("parameters", all);
    const { buffer, stride } = population.program.metrics as { buffer: string; stride: number };
    await population.advance(0, batches.length);
    const sums = await population.storage.read(buffer);
    const numbers = await population.storage.read("parameters");
    // eps, the share of smoothing and 1 / rows are rounded to f32; eight steps of a loss that is no chaos pass that on.
    const allowed = (want: number) => 16 * F32 * Math.max(Math.abs(want), 0.1);
    losses.forEach((want, t) => {
      const got = (sums[t * stride] as number) / 4;
      expect(Math.abs(got - want), `step ${t}: ${got}, expected ${want}`).toBeLessThanOrEqual(allowed(want));
    });
    for (const { name, offset, cols, pitch, rows: count } of segments) {
      const want = [end[names[name] as string] as number[][]].flat(2);
      for (let i = 0; i < count * cols; i++) {
        const got = numbers[offset + Math.floor(i / cols) * pitch + (i % cols)] as number;
        const wanted = want[i] as number;
        expect(Math.abs(got - wanted), `${name} [${i}]: ${got}, expected ${wanted}`).toBeLessThanOrEqual(
          allowed(wanted),
        );
      }
    }
    population.dispose();
  });
});
