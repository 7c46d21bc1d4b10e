// The error bound of momentum: its shader's operations, one after the other.
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("momentum", (by, u, _, { momentum, rest, nesterov }, s) => {
  const b = by.add(by.multiply(momentum!, s[0]!), by.multiply(rest!, u));
  s[0] = b;
  return nesterov!.v ? by.add(u, by.multiply(momentum!, b)) : b;
});
