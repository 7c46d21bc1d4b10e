// The error bound of lion: its shader's operations, one after the other.
import { blend, signOf } from "./bounds.ts";
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("lion", (by, u, _, { beta1, rest1, beta2, rest2 }, s) => {
  const direction = signOf(blend(by, beta1!, s[0]!, rest1!, u));
  s[0] = blend(by, beta2!, s[0]!, rest2!, u);
  return direction;
});
