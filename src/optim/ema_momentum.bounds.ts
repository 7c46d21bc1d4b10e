// The error bound of ema momentum: its shader's operations, one after the other.
import { blend } from "./bounds.ts";
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("emaMomentum", (by, u, _, { beta, rest, scale }, s) => {
  s[0] = blend(by, beta!, s[0]!, rest!, u);
  return by.multiply(s[0], scale!);
});
