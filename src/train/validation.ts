// Validation while one run trains: early stopping and keeping the best. Depends on steps alone, so a recipe stops where it stopped.
import { checkInteger, checkKeys, checkNumber, fail } from "../core/check.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { Snapshot } from "./population.ts";
import type { Runner, Validator } from "./runner.ts";
import { arenasOf, BEST } from "./sections.ts";
import type { PopulationOptions, Validation, ValidationSpec } from "./spec.ts";
import type { TrainOptions } from "./train.ts";

export interface ValidationOptions {
  /** Steps between validations, which the last step has in any case; by default an epoch. */
  readonly every?: number;
  /** What is watched, of the validation rows: the loss, which should fall (default), or the accuracy, which should rise. */
  readonly monitor?: "loss" | "accuracy";
  /** Early stopping: ends after so many validations in a row without an improvement. By default it never does. */
  readonly patience?: number;
  /** What it must be better by to count as an improvement to `patience`; by default 0: any. */
  readonly minDelta?: number;
  /**
   * True: at its end the training goes back to the step whose validation was best (the first of equals), and that is what is
   * evaluated, predicted with and saved.
   */
  readonly keepBest?: boolean;
}

const keys: readonly (keyof ValidationOptions)[] = ["every", "monitor", "patience", "minDelta", "keepBest"];

/** The options with all their values, for the recipe. Throws for ones that cannot be and for data without validation rows. */
export function recorded({ data, batch, loss, validation = {} }: TrainOptions): Pick<PopulationOptions, "validation"> {
  const where = "train validation";
  checkKeys(where, validation, keys);
  const { monitor = "loss", patience, minDelta = 0, keepBest = false } = validation;
  if (data.splits.validation.count === 0) {
    fail(where, `${data.name} has no validation rows`, "split the data with some, e.g. split: { validation: 0.1 }");
  }
  if (monitor !== "loss" && monitor !== "accuracy") fail(where, `monitor is "${monitor}", expected loss or accuracy`);
  if (monitor === "accuracy" && !data.classes) fail(where, `${loss.kind} has no accuracy`, 'set monitor: "loss"');
  const epoch = Math.max(1, Math.floor(data.splits.train.count / batch));
  const spec: ValidationSpec = {
    every: checkInteger(where, "every", validation.every ?? epoch, { min: 1 }),
    monitor,
    minDelta: checkNumber(where, "minDelta", minDelta, { min: 0 }),
    ...(patience === undefined ? {} : { patience: checkInteger(where, "patience", patience, { min: 1 }) }),
    ...(keepBest ? { keepBest } : {}),
  };
  return { validation: spec };
}

/** What a list of validations comes to. NaN is no improvement. */
function judged(validations: readonly Validation[], { monitor, minDelta }: ValidationSpec) {
  const sign = monitor === "loss" ? -1 : 1;
  let best: Validation | undefined;
  let mark = Number.NEGATIVE_INFINITY;
  let waited = 0;
  for (const validation of validations) {
    const value = sign * validation[monitor];
    if (!Number.isNaN(value) && !(best && value <= sign * best[monitor])) best = validation;
    if (value - minDelta > mark) {
      mark = value;
      waited = 0;
    } else waited++;
  }
  return { best, waited };
}

/** What was known at a snapshot; `best` where the best step is another. */
export interface Known {
  readonly validations: readonly Validation[];
  readonly best: Snapshot | undefined;
}

/** What a validated training has found so far. */
export interface Validated {
  /** All validations, in order. */
  readonly validations: readonly Validation[];
  readonly best: Validation | undefined;
  /** The step it stopped early at; undefined where it has not. */
  readonly stopped: number | undefined;
}

export class Watch implements Validator, Validated {
  readonly #runner: Runner;
  readonly #spec: ValidationSpec;
  #validations: readonly Validation[] = [];
  #best: Snapshot | undefined;
  #stopped: number | undefined;
  /** The best there was at the time of a snapshot. */
  readonly #notes = new WeakMap<Snapshot, Snapshot | undefined>();

  constructor(runner: Runner, spec: ValidationSpec) {
    this.#runner = runner;
    this.#spec = spec;
  }

  get validations(): readonly Validation[] {
    return this.#validations;
  }

  get best(): Validation | undefined {
    return judged(this.#validations, this.#spec).best;
  }

  get stopped(): number | undefined {
    return this.#stopped;
  }

  get next(): number {
    const last = this.#validations.at(-1)?.step ?? 0;
    const { every } = this.#spec;
    return Math.min((Math.floor(last / every) + 1) * every, Math.max(this.#runner.steps, last + 1));
  }

  async pass(): Promise<boolean> {
    const { step, steps, population } = this.#runner;
    const [evaluation] = await population.evaluate("validation");
    if (!evaluation) fail("validation", "the population has no run");
    this.#validations = [...this.#validations, { step, ...evaluation }];
    const { patience, keepBest } = this.#spec;
    const { best, waited } = judged(this.#validations, this.#spec);
    const stops = patience !== undefined && waited >= patience && step < steps;
    const improved = keepBest === true && best?.step === step;
    // Taken of a stop as well: the last look at whether all numbers are finite.
    if (improved || stops) {
      const snapshot = await this.#runner.snapshot();
      if (improved) this.#best = snapshot;
    }
    if (stops) this.#stopped = step;
    if (stops || step >= steps) this.#runner.finish(keepBest && best?.step !== step ? this.#best : undefined);
    return stops;
  }

  note(snapshot: Snapshot): void {
    this.#notes.set(snapshot, this.#best);
  }

  known(snapshot: Snapshot): Known {
    const validations = this.#validations.filter(({ step }) => step <= snapshot.step);
    const { best } = judged(validations, this.#spec);
    const noted = this.#notes.get(snapshot);
    return {
      validations,
      best: best && noted && best.step === noted.step && noted.step < snapshot.step ? noted : undefined,
    };
  }

  /** Goes on from a checkpoint: its validations, its best, and its end if it had stopped. */
  restore(checkpoint: Checkpoint): void {
    const { validations = [], step } = checkpoint;
    this.#validations = validations;
    const { best, waited } = judged(validations, this.#spec);
    const { patience, keepBest } = this.#spec;
    const { population } = this.#runner;
    if (keepBest && best) {
      const [under, heard = []] = best.step === step ? ["", checkpoint.heard] : [BEST, checkpoint.bestHeard];
      this.#best = { step: best.step, ...arenasOf(population, checkpoint, under), heard };
    }
    if (patience === undefined || waited < patience || validations.at(-1)?.step !== step) return;
    this.#stopped = step;
    this.#runner.finish();
  }
}

/** Lets a runner validate as its recipe says, from its start or from a checkpoint on. */
export function watch(runner: Runner, checkpoint: Checkpoint | undefined): void {
  const { validation } = runner.population.options;
  if (!validation) return;
  const watching = new Watch(runner, validation);
  if (checkpoint) watching.restore(checkpoint);
  runner.validator = watching;
}
