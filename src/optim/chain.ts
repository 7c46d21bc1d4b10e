// A chain: rules in order, as plain data, checked.
import { checkKeys, checkNumber, fail } from "../core/check.ts";
import { type RuleSpec, rules } from "./rule.ts";
import { isSchedule, type Scheduled, sampled, valueAt } from "./schedule.ts";

/** One rule of a chain with its hyperparameters; plain data. */
export interface Link {
  readonly rule: string;
  readonly options: Readonly<Record<string, Scheduled>>;
  readonly clock?: Clock;
}

/** When a link plays: at every `every`th step only, and from state 0 and its first step again after `restart` of those. */
export interface Clock {
  readonly every?: number;
  readonly restart?: number;
}

/** Which parameters: by name ("layer1", "layer2.b"), or by kind. */
export interface Match {
  readonly names?: readonly string[];
  readonly only?: "matrices" | "vectors";
}

/** Links of their own for some parameters; none at all freeze them. */
export interface Group {
  readonly match: Match;
  readonly links: readonly Link[];
}

export interface Optimizer {
  readonly kind: "chain";
  readonly links: readonly Link[];
  /** A parameter belongs to the first group that matches it, else to the links above. */
  readonly groups?: readonly Group[];
}

type Given = Readonly<Record<string, Scheduled | boolean | ((t: number) => number) | undefined>>;

/** A link of a rule: misspelt hyperparameters and numbers that are not finite are errors. Functions stay until training samples them. */
export function link(rule: Pick<RuleSpec, "name" | "options">, given: Given = {}): Link {
  const where = rule.name;
  checkKeys(where, given, Object.keys(rule.options));
  const options: Record<string, Scheduled> = {};
  for (const [name, fallback] of Object.entries(rule.options)) {
    const value = given[name] ?? fallback;
    if (typeof value === "boolean") options[name] = value ? 1 : 0;
    else if (typeof value === "function") options[name] = value as unknown as Scheduled;
    else if (isSchedule(value)) options[name] = value;
    else options[name] = checkNumber(where, name, value);
  }
  return { rule: rule.name, options };
}

/** A chain of links in the order they work on the gradient. It must end in descend, and what may stand after it. */
export function chain(...links: readonly Link[]): Optimizer {
  if (links.filter(({ rule }) => !rules.get(rule)?.after).at(-1)?.rule !== "descend") {
    const names = links.map(({ rule }) => rule).join(", ") || "nothing";
    fail("chain", `ends in ${names}, expected descend(lr) last`, "add descend(lr)");
  }
  return { kind: "chain", links };
}

/** Functions of the step become sampled schedules over the training's steps. */
export function sampleFunctions(optimizer: Optimizer, steps: number): Optimizer {
  const all = (links: readonly Link[]): Link[] =>
    links.map((at) => ({
      ...at,
      options: Object.fromEntries(
        Object.entries(at.options).map(([name, value]) => [
          name,
          typeof value === "function" ? sampled(value as (t: number) => number, steps) : value,
        ]),
      ),
    }));
  const { links, groups } = optimizer;
  const own = groups && { groups: groups.map((group) => ({ ...group, links: all(group.links) })) };
  return { kind: "chain", links: all(links), ...own };
}

/** The learning rate of a chain at step t = 0, 1, ..., for reports: the product of its descents (two with lrInside). */
export const learningRateAt = (optimizer: Optimizer, t: number): number =>
  optimizer.links
    .filter(({ rule }) => rule === "descend")
    .reduce((product, { options }) => product * valueAt(options.lr ?? 0, t), 1);
