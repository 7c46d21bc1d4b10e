// The error bound of adabelief: its shader's operations, one after the other.
import { blend, blendSquare, ratio, rooted } from "./bounds.ts";
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("adabelief", (by, u, _, { beta1, rest1, beta2, rest2, eps, eps_root, m_scale, s_scale }, state) => {
  const m = blend(by, beta1!, state[0]!, rest1!, u);
  const s = by.add(blendSquare(by, beta2!, state[1]!, rest2!, by.subtract(u, m)), eps_root!);
  state.splice(0, 2, m, s);
  return ratio(by, by.multiply(m, m_scale!), rooted(by, s, s_scale!, eps!));
});
