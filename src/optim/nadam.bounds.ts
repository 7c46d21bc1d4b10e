// The error bound of nadam: its shader's operations, one after the other.
import { blend, blendSquare, ratio, rooted } from "./bounds.ts";
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("nadam", (by, u, _, { beta1, rest1, beta2, rest2, eps, u_scale, m_scale, v_scale }, s) => {
  const m = blend(by, beta1!, s[0]!, rest1!, u);
  const v = blendSquare(by, beta2!, s[1]!, rest2!, u);
  s.splice(0, 2, m, v);
  return ratio(by, blend(by, u_scale!, u, m_scale!, m), rooted(by, v, v_scale!, eps!));
});
