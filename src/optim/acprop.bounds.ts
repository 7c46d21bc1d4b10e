// The error bound of acprop: its shader's operations, one after the other.
import { blend, blendSquare, ratio } from "./bounds.ts";
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("acprop", (by, u, _, { beta1, rest1, beta2, rest2, eps, eps_root, s_scale, start, stale }, state) => {
  const root = by.add(by.root(by.add(by.multiply(state[1]!, s_scale!), start!)), eps!);
  const m = blend(by, beta1!, state[0]!, rest1!, u);
  const s = by.add(blendSquare(by, beta2!, state[1]!, rest2!, by.subtract(u, stale!.v ? state[0]! : m)), eps_root!);
  state.splice(0, 2, m, s);
  return ratio(by, u, root);
});
