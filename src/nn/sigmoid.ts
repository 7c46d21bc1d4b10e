// sigmoid as a layer.
import { sigmoidOf } from "../activations/sigmoid.ts";
import { defineLayer, type Layer } from "./layer.ts";

defineLayer({ kind: "sigmoid", options: [], build: (_, x) => sigmoidOf(x) });

/** 1 / (1 + exp(-x)). */
export const sigmoid = (): Layer => ({ kind: "sigmoid" });
