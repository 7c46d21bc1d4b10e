// RMSProp over the centered second moment; rmsprop({ centered: true }) makes it.
import wgsl from "../../shaders/optim/rmsprop_centered.wgsl?raw";
import { defineRule } from "./rule.ts";
import { debiasing } from "./scales.ts";

export const rmspropCenteredRule = defineRule({
  name: "rmspropCentered",
  wgsl,
  options: { alpha: 0.99, eps: 1e-8, initial: 0, seeded: 0, epsInside: 0, debias: 0 },
  state: ["m", "v"],
  fields: ({ alpha = 0, eps = 0, initial = 0, seeded = 0, epsInside = 0, debias = 0 }, t) => ({
    alpha,
    rest: 1 - alpha,
    rest_v: seeded && t === 1 ? 1 : 1 - alpha,
    start: t === 1 ? alpha * initial : 0,
    m_scale: debias ? debiasing(alpha, t) : 1,
    v_scale: debias ? debiasing(alpha, t) : 1,
    eps_root: epsInside ? eps : 0,
    eps: epsInside ? 0 : eps,
  }),
  varies: ["rest_v", "start", "m_scale", "v_scale"],
  reference(u, _, f, s) {
    const { alpha = 0, rest = 0, rest_v = 0, start = 0, m_scale = 0, v_scale = 0, eps_root = 0, eps = 0 } = f;
    const m = alpha * s[0]! + rest * u;
    s[0] = m;
    const v = alpha * s[1]! + rest_v * u * u + start;
    s[1] = v;
    const spread = Math.max(v * v_scale - (m * m_scale) ** 2, 0);
    return u / (Math.sqrt(spread + eps_root) + eps || 1);
  },
});
