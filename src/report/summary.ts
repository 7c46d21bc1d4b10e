// Ranks, medians and verdicts of a race: what the table, the charts and the sentences all speak of.
import { checkResult, type EntryResult, type RaceResult, type RunResult } from "./result.ts";
import { type Interval, interval, median, probabilityLess, type Spacing, separable } from "./statistics.ts";

/** Against the entry of rank 1: `behind` when the two are separable. `one seed` and `few seeds`: too few to say. */
export type Verdict = "best" | "not separable" | "behind" | "few seeds" | "one seed" | "diverged";

/** An entry's place. Scores are accuracies where the race has them, else validation losses. */
export interface Standing {
  readonly rank: number;
  readonly entry: EntryResult;
  /** Index into the summary's families. */
  readonly family: number;
  /** One per run, in order; undefined for a run that diverged. */
  readonly scores: readonly (number | undefined)[];
  /** Undefined when so many runs diverged that the median is one of them. */
  readonly score: number | undefined;
  /** In the score's unit, low <= high; an end that is a diverged run is undefined. */
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly interval: Interval;
  /** Median validation loss, undefined as for the score. */
  readonly loss: number | undefined;
  readonly diverged: number;
  readonly verdict: Verdict;
  /** Share of seed pairs in which the entry of rank 1 does better. Undefined for that entry itself. */
  readonly beaten: number | undefined;
}

/** Entries that differ in their lr only. */
export interface Family {
  readonly name: string;
  /** The name's first word where no other family begins with it, else the name. */
  readonly label: string;
  /** By ascending lr. */
  readonly members: readonly Standing[];
  readonly best: Standing;
  /** Where the best lr lies at an end of the lrs tried, so that the optimum may lie beyond. */
  readonly edge: "least" | "greatest" | "only two" | undefined;
}

export interface Summary {
  readonly result: RaceResult;
  readonly metric: "accuracy" | "loss";
  /** By rank. */
  readonly standings: readonly Standing[];
  /** By the rank of their best. */
  readonly families: readonly Family[];
  readonly runs: number;
  readonly diverged: number;
}

const gone = (run: RunResult): boolean => run.diverged !== undefined || !Number.isFinite(run.validation.loss);

/** The optimizer's text without its learning rate. */
export function familyName(entry: EntryResult): string {
  if (entry.family !== undefined) return entry.family;
  const text = entry.optimizer
    .replace(/\blr\b\s*[:=]?\s*\d[\d.]*(e[+-]?\d+)?\s*,?\s*/i, "")
    .replace(/\(\s*\)|[,\s]+$/g, "")
    .replace(/,\s*\)/g, ")")
    .trim();
  return text === "" ? entry.optimizer : text;
}

/** Less is better: the validation loss, or the accuracy with its sign turned; Infinity for a diverged run. */
function costs(entry: EntryResult, metric: Summary["metric"]): number[] {
  return entry.runs.map((run) => {
    if (gone(run)) return Number.POSITIVE_INFINITY;
    return metric === "accuracy" ? -run.validation.accuracy! : run.validation.loss;
  });
}

function verdict(of: Interval, best: Interval, middle: number): Verdict {
  if (middle === Number.POSITIVE_INFINITY) return "diverged";
  if (of === best) return "best";
  const seeds = Math.min(of.count, best.count);
  if (seeds < 3) return seeds === 1 ? "one seed" : "few seeds";
  return separable(of, best) ? "behind" : "not separable";
}

function edge(members: readonly Standing[], best: Standing): Family["edge"] {
  const lrs = members.map(({ entry }) => entry.lr);
  const least = Math.min(...lrs);
  const greatest = Math.max(...lrs);
  if (least === greatest || best.score === undefined) return undefined;
  if (new Set(lrs).size === 2) return "only two";
  return best.entry.lr === least ? "least" : best.entry.lr === greatest ? "greatest" : undefined;
}

/** Ranks by median score, equal ones by median validation loss, then by their order in the race. */
function ranked(result: RaceResult, metric: Summary["metric"]) {
  const spacing: Spacing = metric === "accuracy" ? "linear" : "log";
  return result.entries
    .map((entry) => {
      const cost = costs(entry, metric);
      const losses = costs(entry, "loss");
      return {
        entry,
        cost,
        middle: median(cost, spacing),
        where: interval(cost, spacing),
        loss: median(losses, "log"),
      };
    })
    .sort((a, b) =>
      a.middle === b.middle ? (a.loss < b.loss ? -1 : a.loss > b.loss ? 1 : 0) : a.middle < b.middle ? -1 : 1,
    );
}

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);

/** Ranks, medians, intervals and verdicts of a result. Throws for one that cannot be reported (`checkResult`). */
export function summarise(result: RaceResult): Summary {
  checkResult(result);
  const all = result.entries.flatMap(({ runs }) => runs);
  const scored = all.every((run) => gone(run) || Number.isFinite(run.validation.accuracy));
  const metric = result.metricName === "accuracy" && scored ? "accuracy" : "loss";
  const sign = metric === "accuracy" ? -1 : 1;
  const order = ranked(result, metric);
  const best = order[0]!;
  const names = [...new Set(order.map(({ entry }) => familyName(entry)))];
  const standings = order.map(({ entry, cost, middle, where, loss }, i): Standing => {
    const ends = [finite(where.low), finite(where.high)].map((end) => (end === undefined ? undefined : sign * end));
    const [low, high] = sign < 0 ? ends.reverse() : ends;
    return {
      rank: i + 1,
      entry,
      family: names.indexOf(familyName(entry)),
      scores: cost.map((value) => (Number.isFinite(value) ? sign * value : undefined)),
      score: Number.isFinite(middle) ? sign * middle : undefined,
      low,
      high,
      interval: where,
      loss: finite(loss),
      diverged: entry.runs.filter(gone).length,
      verdict: verdict(where, best.where, middle),
      beaten: i === 0 ? undefined : probabilityLess(best.cost, cost),
    };
  });
  const first = (name: string): string => name.split(/[\s(,]/)[0]!;
  const families = names.map((name, index): Family => {
    const alone = names.filter((other) => first(other) === first(name)).length === 1;
    const of = standings.filter(({ family }) => family === index);
    const members = [...of].sort((a, b) => a.entry.lr - b.entry.lr);
    return { name, label: alone ? first(name) : name, members, best: of[0]!, edge: edge(members, of[0]!) };
  });
  return { result, metric, standings, families, runs: all.length, diverged: all.filter(gone).length };
}
