// selu as a layer.
import { seluOf } from "../activations/selu.ts";
import { defineLayer, type Layer } from "./layer.ts";

defineLayer({ kind: "selu", options: [], build: (_, x) => seluOf(x) });

/**
 * Scaled exponential linear unit (Klambauer et al. 2017), PyTorch's SELU: keeps mean 0 and variance 1 through layers whose weights
 * start as lecunNormal().
 */
export const selu = (): Layer => ({ kind: "selu" });
