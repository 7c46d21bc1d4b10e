// AMSGrad: Adam whose second moment never falls; adam({ amsgrad: true }) makes it.
import wgsl from "../../shaders/optim/amsgrad.wgsl?raw";
import { amsgradLater } from "./presets.ts";
import { defineRule } from "./rule.ts";
import { adamScales } from "./scales.ts";

export const amsgradRule = defineRule({
  name: amsgradLater.name,
  options: amsgradLater.options,
  wgsl,
  state: ["m", "v", "most"],
  fields(h, t) {
    const { beta1 = 0, beta2 = 0, eps = 0, epsRoot: eps_root = 0, maxDebiased = 0 } = h;
    const { m_scale, v_scale } = adamScales(h, t);
    const scales = maxDebiased ? { before: v_scale, after: 1 } : { before: 1, after: v_scale };
    return { beta1, rest1: 1 - beta1, beta2, rest2: 1 - beta2, eps, eps_root, m_scale, ...scales };
  },
  varies: ["m_scale", "before", "after"],
  reference(u, _, f, s) {
    const { beta1 = 0, rest1 = 0, beta2 = 0, rest2 = 0, eps = 0, eps_root = 0, m_scale = 0, before = 0, after = 0 } = f;
    const m = beta1 * s[0]! + rest1 * u;
    s[0] = m;
    const v = beta2 * s[1]! + rest2 * u * u;
    s[1] = v;
    const most = Math.max(s[2]!, v * before);
    s[2] = most;
    return (m * m_scale) / (Math.sqrt(most * after + eps_root) + eps || 1);
  },
});
