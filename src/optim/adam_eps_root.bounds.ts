// The error bound of adamEpsRoot: its shader's operations, one after the other.
import { blend, blendSquare, ratio } from "./bounds.ts";
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("adamEpsRoot", (by, u, _, { beta1, rest1, beta2, rest2, eps, eps_root, m_scale, v_scale }, s) => {
  const m = blend(by, beta1!, s[0]!, rest1!, u);
  const v = blendSquare(by, beta2!, s[1]!, rest2!, u);
  s.splice(0, 2, m, v);
  const root = by.root(by.add(by.multiply(v, v_scale!), eps_root!));
  return ratio(by, by.multiply(m, m_scale!), by.add(root, eps!));
});
