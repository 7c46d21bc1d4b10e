// elu as a layer.
import { eluOf } from "../activations/elu.ts";
import { checkKeys, checkNumber } from "../core/check.ts";
import { defineLayer, type Layer } from "./layer.ts";

interface Elu extends Layer {
  readonly kind: "elu";
  readonly alpha?: number;
}

const checked = defineLayer<Elu>({
  kind: "elu",
  options: ["alpha"],
  check(where, { alpha = 1 }) {
    checkNumber(where, "alpha", alpha, { above: 0, max: 2 ** 32 });
  },
  build: ({ alpha }, x) => eluOf(x, alpha),
});

/**
 * x where x > 0, else alpha (exp(x) - 1) (alpha above 0, by default 1): Clevert et al. 2016, PyTorch's ELU. Throws for an alpha that
 * is not above 0.
 */
export function elu(options: { readonly alpha?: number } = {}): Elu {
  checkKeys("elu", options, ["alpha"]);
  const { alpha = 1 } = options;
  return checked(alpha === 1 ? { kind: "elu" } : { kind: "elu", alpha });
}
