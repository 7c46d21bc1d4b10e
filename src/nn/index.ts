// The family of layers, initializers and losses; a bundle holds the ones it imports.
export { type BinaryCrossEntropyOptions, binaryCrossEntropy } from "./binary_cross_entropy.ts";
export { type CrossEntropyOptions, crossEntropy } from "./cross_entropy.ts";
export { dropout } from "./dropout.ts";
export { elu } from "./elu.ts";
export { flatten } from "./flatten.ts";
export { gelu } from "./gelu.ts";
export { huber } from "./huber.ts";
export {
  checkInitializer,
  constantInit,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  type Initializer,
  lecunNormal,
  lecunUniform,
  normal,
  type SampleOptions,
  sample,
  uniform,
  zeros,
} from "./initializers.ts";
export {
  type BuildContext,
  type BuiltLayer,
  build,
  defineLayer,
  type Layer,
  type LayerKind,
  layers,
  type Model,
  type Parameter,
  type ParameterOptions,
} from "./layer.ts";
export { layerNorm, type LayerNormOptions } from "./layer_norm.ts";
export { leakyRelu } from "./leaky_relu.ts";
export { type Linear, type LinearOptions, linear, linearInit } from "./linear.ts";
export {
  defineLossKind,
  type Loss,
  type LossKind,
  loadLoss,
  lossKindOf,
  lossOf,
  losses,
  type Rows,
} from "./losses.ts";
export { meanAbsoluteError } from "./mean_absolute_error.ts";
export { meanSquaredError } from "./mean_squared_error.ts";
export { orthogonal } from "./orthogonal.ts";
export { relu } from "./relu.ts";
export { residual } from "./residual.ts";
export { selu } from "./selu.ts";
export { sequential } from "./sequential.ts";
export { sigmoid } from "./sigmoid.ts";
export { silu } from "./silu.ts";
export { softplus } from "./softplus.ts";
export { type Summary, type SummaryBytes, type SummaryOptions, type SummaryRow, summary } from "./summary.ts";
export { tanh } from "./tanh.ts";
