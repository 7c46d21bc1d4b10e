// The error bound of adopt: its shader's operations, one after the other.
import { blend, blendSquare, clamped, larger, ratio } from "./bounds.ts";
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("adopt", (by, u, _, { beta1, rest1, beta2, rest2, eps, limit }, s) => {
  const normed = clamped(ratio(by, u, larger(by.root(s[1]!), eps!)), limit!);
  const m = blend(by, beta1!, s[0]!, rest1!, normed);
  s.splice(0, 2, m, blendSquare(by, beta2!, s[1]!, rest2!, u));
  return m;
});
