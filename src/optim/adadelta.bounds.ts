// The error bound of adadelta: its shader's operations, one after the other.
import { blendSquare, ratio } from "./bounds.ts";
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("adadelta", (by, u, _, { rho, rest, eps }, s) => {
  const v = blendSquare(by, rho!, s[0]!, rest!, u);
  const moved = by.multiply(ratio(by, by.root(by.add(s[1]!, eps!)), by.root(by.add(v, eps!))), u);
  s.splice(0, 2, v, blendSquare(by, rho!, s[1]!, rest!, moved));
  return moved;
});
