// Gradient accumulation: inner plays once in so many steps, on the mean of their gradients.
import wgsl from "../../shaders/optim/accumulate.wgsl?raw";
import { checkInteger, checkKeys } from "../core/check.ts";
import { type Link, link, type Optimizer } from "./chain.ts";
import { defineRule, ruleNamed } from "./rule.ts";
import { mapLinks } from "./wrap.ts";

export const accumulateRule = defineRule({
  name: "accumulate",
  wgsl,
  options: { steps: 4 },
  state: ["sum"],
  fields: ({ steps = 1 }, t) => ({ share: 1 / steps, fresh: (t - 1) % steps === 0 ? 1 : 0 }),
  varies: ["fresh"],
  reference(u, _, { share = 0, fresh = 0 }, s) {
    s[0] = (fresh ? 0 : s[0]!) + share * u;
    return s[0];
  },
  bound(by, u, _, { share, fresh }, s) {
    s[0] = by.add(fresh!.v ? { v: 0, e: 0 } : s[0]!, by.multiply(share!, u));
    return s[0];
  },
});

/**
 * inner at every `steps`-th step (default 4), on the mean of the gradients since: a batch `steps` times as large. Between, p
 * does not move; inner's own steps, and its schedules, count its updates.
 */
export function accumulate(inner: Optimizer, options: { readonly steps?: number } = {}): Optimizer {
  checkKeys("accumulate", options, ["steps"]);
  const steps = checkInteger("accumulate", "steps", options.steps ?? 4, { min: 1 });
  const slower = (at: Link): Link => ({ ...at, clock: { ...at.clock, every: steps * (at.clock?.every ?? 1) } });
  return mapLinks(inner, (links) => {
    // What moves p aside does so at every step: it is the second gradients that are accumulated.
    const aside = links.findLastIndex(({ rule }) => ruleNamed(rule).aside !== undefined) + 1;
    return [...links.slice(0, aside), link(accumulateRule, { steps }), ...links.slice(aside).map(slower)];
  });
}
