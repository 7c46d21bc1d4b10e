// Adam's direction: debiased mean over the root of the debiased mean square.
import wgsl from "../../shaders/optim/adam.wgsl?raw";
import { defineRule } from "./rule.ts";
import { adamScales } from "./scales.ts";

export const adamRule = defineRule({
  name: "adam",
  wgsl,
  options: { beta1: 0.9, beta2: 0.999, eps: 1e-8, debias: 1, epsHat: 0 },
  state: ["m", "v"],
  fields(h, t) {
    const { beta1 = 0, beta2 = 0, eps = 0 } = h;
    return { beta1, rest1: 1 - beta1, beta2, rest2: 1 - beta2, eps, ...adamScales(h, t) };
  },
  varies: ["m_scale", "v_scale"],
  reference(u, _, f, s) {
    const m = (f.beta1 as number) * (s[0] as number) + (f.rest1 as number) * u;
    s[0] = m;
    const v = (f.beta2 as number) * (s[1] as number) + (f.rest2 as number) * u * u;
    s[1] = v;
    return (m * (f.m_scale as number)) / (Math.sqrt(v * (f.v_scale as number)) + (f.eps as number) || 1);
  },
});
