// relu as a layer.
import { reluOf } from "../activations/relu.ts";
import { defineLayer, type Layer } from "./layer.ts";

defineLayer({ kind: "relu", options: [], build: (_, x) => reluOf(x) });

/** max(x, 0); its derivative at 0 is 0. */
export const relu = (): Layer => ({ kind: "relu" });
