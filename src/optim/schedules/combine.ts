// Schedules made of schedules: a warm-up before one, one after another, several at once.
import { checkInteger, checkKeys, checkNumber, fail } from "../../core/check.ts";
import {
  constantSchedule,
  defineSchedule,
  type Schedule,
  type Scheduled,
  scheduleKind,
  shapeAt,
  shapeKey,
  valueAt,
} from "../schedule.ts";
import { checkEnds, shareOf } from "./share.ts";
import { checkMilestones } from "./steps.ts";

/** Losses are counted from step 0, so what listens to them cannot begin later. */
function asSchedule(where: string, given: Scheduled): Schedule {
  const spec = typeof given === "number" ? constantSchedule(given) : given;
  if (scheduleKind(spec).listen) fail(where, `${spec.kind} counts from step 0`, "multiply it: productSchedule");
  return spec;
}

interface WarmupSpec extends Schedule {
  readonly steps: number;
  readonly from: number;
  readonly after: Schedule;
}

/**
 * In `steps` steps straight from `from` (default 0) to where the schedule begins, then that schedule, its steps counted
 * from there. From 0, step 0 changes nothing, as in optax and most training scripts; give a `from` above 0 to use it.
 */
export function warmup(after: Scheduled, steps: number, options: { from?: number } = {}): Schedule {
  checkKeys("warmup", options, ["from"]);
  const { from = 0 } = options;
  const next = asSchedule("warmup", after);
  checkInteger("warmup", "steps", steps, { min: 1 });
  checkEnds("warmup", next.value, { from });
  return { kind: "warmup", value: next.value, steps, from, after: next };
}

defineSchedule<WarmupSpec>({
  kind: "warmup",
  key: ({ steps, from, value, after }) => ({ steps, ratio: shareOf(from, value), after: shapeKey(after) }),
  shape({ steps, from, value, after }, t) {
    if (t >= steps) return shapeAt(after, t - steps);
    const [start, end] = [shareOf(from, value), shapeAt(after, 0)];
    return start + ((end - start) * t) / steps;
  },
});

interface SequentialSpec extends Schedule {
  readonly parts: readonly Schedule[];
  readonly milestones: readonly number[];
}

/**
 * One schedule after another: the next begins at each milestone, its own steps counted from there. Each has its own
 * value. PyTorch's SequentialLR, optax' join_schedules.
 */
export function sequentialSchedule(parts: readonly Scheduled[], milestones: readonly number[]): Schedule {
  checkMilestones("sequentialSchedule", milestones);
  if (parts.length !== milestones.length + 1) {
    fail(
      "sequentialSchedule",
      `${parts.length} schedules and ${milestones.length} milestones`,
      "give one schedule more",
    );
  }
  const all = parts.map((part) => asSchedule("sequentialSchedule", part));
  const value = all.reduce((most, part) => (Math.abs(part.value) > Math.abs(most) ? part.value : most), 0);
  return { kind: "sequential", value, parts: all, milestones: [...milestones] };
}

defineSchedule<SequentialSpec>({
  kind: "sequential",
  key: ({ value, parts, milestones }) => ({
    milestones,
    parts: parts.map((part) => [shareOf(part.value, value), shapeKey(part)]),
  }),
  shape({ value, parts, milestones }, t) {
    const passed = milestones.filter((at) => t >= at).length;
    const part = parts[passed] as Schedule;
    return shareOf(valueAt(part, t - (milestones[passed - 1] ?? 0)), value);
  },
});

/**
 * Several at once: the product of their values. One carries the unit, the others are factors of value 1, as in
 * productSchedule(linearSchedule(1e-3, 5), exponentialDecay(1, 0.9)). PyTorch's ChainedScheduler.
 */
export function productSchedule(...factors: readonly Schedule[]): Schedule {
  if (factors.length === 0) fail("productSchedule", "no schedules, expected at least one");
  const value = factors.reduce((product, factor) => product * checkNumber("productSchedule", "value", factor.value), 1);
  return { kind: "product", value, factors: [...factors] };
}

defineSchedule<Schedule & { readonly factors: readonly Schedule[] }>({
  kind: "product",
  key: ({ factors }) => factors.map(shapeKey),
  shape: ({ factors }, t) => factors.reduce((product, factor) => product * shapeAt(factor, t), 1),
});
