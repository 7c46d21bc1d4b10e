// Between knots, straight or by half cosines.
import { checkKeys, checkNumber, fail } from "../../core/check.ts";
import { defineSchedule, type Schedule } from "../schedule.ts";
import { halfCosine } from "./share.ts";

interface PiecewiseSpec extends Schedule {
  readonly knots: readonly number[];
  readonly factors: readonly number[];
  readonly anneal: "linear" | "cosine";
}

/**
 * value factors[i] at step knots[i], between them straight ("linear") or by half a cosine, and the last from the last
 * knot on. Knots begin at 0 and rise; they may lie between steps. optax' piecewise_interpolate_schedule.
 */
export function piecewise(
  value: number,
  knots: readonly number[],
  factors: readonly number[],
  options: { anneal?: "linear" | "cosine" } = {},
): Schedule {
  checkKeys("piecewise", options, ["anneal"]);
  const { anneal = "linear" } = options;
  checkNumber("piecewise", "value", value);
  if (knots.length < 2 || knots.length !== factors.length) {
    fail(
      "piecewise",
      `${knots.length} knots and ${factors.length} factors`,
      "give at least two knots, each with a factor",
    );
  }
  for (const number of [...knots, ...factors]) checkNumber("piecewise", "knot or factor", number);
  if (knots[0] !== 0 || knots.some((at, i) => i > 0 && at <= (knots[i - 1] as number))) {
    fail("piecewise", `knots ${knots.join(", ")}, expected 0 first and then rising`);
  }
  if (anneal !== "linear" && anneal !== "cosine") fail("piecewise", `anneal is "${anneal}"`, "use linear or cosine");
  return { kind: "piecewise", value, knots: [...knots], factors: [...factors], anneal };
}

defineSchedule<PiecewiseSpec>({
  kind: "piecewise",
  key: ({ knots, factors, anneal }) => ({ knots, factors, anneal }),
  shape({ knots, factors, anneal }, t) {
    const next = knots.findIndex((at) => t < at);
    if (next < 0) return factors[factors.length - 1] as number;
    const [from, to] = [knots[next - 1] as number, knots[next] as number];
    const [start, end] = [factors[next - 1] as number, factors[next] as number];
    const x = (t - from) / (to - from);
    return anneal === "cosine" ? end + (start - end) * halfCosine(x) : start + (end - start) * x;
  },
});
