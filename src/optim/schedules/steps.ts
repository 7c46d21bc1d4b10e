// Schedules that are flat between jumps: step, multi-step, a constant factor at first.
import { checkInteger, checkKeys, checkNumber, fail } from "../../core/check.ts";
import { defineSchedule, type Schedule } from "../schedule.ts";

/** value gamma^floor(t / every); gamma 0.1. PyTorch's StepLR. */
export function stepDecay(value: number, every: number, options: { gamma?: number } = {}): Schedule {
  checkKeys("stepDecay", options, ["gamma"]);
  const { gamma = 0.1 } = options;
  checkNumber("stepDecay", "value", value);
  checkInteger("stepDecay", "every", every, { min: 1 });
  checkNumber("stepDecay", "gamma", gamma, { min: 0 });
  return { kind: "step", value, every, gamma };
}

defineSchedule<Schedule & { readonly every: number; readonly gamma: number }>({
  kind: "step",
  key: ({ every, gamma }) => ({ every, gamma }),
  shape: ({ every, gamma }, t) => gamma ** Math.floor(t / every),
});

/**
 * The value times gamma at each milestone that has been reached (t >= milestone): PyTorch's MultiStepLR. With one gamma
 * for each milestone, optax' piecewise_constant_schedule. gamma 0.1.
 */
export function multiStepDecay(
  value: number,
  milestones: readonly number[],
  options: { gamma?: number | readonly number[] } = {},
): Schedule {
  checkKeys("multiStepDecay", options, ["gamma"]);
  const { gamma = 0.1 } = options;
  checkNumber("multiStepDecay", "value", value);
  checkMilestones("multiStepDecay", milestones);
  const each = typeof gamma === "number" ? milestones.map(() => gamma) : [...gamma];
  if (each.length !== milestones.length) {
    fail(
      "multiStepDecay",
      `${each.length} gammas for ${milestones.length} milestones`,
      "give one for each, or one number",
    );
  }
  for (const factor of each) checkNumber("multiStepDecay", "gamma", factor, { min: 0 });
  return { kind: "multiStep", value, milestones: [...milestones], gammas: each };
}

/** Steps in rising order, at least one. */
export function checkMilestones(where: string, milestones: readonly number[]): void {
  if (milestones.length === 0) fail(where, "no milestones, expected at least one");
  milestones.forEach((at, i) => {
    checkInteger(where, "milestone", at, { min: 1 });
    if (i > 0 && at <= (milestones[i - 1] as number)) {
      fail(where, `milestones ${milestones.join(", ")}, expected them in rising order`);
    }
  });
}

defineSchedule<Schedule & { readonly milestones: readonly number[]; readonly gammas: readonly number[] }>({
  kind: "multiStep",
  key: ({ milestones, gammas }) => ({ milestones, gammas }),
  shape: ({ milestones, gammas }, t) =>
    gammas.reduce((product, gamma, i) => (t >= (milestones[i] as number) ? product * gamma : product), 1),
});

/** value factor in the first `steps` steps, then value; factor 1/3. PyTorch's ConstantLR: a warm-up in one jump. */
export function constantFactor(value: number, steps: number, options: { factor?: number } = {}): Schedule {
  checkKeys("constantFactor", options, ["factor"]);
  const { factor = 1 / 3 } = options;
  checkNumber("constantFactor", "value", value);
  checkInteger("constantFactor", "steps", steps, { min: 1 });
  checkNumber("constantFactor", "factor", factor);
  return { kind: "constantFactor", value, steps, factor };
}

defineSchedule<Schedule & { readonly steps: number; readonly factor: number }>({
  kind: "constantFactor",
  key: ({ steps, factor }) => ({ steps, factor }),
  shape: ({ steps, factor }, t) => (t < steps ? factor : 1),
});
