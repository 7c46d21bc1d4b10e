// The error bound of adan: its shader's operations, one after the other.
import { blend, blendSquare, ratio } from "./bounds.ts";
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("adan", (by, u, _, f, s) => {
  const change = by.multiply(f.later!, by.subtract(u, s[3]!));
  const ahead = by.add(u, by.multiply(f.beta2!, change));
  const m = blend(by, f.beta1!, s[0]!, f.rest1!, u);
  const d = blend(by, f.beta2!, s[1]!, f.rest2!, change);
  const n = blendSquare(by, f.beta3!, s[2]!, f.rest3!, ahead);
  s.splice(0, 4, m, d, n, u);
  const root = by.add(by.root(by.add(by.multiply(n, f.n_scale!), f.eps_root!)), f.eps!);
  return ratio(by, blend(by, m, f.m_scale!, d, f.d_scale!), root);
});
