// gelu as a layer.
import { geluOf } from "../activations/gelu.ts";
import { defineLayer, type Layer } from "./layer.ts";

defineLayer({ kind: "gelu", options: [], build: (_, x) => geluOf(x) });

/** Gaussian error linear unit (Hendrycks & Gimpel 2016) in its tanh form: PyTorch's gelu with approximate="tanh", JAX's default. */
export const gelu = (): Layer => ({ kind: "gelu" });
