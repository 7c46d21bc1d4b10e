// Averages of the parameters beside a training: exponential and plain. Wrappers of any chain.
import wgsl from "../../shaders/optim/average.wgsl?raw";
import { checkInteger, checkKeys, checkNumber, fail } from "../core/check.ts";
import { averageViewRule } from "./average_view.ts";
import { type Link, link, type Optimizer } from "./chain.ts";
import { defineRule } from "./rule.ts";
import { mapLinks } from "./wrap.ts";

/** The newest p's share: 1 up to step `from` + 1, then 1 / n of a plain mean, or 1 - decay, debiased or not. */
function shareOf({ decay = 0, debias = 0, from = 0, plain = 0 }: Readonly<Record<string, number>>, t: number): number {
  const n = t - from;
  if (n <= 1) return 1;
  if (plain) return 1 / n;
  return debias ? (1 - decay) / (1 - decay ** n) : 1 - decay;
}

export const averageRule = defineRule({
  name: "average",
  wgsl,
  options: { decay: 0.999, debias: 1, from: 0, plain: 0 },
  state: ["average"],
  fields: (h, t) => ({ share: shareOf(h, t) }),
  varies: ["share"],
  after: true,
  view: averageViewRule.name,
  reference(u, p, { share = 0 }, s) {
    s[0] = share === 1 ? p - u : s[0]! + share * (p - u - s[0]!);
    return u;
  },
  bound(by, u, p, { share }, s) {
    const moved = by.subtract(p, u);
    s[0] = share!.v === 1 ? moved : by.add(s[0]!, by.multiply(share!, by.subtract(moved, s[0]!)));
    return u;
  },
});

const averaged = (inner: Optimizer, last: Link): Optimizer => mapLinks(inner, (links) => [...links, last]);

/**
 * inner's training, evaluated at the exponential average of its parameters: a += (1 - decay) (p - a), starting as p after
 * the first step. debias (default true) weighs that start like the steps after it: (1 - decay) / (1 - decay^t).
 */
export function ema(inner: Optimizer, options: { readonly decay?: number; readonly debias?: boolean } = {}): Optimizer {
  checkKeys("ema", options, ["decay", "debias"]);
  const decay = checkNumber("ema", "decay", options.decay ?? 0.999);
  if (!(decay >= 0 && decay < 1)) fail("ema", `decay is ${decay}, expected 0 or more, under 1`);
  return averaged(inner, link(averageRule, { decay, debias: options.debias ?? true }));
}

/** inner's training, evaluated at the plain mean of its parameters after steps from + 1, from + 2, ... (Izmailov et al. 2018). */
export function swa(inner: Optimizer, options: { readonly from?: number } = {}): Optimizer {
  checkKeys("swa", options, ["from"]);
  const from = checkInteger("swa", "from", options.from ?? 0, { min: 0 });
  return averaged(inner, link(averageRule, { from, plain: 1 }));
}
