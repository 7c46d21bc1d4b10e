// The public API; re-exports only.
export { type AdapterDescription, type Backend, DeviceLost } from "./backend/backend.ts";
export { openBackend } from "./backend/open.ts";
export { FallLineError } from "./core/check.ts";
export {
  blobs,
  circles,
  type Dataset,
  type DatasetOptions,
  dataset,
  type DigitsOptions,
  decodeDigits,
  digits,
  moons,
  type SplitName,
  type SplitSizes,
  sine,
  spirals,
  standardize,
  xor,
} from "./data/index.ts";
export { defineKernel, type KernelSpec, read, readWords, update, write, writeWords } from "./kernel/kernel.ts";
export {
  crossEntropy,
  flatten,
  gelu,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  type Initializer,
  type Layer,
  type Loss,
  linear,
  meanSquaredError,
  normal,
  relu,
  residual,
  sequential,
  sigmoid,
  summary,
  tanh,
  uniform,
  zeros,
} from "./nn/index.ts";
export {
  adam,
  adamw,
  chain,
  chebyshev,
  clipByGlobalNorm,
  constantFactor,
  constantSchedule,
  cosine,
  cosineRestarts,
  cyclic,
  defineRule,
  defineSchedule,
  descend,
  exponentialDecay,
  inverseSqrt,
  inverseTime,
  type Link,
  linearDecay,
  linearSchedule,
  momentum,
  multiStepDecay,
  noam,
  oneCycle,
  oneCycleMomentum,
  type Optimizer,
  piecewise,
  plateau,
  polynomialDecay,
  productSchedule,
  rex,
  type Schedule,
  scaleByAdam,
  sequentialSchedule,
  sgd,
  stepDecay,
  valueAt,
  warmup,
  weightDecay,
  wsd,
} from "./optim/index.ts";
export { type OptimizerCost, optimizerCost } from "./scheduler/cost.ts";
export { NonFinite } from "./train/diagnose.ts";
export type { Evaluation } from "./train/population.ts";
export type { Prediction } from "./train/predict.ts";
export { type Race, type RaceMetrics, type RaceOptions, type RaceRun, race, sweep } from "./train/race.ts";
export { type Recipe, recipeHash } from "./train/recipe.ts";
export { load } from "./train/load.ts";
export { replay, type ReplayOptions, type Trajectory } from "./train/replay.ts";
export { type Metrics, train, type Training, type TrainOptions } from "./train/train.ts";
