// The error bound of sign: its shader's operations, one after the other.
import { signOf } from "./bounds.ts";
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("sign", (by, u, _, { unit }) => by.multiply(unit!, signOf(u)));
