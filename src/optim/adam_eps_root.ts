// Adam with an eps under the root as well; adam({ epsRoot }) makes it.
import wgsl from "../../shaders/optim/adam_eps_root.wgsl?raw";
import { epsRootLater } from "./presets.ts";
import { defineRule } from "./rule.ts";
import { adamScales } from "./scales.ts";

export const adamEpsRootRule = defineRule({
  name: epsRootLater.name,
  options: epsRootLater.options,
  wgsl,
  state: ["m", "v"],
  fields(h, t) {
    const { beta1 = 0, beta2 = 0, eps = 0, epsRoot = 0 } = h;
    return { beta1, rest1: 1 - beta1, beta2, rest2: 1 - beta2, eps, eps_root: epsRoot, ...adamScales(h, t) };
  },
  varies: ["m_scale", "v_scale"],
  reference(u, _, { beta1 = 0, rest1 = 0, beta2 = 0, rest2 = 0, eps = 0, eps_root = 0, m_scale = 0, v_scale = 0 }, s) {
    const m = beta1 * s[0]! + rest1 * u;
    s[0] = m;
    const v = beta2 * s[1]! + rest2 * u * u;
    s[1] = v;
    return (m * m_scale) / (Math.sqrt(v * v_scale + eps_root) + eps || 1);
  },
});
