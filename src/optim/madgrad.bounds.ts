// The error bound of madgrad: its shader's operations, one after the other.
import { type Approx, FLUSH, ULP } from "../kernel/bound.ts";
import { ratio } from "./bounds.ts";
import { defineRuleBound } from "./rule_bounds.ts";

/**
 * cube_root of the shader. exp2(log2(x) / 3) is within d = 4e-5 of it (log2: 3 ULP of at most 128; the division: 2.5
 * ULP; exp2: (3 + 2 43) ULP); Newton's step leaves d^2 and its own five operations, 5 ULP together. Below the normal
 * numbers it gives 0.
 */
function cubeRoot(x: Approx): Approx {
  const v = Math.cbrt(Math.max(x.v, 0));
  const high = Math.cbrt(Math.max(x.v, 0) + x.e);
  const low = x.v - x.e < FLUSH ? 0 : Math.cbrt(x.v - x.e);
  return { v, e: Math.max(high - v, v - low) + (x.v === 0 && x.e === 0 ? 0 : 5 * ULP * high) };
}

defineRuleBound("madgrad", (by, u, p, { weight, rest, eps, first }, state) => {
  const origin = first!.v ? p : state[2]!;
  const s = by.add(state[0]!, by.multiply(weight!, u));
  const v = by.add(state[1]!, by.multiply(by.multiply(weight!, u), u));
  state.splice(0, 3, s, v, origin);
  const z = by.subtract(origin, ratio(by, s, by.add(cubeRoot(v), eps!)));
  return by.multiply(rest!, by.subtract(p, z));
});
