// A rule of one's own: quasi-hyperbolic momentum (Ma & Yarats, ICLR 2019, arXiv 1810.06801), as docs/rules.md tells it.
// npx fall-line validate docs/examples/quasi_hyperbolic.ts
import { chain, defineRule, descend, link, type Optimizer } from "fall-line";

export const quasiHyperbolicRule = defineRule({
  name: "quasiHyperbolic",
  wgsl: `
struct QuasiHyperbolic { beta: f32, rest: f32, nu: f32, other: f32 }

fn quasi_hyperbolic(u: f32, p: f32, h: QuasiHyperbolic, m: ptr<function, f32>) -> f32 {
  *m = h.beta * *m + h.rest * u;
  return h.other * u + h.nu * *m;
}`,
  options: { beta: 0.999, nu: 0.7 },
  state: ["m"],
  fields: ({ beta = 0, nu = 0 }) => ({ beta, rest: 1 - beta, nu, other: 1 - nu }),
  reference(u, _p, { beta = 0, rest = 0, nu = 0, other = 0 }, s) {
    const m = beta * (s[0] ?? 0) + rest * u;
    s[0] = m;
    return other * u + nu * m;
  },
});

/** m = beta m + (1 - beta) g; p -= lr ((1 - nu) g + nu m). The paper's defaults: beta 0.999, nu 0.7. */
export const quasiHyperbolic = (options: { lr?: number; beta?: number; nu?: number } = {}): Optimizer => {
  const { lr = 0.1, ...own } = options;
  return chain(link(quasiHyperbolicRule, own), descend(lr));
};
