// softplus as a layer.
import { softplusOf } from "../activations/softplus.ts";
import { defineLayer, type Layer } from "./layer.ts";

defineLayer({ kind: "softplus", options: [], build: (_, x) => softplusOf(x) });

/** log(1 + exp(x)): PyTorch's Softplus with beta 1, without the threshold above which that returns x (it agrees to 2e-9). */
export const softplus = (): Layer => ({ kind: "softplus" });
