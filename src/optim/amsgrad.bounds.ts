// The error bound of amsgrad: its shader's operations, one after the other.
import { blend, blendSquare, larger, ratio } from "./bounds.ts";
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("amsgrad", (by, u, _, { beta1, rest1, beta2, rest2, eps, eps_root, m_scale, before, after }, s) => {
  const m = blend(by, beta1!, s[0]!, rest1!, u);
  const v = blendSquare(by, beta2!, s[1]!, rest2!, u);
  const most = larger(s[2]!, by.multiply(v, before!));
  s.splice(0, 3, m, v, most);
  const root = by.root(by.add(by.multiply(most, after!), eps_root!));
  return ratio(by, by.multiply(m, m_scale!), by.add(root, eps!));
});
