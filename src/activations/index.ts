// The registry of activations, for tests, validate, page and command; a bundle imports the ones it uses.
export { geluOf } from "./gelu.ts";
export { reluOf } from "./relu.ts";
export { sigmoidOf } from "./sigmoid.ts";
export { tanhOf } from "./tanh.ts";
