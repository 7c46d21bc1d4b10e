// Decoupled decay that only the schedule multiplies, as AdamW's paper has it.
import { fail } from "../core/check.ts";
import type { Hyper } from "./presets.ts";
import { isSchedule } from "./schedule.ts";

/**
 * The decay that, multiplied by lr at every step, is weightDecay times lr's schedule over its value: p -= eta_t (lr u +
 * weightDecay p) of Loshchilov & Hutter 2019, algorithm 2. Of numbers, and of an lr that is a number or a schedule.
 */
export function decayOverLr(where: string, decay: Hyper, lr: Hyper): number {
  const value = isSchedule(lr) ? lr.value : lr;
  if (typeof decay !== "number" || typeof value !== "number" || value === 0) {
    fail(
      where,
      "decayTimesLr: false without a weightDecay that is a number and an lr other than 0 that is a number or a schedule",
    );
  }
  return decay / value;
}
