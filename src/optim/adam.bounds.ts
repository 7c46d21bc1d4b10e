// The error bound of adam: its shader's operations, one after the other.
import { ratio } from "./bounds.ts";
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("adam", (by, u, _, { beta1, rest1, beta2, rest2, eps, m_scale, v_scale }, s) => {
  const m = by.add(by.multiply(beta1!, s[0]!), by.multiply(rest1!, u));
  const v = by.add(by.multiply(beta2!, s[1]!), by.multiply(by.multiply(rest2!, u), u));
  s.splice(0, 2, m, v);
  return ratio(by, by.multiply(m, m_scale!), by.add(by.root(by.multiply(v, v_scale!)), eps!));
});
