// The error bound of optimistic: its shader's operations, one after the other.
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("optimistic", (by, u, _, { now, before }, s) => {
  const ahead = by.subtract(by.multiply(now!, u), by.multiply(before!, s[0]!));
  s[0] = u;
  return ahead;
});
