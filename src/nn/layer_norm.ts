// Layer norm as a layer.
import { checkKeys, checkNumber } from "../core/check.ts";
import { constant } from "../graph/node.ts";
import { layerNormOf } from "../ops/layer_norm.ts";
import { checkInitializer, constantInit, type Initializer, zeros } from "./initializers.ts";
import { defineLayer, type Layer } from "./layer.ts";

export interface LayerNormOptions {
  /** Added to the variance; above 0, by default 1e-5. */
  readonly eps?: number;
  /** True (ones), false (none), or how it starts. */
  readonly gain?: boolean | Initializer;
  /** True (zeros), false (none), or how it starts. */
  readonly bias?: boolean | Initializer;
}

interface LayerNorm extends Layer, LayerNormOptions {
  readonly kind: "layerNorm";
}

const OPTIONS = ["eps", "gain", "bias"] as const;
const USUAL = { eps: 1e-5, gain: true, bias: true } as const;
/** Such that its root and its inverse are ordinary f32 numbers. */
const LEAST = 1e-30;

const checked = defineLayer<LayerNorm>({
  kind: "layerNorm",
  options: OPTIONS,
  check(where, { eps = USUAL.eps, gain, bias }) {
    checkNumber(where, "eps", eps, { min: LEAST, max: 1e30 });
    if (gain !== undefined && typeof gain !== "boolean") checkInitializer(`${where} gain`, gain);
    if (bias !== undefined && typeof bias !== "boolean") checkInitializer(`${where} bias`, bias);
  },
  build({ eps = USUAL.eps, gain = true, bias = true }, x, context) {
    const width = x.shape[1] as number;
    const part = (name: "gain" | "bias", given: boolean | Initializer, usual: Initializer, none: number) => {
      if (given === false) return constant(none, [width]);
      return context.parameter(name, [width], { init: given === true ? usual : given, fanIn: width, fanOut: width });
    };
    return layerNormOf(x, part("gain", gain, constantInit(1), 1), part("bias", bias, zeros(), 0), eps);
  },
});

/**
 * Every example less its mean over the features, over the root of its variance (divided by the number of features) plus eps, times
 * `gain` plus `bias`, two vectors that are trained: Ba et al. 2016, PyTorch's LayerNorm over the last dimension. Throws for a bad
 * eps, initializer or option.
 */
export function layerNorm(options: LayerNormOptions = {}): LayerNorm {
  checkKeys("layerNorm", options, OPTIONS);
  // Defaults are left out, so that equal layers are equal data.
  const own = OPTIONS.flatMap((name) =>
    options[name] === undefined || options[name] === USUAL[name] ? [] : [[name, options[name]]],
  );
  return checked({ kind: "layerNorm", ...Object.fromEntries(own) });
}
