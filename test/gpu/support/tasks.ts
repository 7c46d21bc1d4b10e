// Small tasks of every kind the tests share: widths that are no multiple of 4, bytes and floats, labels and targets.
import { uniform } from "../../../src/core/random.ts";
import { type Dataset, dataset } from "../../../src/data/dataset.ts";
import { blobs, sine, spirals } from "../../../src/data/synthetic.ts";
import {
  binaryCrossEntropy,
  crossEntropy,
  dropout,
  elu,
  gelu,
  huber,
  type Layer,
  layerNorm,
  leakyRelu,
  linear,
  meanAbsoluteError,
  meanSquaredError,
  relu,
  residual,
  selu,
  sigmoid,
  silu,
  softplus,
  tanh,
} from "../../../src/nn/index.ts";
import {
  adam,
  adamw,
  chain,
  clipByGlobalNorm,
  cosine,
  descend,
  type Optimizer,
  scaleByAdam,
  sgd,
  weightDecay,
} from "../../../src/optim/index.ts";
import type { RunSpec } from "../../../src/train/population.ts";
import type { Task } from "../../../src/train/task.ts";

/** Digits in small: bytes [count, features], a pattern a class with noise over it, scaled to [0, 1]. */
export function glyphs(options: { count?: number; features?: number; classes?: number } = {}): Dataset {
  const { count = 100, features = 21, classes = 5 } = options;
  const y = Uint32Array.from({ length: count }, (_, i) => i % classes);
  const x = Uint8Array.from({ length: count * features }, (_, at) => {
    const [row, feature] = [Math.floor(at / features), at % features];
    const lit = uniform(11, 900, (row % classes) * features + feature, 0) < 0.4 ? 1 : 0;
    return Math.floor(255 * (0.7 * lit + 0.3 * uniform(12, 901, at, 0)));
  });
  return dataset({ name: "glyphs", x, y, outputs: classes, scale: 1 / 255, seed: 1 });
}

/** Two smooth functions of three numbers, as f32 targets [count, 2]. */
export function waves(count = 90): Dataset {
  const x = Float32Array.from({ length: count * 3 }, (_, at) => 2 * uniform(13, 902, at, 0) - 1);
  const y = Float32Array.from({ length: count * 2 }, (_, at) => {
    const row = x.subarray(3 * Math.floor(at / 2), 3 * Math.floor(at / 2) + 3);
    const [a = 0, b = 0, c = 0] = row;
    return at % 2 === 0 ? Math.sin(2 * a) + b : a * b - c;
  });
  return dataset({ name: "waves", x, y, outputs: 2, seed: 2 });
}

/** Whether waves are high, as odds: 0, 1, now and then in between. */
export function questions(count = 70): Dataset {
  const { x, y } = waves(count);
  const odds = Float32Array.from(y, (value, at) => (at % 9 === 0 ? 0.75 : value > 0 ? 1 : 0));
  return dataset({ name: "questions", x, y: odds, outputs: 2, seed: 3 });
}

/** The same rows with weights from 0 to 3. */
export function weighted({ x, y, outputs, classes, ...rest }: Dataset): Dataset {
  const weights = Float32Array.from({ length: rest.count }, (_, i) => (i % 7 === 0 ? 0 : 3 * uniform(14, 903, i, 0)));
  const names = classes ? { classes } : { outputs };
  return dataset({ ...{ name: `weighted ${rest.name}`, x, y, weights, scale: rest.scale, seed: 4 }, ...names });
}

const model = (...layers: Layer[]): readonly Layer[] => layers;

export const tasks = {
  /** Bytes through two relu layers. */
  relu: (): Task => ({
    data: glyphs(),
    model: model(linear(18), relu(), linear(7), relu(), linear(5)),
    loss: crossEntropy(),
  }),
  tanh: (): Task => ({
    data: blobs({ count: 120, seed: 3 }),
    model: model(linear(9), tanh(), linear(3)),
    loss: crossEntropy(),
  }),
  residual: (): Task => ({
    data: spirals({ count: 120, seed: 4 }),
    model: model(linear(10), gelu(), residual(linear(10), gelu()), linear(2)),
    loss: crossEntropy(),
  }),
  sigmoid: (): Task => ({
    data: waves(),
    model: model(linear(6), sigmoid(), linear(2)),
    loss: meanSquaredError(),
  }),
  sine: (): Task => ({
    data: sine({ count: 400, seed: 5 }),
    model: model(linear(8), tanh(), linear(1)),
    loss: meanSquaredError(),
  }),
  /** Bytes through two layers of dropout, after an activation in the first matmul's epilogue and after one that saves its input. */
  dropout: (): Task => ({
    data: glyphs(),
    model: model(linear(18), relu(), dropout(0.3), linear(10), silu(), dropout(0.1), linear(5)),
    loss: crossEntropy(),
  }),
  /** Layer norm before and after activations, with and without parameters of its own, and dropout within a residual. */
  norm: (): Task => ({
    data: waves(),
    model: model(
      ...[linear(9), layerNorm(), silu(), residual(layerNorm({ eps: 0.01, bias: false }), linear(9), dropout(0.2))],
      ...[layerNorm({ gain: false, bias: false }), tanh(), linear(2)],
    ),
    loss: meanSquaredError(),
  }),
  /** Labels smoothed, classes and rows weighted. */
  soft: (): Task => ({
    data: weighted(glyphs({ count: 90, classes: 4 })),
    model: model(linear(11), tanh(), linear(4)),
    loss: crossEntropy({ labelSmoothing: 0.1, classWeights: [1, 0.5, 2, 3] }),
  }),
  /** Two questions of yes or no, rows weighted. */
  odds: (): Task => ({
    data: weighted(questions()),
    model: model(linear(6), softplus(), linear(2)),
    loss: binaryCrossEntropy(),
  }),
  huber: (): Task => ({ data: waves(), model: model(linear(6), elu(), linear(2)), loss: huber({ delta: 0.3 }) }),
  absolute: (): Task => ({
    data: weighted(sine({ count: 100, seed: 5 })),
    model: model(linear(8), silu(), linear(1)),
    loss: meanAbsoluteError(),
  }),
  /** Every activation the others leave out, two of them of one family. */
  activations: (): Task => ({
    data: blobs({ count: 120, seed: 6 }),
    model: model(
      ...[linear(9), elu({ alpha: 0.5 }), linear(7), elu(), linear(8), leakyRelu({ negativeSlope: 0.2 })],
      ...[residual(linear(8), softplus()), linear(6), selu(), linear(5), gelu({ approximate: "none" }), linear(3)],
    ),
    loss: crossEntropy(),
  }),
} as const;

/** Chains that differ in rules, phases, state and schedules. */
export const chains = {
  sgd: sgd({ lr: 0.1 }),
  nesterov: sgd({ lr: 0.05, momentum: 0.9, nesterov: true }),
  momentum: sgd({ lr: 0.05, momentum: 0.8, dampening: 0.1, weightDecay: 0.01 }),
  adam: adam({ lr: cosine(0.02, 40) }),
  adamw: adamw({ lr: 0.01, weightDecay: 0.1, clip: 0.5 }),
  /** Cut in two: the norm is taken of what the decay has made of the gradient. */
  cut: chain(weightDecay(0.05), clipByGlobalNorm(0.3), scaleByAdam(), descend(cosine(0.01, 40))),
} satisfies Record<string, Optimizer>;

/** Runs of the chains in turn, with seeds and orders of their own; every third shares its order with the first. */
export const runsOf = (optimizers: readonly Optimizer[], count = optimizers.length): RunSpec[] =>
  Array.from({ length: count }, (_, i) => ({
    optimizer: optimizers[i % optimizers.length] as Optimizer,
    init: 100 + i,
    order: i % 3 === 0 ? 7 : 50 + i,
  }));
