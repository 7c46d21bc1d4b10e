// The registry of activations, for tests, validate, page and command; a bundle imports the ones it uses.
export { eluOf } from "./elu.ts";
export { geluOf } from "./gelu.ts";
export { geluErfOf } from "./gelu_erf.ts";
export { leakyReluOf } from "./leaky_relu.ts";
export { reluOf } from "./relu.ts";
export { seluOf } from "./selu.ts";
export { sigmoidOf } from "./sigmoid.ts";
export { siluOf } from "./silu.ts";
export { softplusOf } from "./softplus.ts";
export { tanhOf } from "./tanh.ts";
