// The error bound of simplified ademamix: its shader's operations, one after the other.
import { blendSquare, ratio, rooted } from "./bounds.ts";
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("simplifiedAdemamix", (by, u, _, { beta1, beta2, rest2, alpha, eps, v_scale }, s) => {
  const m = by.add(by.multiply(beta1!, s[0]!), u);
  const v = blendSquare(by, beta2!, s[1]!, rest2!, u);
  s.splice(0, 2, m, v);
  return ratio(by, by.add(m, by.multiply(alpha!, u)), rooted(by, v, v_scale!, eps!));
});
