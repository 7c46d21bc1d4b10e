// tanh as a layer.
import { tanhOf } from "../activations/tanh.ts";
import { defineLayer, type Layer } from "./layer.ts";

defineLayer({ kind: "tanh", options: [], build: (_, x) => tanhOf(x) });

/** tanh x. */
export const tanh = (): Layer => ({ kind: "tanh" });
