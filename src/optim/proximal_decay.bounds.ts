// The error bound of proximal decay: its shader's operations, one after the other.
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("proximalDecay", (by, u, p, { decay, shrink }) =>
  by.multiply(by.add(u, by.multiply(decay!, p)), shrink!),
);
