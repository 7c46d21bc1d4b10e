// Cosines: annealing once, and with warm restarts.
import { checkInteger, checkKeys, checkNumber } from "../../core/check.ts";
import { defineSchedule, type Schedule } from "../schedule.ts";
import { checkEnds, checkSteps, halfCosine, shareOf } from "./share.ts";

interface CosineSpec extends Schedule {
  readonly steps: number;
  readonly to: number;
  readonly bounce?: true;
  readonly power?: number;
}

export interface CosineOptions {
  /** The end, in the unit of the value (optax' alpha is a share of it). Default 0. */
  readonly to?: number;
  /** true: goes up again after `steps` and down after twice as many, as PyTorch's does; false: stays at the end. */
  readonly bounce?: boolean;
  /** Exponent of the cosine (optax). Default 1. */
  readonly power?: number;
}

/**
 * Cosine annealing (Loshchilov & Hutter 2017): to + (value - to) ((1 + cos(pi t / steps)) / 2)^power, and `to` from
 * then on. PyTorch's CosineAnnealingLR with bounce: true, optax' cosine_decay_schedule without.
 */
export function cosine(value: number, steps: number, options: CosineOptions = {}): Schedule {
  checkKeys("cosine", options, ["to", "bounce", "power"]);
  const { to = 0, bounce = false, power = 1 } = options;
  checkNumber("cosine", "value", value);
  checkNumber("cosine", "to", to);
  checkSteps("cosine", steps);
  checkNumber("cosine", "power", power, { above: 0 });
  checkEnds("cosine", value, { to });
  return { kind: "cosine", value, steps, to, ...(bounce ? { bounce } : {}), ...(power === 1 ? {} : { power }) };
}

defineSchedule<CosineSpec>({
  kind: "cosine",
  key: ({ steps, to, value, bounce, power }) => ({ steps, ratio: shareOf(to, value), bounce, power }),
  shape({ steps, to, value, bounce, power = 1 }, t) {
    const ratio = shareOf(to, value);
    const wave = halfCosine((bounce ? t : Math.min(t, steps)) / steps);
    return ratio + (1 - ratio) * (power === 1 ? wave : wave ** power);
  },
});

interface RestartsSpec extends Schedule {
  readonly period: number;
  readonly mult: number;
  readonly to: number;
}

/** The place in its period, as a share of it, of step t where periods grow by `mult`. */
function inPeriod(t: number, period: number, mult: number): number {
  let [start, length] = [0, period];
  while (t >= start + length) [start, length] = [start + length, length * mult];
  return (t - start) / length;
}

/**
 * Cosine annealing with warm restarts (SGDR, Loshchilov & Hutter 2017): to + (value - to) (1 + cos(pi i / T)) / 2, i
 * counted from the last restart; the first period T has `period` steps, each next one `mult` times as many (default 1).
 * PyTorch's CosineAnnealingWarmRestarts.
 */
export function cosineRestarts(value: number, period: number, options: { mult?: number; to?: number } = {}): Schedule {
  checkKeys("cosineRestarts", options, ["mult", "to"]);
  const { mult = 1, to = 0 } = options;
  checkInteger("cosineRestarts", "period", period, { min: 1 });
  checkInteger("cosineRestarts", "mult", mult, { min: 1 });
  checkEnds("cosineRestarts", value, { to });
  return { kind: "cosineRestarts", value, period, mult, to };
}

defineSchedule<RestartsSpec>({
  kind: "cosineRestarts",
  key: ({ period, mult, to, value }) => ({ period, mult, ratio: shareOf(to, value) }),
  shape({ period, mult, to, value }, t) {
    const ratio = shareOf(to, value);
    const x = mult === 1 ? (t % period) / period : inPeriod(t, period, mult);
    return ratio + (1 - ratio) * halfCosine(x);
  },
});
