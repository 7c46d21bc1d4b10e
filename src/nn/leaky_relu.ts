// leaky relu as a layer.
import { leakyReluOf } from "../activations/leaky_relu.ts";
import { checkKeys, checkNumber } from "../core/check.ts";
import { defineLayer, type Layer } from "./layer.ts";

const USUAL = 0.01;

interface LeakyRelu extends Layer {
  readonly kind: "leakyRelu";
  readonly negativeSlope?: number;
}

const checked = defineLayer<LeakyRelu>({
  kind: "leakyRelu",
  options: ["negativeSlope"],
  check(where, { negativeSlope = USUAL }) {
    checkNumber(where, "negativeSlope", negativeSlope, { min: 0, max: 2 ** 32 });
  },
  build: ({ negativeSlope }, x) => leakyReluOf(x, negativeSlope),
});

/**
 * x where x > 0, else negativeSlope x (0 or more, by default 0.01): Maas et al. 2013, PyTorch's LeakyReLU. Its derivative at 0 is
 * the slope. Throws for a negative slope.
 */
export function leakyRelu(options: { readonly negativeSlope?: number } = {}): LeakyRelu {
  checkKeys("leakyRelu", options, ["negativeSlope"]);
  const { negativeSlope = USUAL } = options;
  return checked(negativeSlope === USUAL ? { kind: "leakyRelu" } : { kind: "leakyRelu", negativeSlope });
}
