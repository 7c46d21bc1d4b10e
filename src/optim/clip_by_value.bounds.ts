// The error bound of clip by value: its shader's operations, one after the other.
import { clamped } from "./bounds.ts";
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("clipByValue", (_by, u, _, { limit }) => clamped(u, limit!));
