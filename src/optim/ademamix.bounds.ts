// The error bound of ademamix: its shader's operations, one after the other.
import { blend, blendSquare, ratio, rooted } from "./bounds.ts";
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound(
  "ademamix",
  (by, u, _, { beta1, rest1, beta2, rest2, beta3, rest3, alpha, eps, m_scale, v_scale }, s) => {
    const m = blend(by, beta1!, s[0]!, rest1!, u);
    const slow = blend(by, beta3!, s[1]!, rest3!, u);
    const v = blendSquare(by, beta2!, s[2]!, rest2!, u);
    s.splice(0, 3, m, slow, v);
    return ratio(by, blend(by, m, m_scale!, alpha!, slow), rooted(by, v, v_scale!, eps!));
  },
);
