// Lookahead: slow weights that follow fast ones. A wrapper of any chain.
import wgsl from "../../shaders/optim/lookahead.wgsl?raw";
import { checkInteger, checkKeys } from "../core/check.ts";
import { averageViewRule } from "./average_view.ts";
import { link, type Optimizer } from "./chain.ts";
import type { Hyper } from "./presets.ts";
import { defineRule } from "./rule.ts";
import { mapLinks } from "./wrap.ts";

export const lookaheadRule = defineRule({
  name: "lookahead",
  wgsl,
  options: { k: 5, alpha: 0.5 },
  state: ["average"],
  fields: ({ k = 1, alpha = 0 }, t) => ({ alpha, first: t === 1 ? 1 : 0, sync: t % k === 0 ? 1 : 0 }),
  varies: ["first", "sync"],
  after: true,
  view: averageViewRule.name,
  reference(u, p, { alpha = 0, first = 0, sync = 0 }, s) {
    const before = first ? p : s[0]!;
    const jump = p - (before + alpha * (p - u - before));
    s[0] = sync ? p - jump : before;
    return sync ? jump : u;
  },
  bound(by, u, p, { alpha, first, sync }, s) {
    const before = first!.v ? p : s[0]!;
    const jump = by.subtract(p, by.add(before, by.multiply(alpha!, by.subtract(by.subtract(p, u), before))));
    s[0] = sync!.v ? by.subtract(p, jump) : before;
    return sync!.v ? jump : u;
  },
});

interface LookaheadOptions {
  readonly k?: number;
  readonly alpha?: Hyper;
  readonly reset?: boolean;
}

/**
 * Lookahead (Zhang et al. 2019): after every k steps of inner slow += alpha (fast - slow), fast = slow; evaluated at the slow
 * weights. Defaults k 5, alpha 0.5. reset: inner's state and its count of steps start anew then (default false).
 */
export function lookahead(inner: Optimizer, options: LookaheadOptions = {}): Optimizer {
  checkKeys("lookahead", options, ["k", "alpha", "reset"]);
  const k = checkInteger("lookahead", "k", options.k ?? 5, { min: 1 });
  const last = link(lookaheadRule, { k, alpha: options.alpha });
  const clock = (at: Optimizer["links"][number]) => ({ ...at, clock: { ...at.clock, restart: k } });
  return mapLinks(inner, (links) => [...(options.reset ? links.map(clock) : links), last]);
}
