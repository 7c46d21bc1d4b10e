// A fully connected layer: y = x w + b.
import { checkInteger, checkKeys } from "../core/check.ts";
import { biasAdd } from "../ops/bias.ts";
import { matmul } from "../ops/matmul.ts";
import { checkInitializer, heUniform, type Initializer } from "./initializers.ts";
import { defineLayer, type Layer } from "./layer.ts";

export interface Linear extends Layer {
  readonly kind: "linear";
  readonly width: number;
  /** Left out or true: a bias that starts as `linearInit`. False: none. */
  readonly bias?: boolean | Initializer;
  readonly init?: Initializer;
}

/**
 * Where weights and biases of a linear layer start if nothing else is said: uniform in +-1 / sqrt(in), which is PyTorch's nn.Linear
 * (kaiming_uniform_ with a = sqrt(5), whose gain is sqrt(2 / (1 + a^2)) = sqrt(1 / 3)).
 */
export const linearInit: Initializer = heUniform({ gain: Math.sqrt(1 / 3) });

const checked = defineLayer<Linear>({
  kind: "linear",
  options: ["width", "bias", "init"],
  check(where, { width, bias, init }) {
    checkInteger(where, "width", width, { min: 1 });
    if (init !== undefined) checkInitializer(`${where} init`, init);
    if (bias !== undefined && typeof bias !== "boolean") checkInitializer(`${where} bias`, bias);
  },
  build({ width, bias = true, init = linearInit }, x, context) {
    const fanIn = x.shape[1] as number;
    const fans = { fanIn, fanOut: width };
    const product = matmul(x, context.parameter("w", [fanIn, width], { init, ...fans }));
    if (bias === false) return product;
    return biasAdd(product, context.parameter("b", [width], { init: bias === true ? linearInit : bias, ...fans }));
  },
});

export interface LinearOptions {
  /** True, false, or how the bias starts. */
  readonly bias?: boolean | Initializer;
  /** How the weights start. */
  readonly init?: Initializer;
}

/**
 * y = x w + b to `width` columns, with w [in, width] and b [width]: w is the transpose of PyTorch's. Both start uniform in
 * +-1 / sqrt(in), as PyTorch's nn.Linear does, unless `init` (w) or `bias` (b) is an initializer. Throws for a bad width or option.
 */
export function linear(width: number, options: LinearOptions = {}): Linear {
  checkKeys("linear", options, ["bias", "init"]);
  const { bias = true, init } = options;
  // Defaults are left out, so that equal layers are equal data.
  const spec = {
    kind: "linear",
    width,
    ...(bias === true ? {} : { bias }),
    ...(init === undefined ? {} : { init }),
  } as const;
  return checked(spec);
}
