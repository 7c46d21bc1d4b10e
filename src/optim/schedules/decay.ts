// Decays without an end: exponential, inverse time, inverse square root.
import { checkInteger, checkKeys, checkNumber } from "../../core/check.ts";
import { defineSchedule, type Schedule } from "../schedule.ts";
import { checkBegin, checkEnds, shareOf } from "./share.ts";

interface ExponentialSpec extends Schedule {
  readonly gamma: number;
  readonly every?: number;
  readonly begin?: number;
  readonly staircase?: true;
  readonly to?: number;
}

export interface ExponentialOptions {
  /** Steps in which the value falls by gamma once. Default 1. */
  readonly every?: number;
  /** Steps before it begins. Default 0. */
  readonly begin?: number;
  /** true: falls in jumps, every so many steps. Default false. */
  readonly staircase?: boolean;
  /** A bound, in the unit of the value, that it stops at: the least with gamma below 1, else the greatest. */
  readonly to?: number;
}

/** value gamma^(t / every): PyTorch's ExponentialLR; with the options, optax' exponential_decay. */
export function exponentialDecay(value: number, gamma: number, options: ExponentialOptions = {}): Schedule {
  checkKeys("exponentialDecay", options, ["every", "begin", "staircase", "to"]);
  const { every = 1, begin = 0, staircase = false, to } = options;
  checkEnds("exponentialDecay", value, to === undefined ? {} : { to });
  checkNumber("exponentialDecay", "gamma", gamma, { above: 0 });
  checkInteger("exponentialDecay", "every", every, { min: 1 });
  checkBegin("exponentialDecay", begin);
  return {
    kind: "exponential",
    value,
    gamma,
    ...(every === 1 ? {} : { every }),
    ...(begin ? { begin } : {}),
    ...(staircase ? { staircase } : {}),
    ...(to === undefined ? {} : { to }),
  };
}

defineSchedule<ExponentialSpec>({
  kind: "exponential",
  key: ({ gamma, every, begin, staircase, to, value }) => {
    const bound = to === undefined ? undefined : shareOf(to, value);
    return { gamma, every, begin, staircase, bound };
  },
  shape({ gamma, every = 1, begin = 0, staircase, to, value }, t) {
    const x = Math.max(t - begin, 0) / every;
    const shape = gamma ** (staircase ? Math.floor(x) : x);
    if (to === undefined) return shape;
    return gamma < 1 ? Math.max(shape, shareOf(to, value)) : Math.min(shape, shareOf(to, value));
  },
});

/** value / (1 + rate t / every), t / every rounded down with staircase: Keras' InverseTimeDecay. every 1. */
export function inverseTime(
  value: number,
  rate: number,
  options: { every?: number; staircase?: boolean } = {},
): Schedule {
  checkKeys("inverseTime", options, ["every", "staircase"]);
  const { every = 1, staircase = false } = options;
  checkNumber("inverseTime", "value", value);
  checkNumber("inverseTime", "rate", rate, { min: 0 });
  checkInteger("inverseTime", "every", every, { min: 1 });
  return { kind: "inverseTime", value, rate, every, ...(staircase ? { staircase } : {}) };
}

defineSchedule<Schedule & { readonly rate: number; readonly every: number; readonly staircase?: true }>({
  kind: "inverseTime",
  key: ({ rate, every, staircase }) => ({ rate, every, staircase }),
  shape: ({ rate, every, staircase }, t) => 1 / (1 + rate * (staircase ? Math.floor(t / every) : t / every)),
});

/**
 * value min(n / warmup, sqrt(warmup / n)), n = t + 1 the number of the step: straight up to the value at step number
 * `warmup`, then down with the inverse square root.
 */
export function inverseSqrt(value: number, warmup: number): Schedule {
  checkNumber("inverseSqrt", "value", value);
  checkInteger("inverseSqrt", "warmup", warmup, { min: 1 });
  return { kind: "inverseSqrt", value, warmup };
}

/**
 * The Transformer's schedule (Vaswani et al. 2017): factor width^-0.5 min(n^-0.5, n warmup^-1.5), n = t + 1: an
 * inverseSqrt whose peak is factor (width warmup)^-0.5.
 */
export function noam(factor: number, width: number, warmup: number): Schedule {
  checkNumber("noam", "factor", factor);
  checkInteger("noam", "width", width, { min: 1 });
  checkInteger("noam", "warmup", warmup, { min: 1 });
  return inverseSqrt(factor / Math.sqrt(width * warmup), warmup);
}

defineSchedule<Schedule & { readonly warmup: number }>({
  kind: "inverseSqrt",
  key: ({ warmup }) => ({ warmup }),
  shape: ({ warmup }, t) => Math.min((t + 1) / warmup, Math.sqrt(warmup / (t + 1))),
});
