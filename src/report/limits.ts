// What a race does not show, in sentences that stand beside its result.
import { luck, wilson } from "./statistics.ts";
import type { Family, Summary } from "./summary.ts";
import { list, percent, plural, whole } from "./words.ts";

function luckSentence({ standings }: Summary): string[] {
  const counts = standings.map(({ interval }) => interval.count);
  const seeds = Math.min(...counts);
  if (standings.length < 2 || seeds >= 6) return [];
  if (seeds === 1) return ["One seed says nothing about spread: another seed may turn the order round."];
  const chance = luck(seeds, seeds);
  const odds = chance >= 0.01 ? `1 time in ${Math.round(1 / chance)}` : `${(100 * chance).toFixed(1)} % of the time`;
  return [`With ${seeds} seeds, two equal entries come apart completely by luck ${odds}.`];
}

function sampleSentence({ metric, standings, result }: Summary): string[] {
  const score = standings[0]!.score;
  if (metric !== "accuracy" || score === undefined || standings.length < 2) return [];
  const { validation } = result.data;
  const { low, high } = wilson(score, validation);
  const ends = `${percent(low, validation).slice(0, -2)} to ${percent(high, validation)}`;
  return [
    `All runs are scored on the same ${plural(validation, "validation example")}, and "behind" is said of these: on others like them ` +
      `${percent(score, validation)} may be anything from ${ends} (95 % interval).`,
  ];
}

function edgeSentences({ families }: Summary): string[] {
  const parts: string[] = [];
  const named = (kind: Family["edge"]) => families.filter(({ edge }) => edge === kind).map(({ label }) => label);
  for (const [kind, other] of [
    ["least", "smaller"],
    ["greatest", "larger"],
  ] as const) {
    const names = named(kind);
    if (names.length === 0) continue;
    parts.push(`The best lr of ${list(names, 8)} is the ${kind} one tried: a ${other} one may do better.`);
  }
  const two = named("only two");
  if (two.length > 0) parts.push(`Only two lrs were tried for ${list(two, 8)}: the best one may lie anywhere.`);
  return parts;
}

/** What the numbers do not show, as sentences. */
export function limits(summary: Summary): string[] {
  const { standings, families, result, diverged, runs } = summary;
  const parts: string[] = [];
  if (diverged > 0) {
    parts.push(
      `${plural(diverged, "run")} of ${whole(runs)} diverged. A diverged run counts as the worst, in every median.`,
    );
  }
  if (standings.length > 1) {
    parts.push(
      `This is one task at one batch size (${result.batch}) and one budget (${plural(result.steps, "step")}). The order can change with any ` +
        "of them, and a curve read half way is not the result of a race half as long.",
    );
    parts.push(...luckSentence(summary), ...sampleSentence(summary));
    parts.push(
      `The best of ${standings.length} entries was picked by the numbers shown here, so its lead is a little flattering; no correction is made ` +
        "for the number of comparisons.",
    );
    const tried = families.map(({ members }) => new Set(members.map(({ entry }) => entry.lr)).size);
    if (new Set(tried).size > 1) {
      const each = families.map(({ label }, i) => `${label} ${tried[i]}`);
      parts.push(`Not every optimizer was tried with as many learning rates: ${list(each, 12)}.`);
    }
    parts.push(...edgeSentences(summary));
  }
  if (result.made.software) {
    parts.push("It ran on a software adapter, without a GPU: its speed says nothing about a GPU.");
  }
  return parts;
}
