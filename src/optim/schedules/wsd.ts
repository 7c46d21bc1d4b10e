// Warm-up, stable, decay.
import { checkInteger, checkKeys, fail } from "../../core/check.ts";
import { defineSchedule, type Schedule } from "../schedule.ts";
import { checkBegin, checkEnds, halfCosine, shareOf } from "./share.ts";

/** From 1 at x = 0 to 0 at x = 1. */
const decays = {
  linear: (x: number) => 1 - x,
  sqrt: (x: number) => 1 - Math.sqrt(x),
  cosine: halfCosine,
  square: (x: number) => 1 - x * x,
};

interface WsdSpec extends Schedule {
  readonly steps: number;
  readonly warmup: number;
  readonly decay: number;
  readonly form: keyof typeof decays;
  readonly from: number;
  readonly to: number;
}

export interface WsdOptions {
  /** Steps of the warm-up, straight up from `from`. Default 0. */
  readonly warmup?: number;
  /** Steps of the decay, the last ones. Default a tenth of the steps, rounded up. */
  readonly decay?: number;
  /** 1 - x, 1 - sqrt(x), (1 + cos(pi x)) / 2 or 1 - x^2. Default "linear". */
  readonly form?: keyof typeof decays;
  /** Default 0. */
  readonly from?: number;
  /** The end, in the unit of the value. Default 0. */
  readonly to?: number;
}

/**
 * Warm-up, stable, decay (Hu et al. 2024), the trapezoid: one run serves many lengths, since only its decay knows its
 * end.
 */
export function wsd(value: number, steps: number, options: WsdOptions = {}): Schedule {
  checkKeys("wsd", options, ["warmup", "decay", "form", "from", "to"]);
  checkInteger("wsd", "steps", steps, { min: 1 });
  const { warmup = 0, decay = Math.ceil(steps / 10), form = "linear", from = 0, to = 0 } = options;
  checkEnds("wsd", value, { from, to });
  checkBegin("wsd", warmup, "warmup");
  checkInteger("wsd", "decay", decay, { min: 1 });
  if (warmup + decay > steps) fail("wsd", `warmup ${warmup} and decay ${decay} of ${steps} steps`, "make them shorter");
  if (!Object.hasOwn(decays, form)) fail("wsd", `form is "${form}"`, `use ${Object.keys(decays).join(", ")}`);
  return { kind: "wsd", value, steps, warmup, decay, form, from, to };
}

defineSchedule<WsdSpec>({
  kind: "wsd",
  key: ({ steps, warmup, decay, form, from, to, value }) => {
    return { steps, warmup, decay, form, from: shareOf(from, value), to: shareOf(to, value) };
  },
  shape({ steps, warmup, decay, form, from, to, value }, t) {
    const [start, end] = [shareOf(from, value), shareOf(to, value)];
    if (t < warmup) return start + ((1 - start) * t) / warmup;
    const x = Math.min(Math.max(t - (steps - decay), 0) / decay, 1);
    return end + (1 - end) * decays[form](x);
  },
});
