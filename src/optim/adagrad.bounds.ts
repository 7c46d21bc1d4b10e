// The error bound of adagrad: its shader's operations, one after the other.
import { ratio } from "./bounds.ts";
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("adagrad", (by, u, _, { start, rate, eps_root, eps }, state) => {
  const s = by.add(by.add(state[0]!, start!), by.multiply(u, u));
  state[0] = s;
  return ratio(by, by.multiply(rate!, u), by.add(by.root(by.add(s, eps_root!)), eps!));
});
