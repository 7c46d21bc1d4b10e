// The part of Prodigy before its reduction: what is summed element by element.
import wgsl from "../../shaders/optim/prodigy_sums.wgsl?raw";
import { blend, blendSquare } from "./bounds.ts";
import { defineRule, type Values } from "./rule.ts";
import { debiasing } from "./scales.ts";

/** lr sqrt(1 - beta2^t) / (1 - beta1^t). */
export const rateOf = ({ lr = 0, beta1 = 0, beta2 = 0 }: Values, t: number): number =>
  (lr * debiasing(beta1, t)) / Math.sqrt(debiasing(beta2, t));

export const prodigySumsRule = defineRule({
  name: "prodigySums",
  wgsl,
  options: { lr: 1, beta1: 0.9, beta2: 0.999, d0: 1e-6 },
  state: ["m", "v", "sum", "origin"],
  fields(h, t) {
    const { beta1 = 0, beta2 = 0, d0 = 0 } = h;
    const fixed = { beta1, rest1: 1 - beta1, beta2, rest2: 1 - beta2, beta3: Math.sqrt(beta2), d0 };
    return { ...fixed, rate: rateOf(h, t), first: t === 1 ? 1 : 0 };
  },
  varies: ["rate", "first"],
  recalls: ["d"],
  reference(u, p, f, s) {
    const { beta1 = 0, rest1 = 0, beta2 = 0, rest2 = 0, beta3 = 0, rate = 0, d0 = 1, first = 0 } = f;
    const d = first ? d0 : (f.d ?? 0);
    s[0] = beta1 * s[0]! + rest1 * d * u;
    s[1] = beta2 * s[1]! + rest2 * (d * u) ** 2;
    s[2] = beta3 * s[2]! + (rate * d * d * u) / d0;
    if (first) s[3] = p;
    return u;
  },
  bound(by, u, p, { beta1, rest1, beta2, rest2, beta3, rate, d0, first, d: known }, s) {
    const d = first!.v ? d0! : known!;
    const scaled = by.multiply(d, u);
    const sum = by.multiply(by.multiply(rate!, by.divide(d, d0!)), scaled);
    const origin = first!.v ? p : s[3]!;
    const v = blendSquare(by, beta2!, s[1]!, rest2!, scaled);
    s.splice(0, 4, blend(by, beta1!, s[0]!, rest1!, scaled), v, by.add(by.multiply(beta3!, s[2]!), sum), origin);
    return u;
  },
});
