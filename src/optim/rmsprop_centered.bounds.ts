// The error bound of rmsprop centered: its shader's operations, one after the other.
import { exact } from "../kernel/bound.ts";
import { blend, blendSquare, larger, ratio } from "./bounds.ts";
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("rmspropCentered", (by, u, _, { alpha, rest, rest_v, start, m_scale, v_scale, eps_root, eps }, s) => {
  const m = blend(by, alpha!, s[0]!, rest!, u);
  const v = by.add(blendSquare(by, alpha!, s[1]!, rest_v!, u), start!);
  s.splice(0, 2, m, v);
  const mean = by.multiply(m, m_scale!);
  const spread = larger(by.subtract(by.multiply(v, v_scale!), by.multiply(mean, mean)), exact(0));
  return ratio(by, u, by.add(by.root(by.add(spread, eps_root!)), eps!));
});
