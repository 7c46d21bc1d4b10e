// The error bound of descend: its shader's operations, one after the other.
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("descend", (by, u, _, { lr }) => by.multiply(lr!, u));
