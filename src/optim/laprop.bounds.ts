// The error bound of laprop: its shader's operations, one after the other.
import { blendSquare, ratio, rooted } from "./bounds.ts";
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("laprop", (by, u, _, { beta1, rest1, beta2, rest2, eps, m_scale, v_scale }, s) => {
  const v = blendSquare(by, beta2!, s[1]!, rest2!, u);
  const normed = ratio(by, by.multiply(rest1!, u), rooted(by, v, v_scale!, eps!));
  const m = by.add(by.multiply(beta1!, s[0]!), normed);
  s.splice(0, 2, m, v);
  return by.multiply(m, m_scale!);
});
