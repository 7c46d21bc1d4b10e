// silu as a layer.
import { siluOf } from "../activations/silu.ts";
import { defineLayer, type Layer } from "./layer.ts";

defineLayer({ kind: "silu", options: [], build: (_, x) => siluOf(x) });

/** x sigmoid(x) (Elfwing et al. 2017; Ramachandran et al. 2017 call it swish): PyTorch's SiLU. */
export const silu = (): Layer => ({ kind: "silu" });
