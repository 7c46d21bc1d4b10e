// The error bound of weight decay: its shader's operations, one after the other.
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("weightDecay", (by, u, p, { decay }) => by.add(u, by.multiply(decay!, p)));
