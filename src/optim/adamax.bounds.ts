// The error bound of adamax: its shader's operations, one after the other.
import { blend, larger, magnitude, ratio } from "./bounds.ts";
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("adamax", (by, u, _, { beta1, rest1, beta2, eps_in, eps, m_scale }, s) => {
  const m = blend(by, beta1!, s[0]!, rest1!, u);
  const n = larger(by.multiply(beta2!, s[1]!), by.add(magnitude(u), eps_in!));
  s.splice(0, 2, m, n);
  return ratio(by, by.multiply(m, m_scale!), by.add(n, eps!));
});
