// The error bound of rmsprop: its shader's operations, one after the other.
import { blendSquare, ratio } from "./bounds.ts";
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("rmsprop", (by, u, _, { alpha, rest, start, v_scale, eps_root, eps }, s) => {
  const v = by.add(blendSquare(by, alpha!, s[0]!, rest!, u), start!);
  s[0] = v;
  return ratio(by, u, by.add(by.root(by.add(by.multiply(v, v_scale!), eps_root!)), eps!));
});
