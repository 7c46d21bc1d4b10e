// The error bound of radam: its shader's operations, one after the other.
import { exact } from "../kernel/bound.ts";
import { blend, blendSquare, ratio, rooted } from "./bounds.ts";
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("radam", (by, u, _, { beta1, rest1, beta2, rest2, eps, m_scale, v_scale, rectified }, s) => {
  const m = blend(by, beta1!, s[0]!, rest1!, u);
  const v = blendSquare(by, beta2!, s[1]!, rest2!, u);
  s.splice(0, 2, m, v);
  return ratio(by, by.multiply(m, m_scale!), rectified!.v ? rooted(by, v, v_scale!, eps!) : exact(1));
});
