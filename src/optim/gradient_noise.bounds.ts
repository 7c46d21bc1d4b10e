// The error bound of gradientNoise.
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("gradientNoise", (by, u, _, { deviation, noise }) => by.add(u, by.multiply(deviation!, noise!)));
