// Noise on the gradient, drawn by the run's own seed.
import wgsl from "../../shaders/optim/gradient_noise.wgsl?raw";
import { type Link, link } from "./chain.ts";
import { drawGaussian } from "./draw.ts";
import type { Hyper } from "./presets.ts";
import { defineRule } from "./rule.ts";

export const gradientNoiseRule = defineRule({
  name: "gradientNoise",
  wgsl,
  options: { eta: 0.01, gamma: 0.55 },
  draws: drawGaussian,
  fields: ({ eta = 0, gamma = 0 }, t) => ({ deviation: Math.sqrt(eta / t ** gamma) }),
  varies: ["deviation"],
  reference: (u, _, { deviation = 0, noise = 0 }) => u + deviation * noise,
});

/**
 * u + n, n normal of variance eta / t^gamma at update t = 1, 2, ... (Neelakantan et al. 2015, eq. 1, whose t counts from 0; as
 * optax' add_noise). Defaults eta 0.01 (the paper tries 0.01, 0.3, 1), gamma 0.55, the paper's. First in a chain. The numbers
 * are a function of the run's seed, the tensor, the step and the element: a run draws the same ones in any race.
 */
export const gradientNoise = (options: { eta?: Hyper; gamma?: Hyper } = {}): Link => link(gradientNoiseRule, options);
