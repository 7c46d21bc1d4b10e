// Heavy-ball and Nesterov momentum with dampening, as PyTorch's SGD has them: the first step is not dampened, unless asked.
import wgsl from "../../shaders/optim/momentum.wgsl?raw";
import { defineRule } from "./rule.ts";

export const momentumRule = defineRule({
  name: "momentum",
  wgsl,
  options: { momentum: 0.9, dampening: 0, nesterov: 0, dampenFirst: 0 },
  state: ["b"],
  fields: ({ momentum = 0, dampening = 0, nesterov = 0, dampenFirst = 0 }, t) => ({
    momentum,
    rest: t === 1 && !dampenFirst ? 1 : 1 - dampening,
    nesterov,
  }),
  varies: ["rest"],
  reference(u, _, f, s) {
    const b = (f.momentum as number) * (s[0] as number) + (f.rest as number) * u;
    s[0] = b;
    return f.nesterov ? u + (f.momentum as number) * b : b;
  },
});
