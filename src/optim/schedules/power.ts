// Straight lines, powers of what is left, and REX.
import { checkKeys, checkNumber } from "../../core/check.ts";
import { defineSchedule, type Schedule } from "../schedule.ts";
import { checkBegin, checkEnds, checkSteps, progress, shareOf } from "./share.ts";

interface LinearSpec extends Schedule {
  readonly steps: number;
  readonly startFactor: number;
  readonly endFactor: number;
  readonly begin?: number;
}

export interface LinearOptions {
  /** The first value as a share of `value`. Default 1/3. */
  readonly startFactor?: number;
  /** The last. Default 1. */
  readonly endFactor?: number;
  /** Steps before it begins. Default 0. */
  readonly begin?: number;
}

/**
 * value (startFactor + (endFactor - startFactor) min(t, steps) / steps): PyTorch's LinearLR, whose recursion gathers
 * errors of about 1e-16 a step; this is the closed form.
 */
export function linearSchedule(value: number, steps: number, options: LinearOptions = {}): Schedule {
  checkKeys("linearSchedule", options, ["startFactor", "endFactor", "begin"]);
  const { startFactor = 1 / 3, endFactor = 1, begin = 0 } = options;
  checkNumber("linearSchedule", "value", value);
  checkSteps("linearSchedule", steps);
  checkNumber("linearSchedule", "startFactor", startFactor);
  checkNumber("linearSchedule", "endFactor", endFactor);
  checkBegin("linearSchedule", begin);
  return { kind: "linear", value, steps, startFactor, endFactor, ...(begin ? { begin } : {}) };
}

/**
 * From the value straight to 0, or to `to`, in `steps` steps: worst-case optimal for SGD's last iterate (Defazio et al.
 * 2023), and what to use where nothing else is known. optax' linear_schedule.
 */
export function linearDecay(value: number, steps: number, options: { to?: number; begin?: number } = {}): Schedule {
  checkKeys("linearDecay", options, ["to", "begin"]);
  const { to = 0, begin = 0 } = options;
  checkEnds("linearDecay", value, { to });
  checkSteps("linearDecay", steps);
  return linearSchedule(value, steps, { startFactor: 1, endFactor: shareOf(to, value), begin });
}

defineSchedule<LinearSpec>({
  kind: "linear",
  key: ({ steps, startFactor, endFactor, begin }) => ({ steps, startFactor, endFactor, begin }),
  shape({ steps, startFactor, endFactor, begin }, t) {
    const x = progress(t, steps, begin);
    return x === 1 ? endFactor : startFactor + (endFactor - startFactor) * x;
  },
});

interface PolynomialSpec extends Schedule {
  readonly steps: number;
  readonly power: number;
  readonly to: number;
  readonly begin?: number;
}

export interface PolynomialOptions {
  /** Default 1. */
  readonly power?: number;
  /** The end, in the unit of the value. Default 0. */
  readonly to?: number;
  /** Steps before it begins. Default 0. */
  readonly begin?: number;
}

/** to + (value - to) (1 - min(t, steps) / steps)^power: PyTorch's PolynomialLR, optax' polynomial_schedule. */
export function polynomialDecay(value: number, steps: number, options: PolynomialOptions = {}): Schedule {
  checkKeys("polynomialDecay", options, ["power", "to", "begin"]);
  const { power = 1, to = 0, begin = 0 } = options;
  checkEnds("polynomialDecay", value, { to });
  checkSteps("polynomialDecay", steps);
  checkNumber("polynomialDecay", "power", power, { above: 0 });
  checkBegin("polynomialDecay", begin);
  return { kind: "polynomial", value, steps, power, to, ...(begin ? { begin } : {}) };
}

defineSchedule<PolynomialSpec>({
  kind: "polynomial",
  key: ({ steps, power, to, value, begin }) => ({ steps, power, ratio: shareOf(to, value), begin }),
  shape({ steps, power, to, value, begin }, t) {
    const ratio = shareOf(to, value);
    return ratio + (1 - ratio) * (1 - progress(t, steps, begin)) ** power;
  },
});

/** REX (Chen, Wolfe & Kyrillidis 2022): value (1 - x) / (1 - x / 2), x = min(t, steps) / steps. */
export function rex(value: number, steps: number): Schedule {
  checkNumber("rex", "value", value);
  checkSteps("rex", steps);
  return { kind: "rex", value, steps };
}

defineSchedule<Schedule & { readonly steps: number }>({
  kind: "rex",
  key: ({ steps }) => ({ steps }),
  shape({ steps }, t) {
    const x = progress(t, steps);
    return (1 - x) / (1 - x / 2);
  },
});
