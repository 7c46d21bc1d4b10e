// Reduce on plateau: the value falls when the loss has stopped to. What it heard and did is in its spec, as plain data.
import { checkInteger, checkKeys, checkNumber, fail } from "../../core/check.ts";
import { defineSchedule, type Listener, type Schedule } from "../schedule.ts";

export interface PlateauOptions {
  /** What the value is multiplied by, below 1. Default 0.1. */
  readonly factor?: number;
  /** Losses in a row that may be no better before the value falls. Default 10. */
  readonly patience?: number;
  /** How much better is better. Default 1e-4. */
  readonly threshold?: number;
  /** Whether the threshold is a share of the best loss ("rel") or in its unit ("abs"). Default "rel". */
  readonly thresholdMode?: "rel" | "abs";
  /** Losses after a fall that are not counted. Default 0. */
  readonly cooldown?: number;
  /** The value never falls below it. Default 0. */
  readonly min?: number;
  /** A fall smaller than this is left out. Default 1e-8. */
  readonly eps?: number;
  /** "max": larger is better. Default "min". */
  readonly mode?: "min" | "max";
  /** Steps whose mean loss is heard at once. Default 100. */
  readonly every?: number;
  /** A change is applied so many steps after the last loss it was made from. Default 32. */
  readonly delay?: number;
}

type Numbers = { readonly [Name in keyof PlateauOptions]-?: NonNullable<PlateauOptions[Name]> };

interface PlateauSpec extends Schedule, Numbers {
  /** [step, shape]: from that step on. In a user's own spec there is none; a run's copy gathers them. */
  readonly changes?: readonly (readonly [number, number])[];
  readonly run?: number;
}

const DEFAULTS: Numbers = {
  factor: 0.1,
  patience: 10,
  threshold: 1e-4,
  thresholdMode: "rel",
  cooldown: 0,
  min: 0,
  eps: 1e-8,
  mode: "min",
  every: 100,
  delay: 32,
};

/**
 * PyTorch's ReduceLROnPlateau on the training loss of a run, with its defaults: the mean of every `every` steps is
 * heard; after more than `patience` in a row that are no better than the best so far, the value is multiplied by
 * `factor`. The change is applied `delay` steps after the last loss it was made from, at a step that does not depend on
 * the machine, so that runs repeat; a delay of two submits or more keeps the GPU busy. every: 1, delay: 0 is PyTorch's
 * own. Each run of a race has its own.
 */
export function plateau(value: number, options: PlateauOptions = {}): Schedule {
  checkKeys("plateau", options, Object.keys(DEFAULTS));
  const all = { ...DEFAULTS, ...options };
  checkNumber("plateau", "value", value);
  checkNumber("plateau", "factor", all.factor, { min: 0, below: 1 });
  for (const name of ["patience", "cooldown", "delay"] as const) checkInteger("plateau", name, all[name], { min: 0 });
  for (const name of ["threshold", "min", "eps"] as const) checkNumber("plateau", name, all[name], { min: 0 });
  checkInteger("plateau", "every", all.every, { min: 1 });
  if (all.mode !== "min" && all.mode !== "max") fail("plateau", `mode is "${all.mode}"`, "use min or max");
  if (all.thresholdMode !== "rel" && all.thresholdMode !== "abs") {
    fail("plateau", `thresholdMode is "${all.thresholdMode}"`, "use rel or abs");
  }
  return { kind: "plateau", value, ...all };
}

/** What a run's plateau knows. `best` is null before the first loss. */
interface Heard {
  steps: number;
  sum: number;
  best: number | null;
  bad: number;
  rest: number;
  changes: [number, number][];
}

/** Whether a loss is better than the best so far, as PyTorch decides it. */
function isBetter(loss: number, best: number | null, { mode, threshold, thresholdMode }: PlateauSpec): boolean {
  if (best === null) return Number.isFinite(loss);
  if (mode === "min") return loss < (thresholdMode === "rel" ? best * (1 - threshold) : best - threshold);
  return loss > (thresholdMode === "rel" ? best * (1 + threshold) : best + threshold);
}

/** Hears the mean loss of a period: counts, and where patience is at its end gives the new shape. */
function hear(heard: Heard, loss: number, spec: PlateauSpec): number | undefined {
  if (isBetter(loss, heard.best, spec)) {
    heard.best = loss;
    heard.bad = 0;
  } else heard.bad++;
  if (heard.rest > 0) {
    heard.rest--;
    heard.bad = 0;
  }
  if (heard.bad <= spec.patience) return undefined;
  heard.bad = 0;
  heard.rest = spec.cooldown;
  const now = heard.changes.at(-1)?.[1] ?? 1;
  const next = Math.max(now * spec.factor, spec.value === 0 ? 0 : spec.min / spec.value);
  return (now - next) * spec.value > spec.eps ? next : undefined;
}

/** A run's own copy and what tells it. */
function listen(given: PlateauSpec, run: number): Listener {
  const heard: Heard = { steps: 0, sum: 0, best: null, bad: 0, rest: 0, changes: [] };
  const spec: PlateauSpec = { ...given, run, changes: heard.changes };
  const { every, delay } = spec;
  return {
    spec,
    tell(loss) {
      heard.steps++;
      heard.sum += loss;
      if (heard.steps % every !== 0) return;
      const next = hear(heard, heard.sum / every, spec);
      heard.sum = 0;
      if (next !== undefined) heard.changes.push([heard.steps + delay, next]);
    },
    horizon: () => (Math.floor(heard.steps / every) + 1) * every + delay,
    state: () => structuredClone(heard) as unknown as Readonly<Record<string, unknown>>,
    restore(state) {
      const { changes, sum, ...rest } = structuredClone(state) as unknown as Heard;
      // A sum that is not finite is null in JSON.
      Object.assign(heard, rest, { sum: sum ?? Number.NaN });
      heard.changes.splice(0, heard.changes.length, ...changes);
    },
  };
}

defineSchedule<PlateauSpec>({
  kind: "plateau",
  key: ({ run, changes }) => (run === undefined ? (changes ?? 1) : { run }),
  shape: ({ changes = [] }, t) => changes.findLast(([from]) => t >= from)?.[1] ?? 1,
  listen,
});
