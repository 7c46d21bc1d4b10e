// The race as a table: by training loss while it runs, by the report's ranks at its end.
import { makeOptimizer, type OptimizerSpec } from "../../cli/optimizers.ts";
import type { EntrySpec } from "../../cli/job.ts";
import { summarise } from "../../report/summary.ts";
import { bandName, rate, scored, short, verdictNote, whole } from "../../report/words.ts";
import { type OptimizerCost, optimizerCost } from "../../scheduler/cost.ts";
import { NumberField } from "../train/field.tsx";
import { looksOf, order } from "./chart.ts";
import { curveOf, reachedOf } from "./standings.ts";
import { type Heard, heard, ownTarget, result, target } from "./store.ts";

const costs = new Map<string, OptimizerCost>();

function costOf({ optimizer }: EntrySpec): OptimizerCost {
  const key = "kind" in optimizer ? JSON.stringify(optimizer) : optimizer.name;
  const known =
    costs.get(key) ?? optimizerCost("kind" in optimizer ? optimizer : makeOptimizer(optimizer as OptimizerSpec, 2));
  costs.set(key, known);
  return known;
}

interface Row {
  readonly index: number;
  readonly rank: number;
  readonly score: string;
  readonly band: string;
  readonly verdict: string;
}

/** Ranks of the report, by validation rows. */
function endRows(of: Heard): { rows: Row[]; head: string; note: string } | undefined {
  const made = result.value;
  if (!made || !of.done || of.done.runs.length === 0) return undefined;
  const summary = summarise(made);
  const rows = summary.standings.map(
    ({ rank, entry, score, low, high, verdict, diverged }): Row => ({
      index: made.entries.indexOf(entry),
      rank,
      score: scored(summary, score),
      band: (low ?? high) === undefined ? "–" : `${scored(summary, low)} to ${scored(summary, high)}`,
      verdict: diverged > 0 ? `${verdict}, ${diverged} diverged` : verdict,
    }),
  );
  const note = `Medians over seeds on ${whole(made.data.validation)} validation rows; in brackets ${bandName(summary)}. ${verdictNote(summary)}`;
  return { rows, head: `Validation ${summary.metric}`, note };
}

/** By the newest training losses. */
function liveRows({ facts, points }: Heard): { rows: Row[]; head: string; note: string } | undefined {
  const last = points.at(-1);
  if (!facts || !last) return undefined;
  const rows = order(facts, last).map((index, i): Row => {
    const { middle, low, high } = curveOf([last], index, facts.seeds.length);
    const word = (value: number | null | undefined): string => (typeof value === "number" ? short(value) : "diverged");
    return { index, rank: i + 1, score: word(middle[0]), band: `${word(low[0])} to ${word(high[0])}`, verdict: "" };
  });
  return {
    rows,
    head: "Training loss",
    note: "Medians over seeds of the newest training losses. Ranks by validation rows come at the end.",
  };
}

const TARGET = { label: "Target training loss", min: 0, max: 1e9 };

export function RaceTable() {
  const of = heard.value;
  const { facts, points } = of ?? {};
  const shown = of && (endRows(of) ?? liveRows(of));
  if (!of || !facts || !points || !shown) return null;
  const looks = looksOf(facts.entries);
  return (
    <section aria-labelledby="standings-title" class="standings">
      <h2 id="standings-title">Standings</h2>
      <div class="scroll" tabIndex={0}>
        <table id="standings">
          <thead>
            <tr>
              <th scope="col" class="n">
                Rank
              </th>
              <th scope="col">Entry</th>
              <th scope="col" class="n">
                Rate
              </th>
              <th scope="col" class="n">
                {shown.head}
              </th>
              <th scope="col">{facts.seeds.length > 1 ? "[low to high]" : ""}</th>
              <th scope="col" class="n">
                Steps to target
              </th>
              <th scope="col" class="n" title="State numbers a parameter, bytes moved a parameter and step">
                State, bytes
              </th>
              <th scope="col">Verdict</th>
            </tr>
          </thead>
          <tbody>
            {shown.rows.map(({ index, rank, score, band, verdict }) => {
              const entry = facts.entries[index] as (typeof facts.entries)[number];
              const { steps, runs } = reachedOf(points, index, { seeds: facts.seeds.length, target: target.value });
              const cost = costOf(of.job.entries[index] as EntrySpec);
              const look = looks[index] as (typeof looks)[number];
              return (
                <tr key={entry.name}>
                  <td class="n">{rank}</td>
                  <th scope="row">
                    <svg width="22" height="8" aria-hidden="true">
                      <line
                        x1="0"
                        y1="4"
                        x2="22"
                        y2="4"
                        stroke-width="3"
                        stroke-dasharray={look.dash.join(" ")}
                        style={{ stroke: `var(${look.colour})` }}
                      />
                    </svg>{" "}
                    {entry.name}
                  </th>
                  <td class="n">{rate(entry.lr)}</td>
                  <td class="n">{score}</td>
                  <td>{facts.seeds.length > 1 ? `[${band}]` : ""}</td>
                  <td class="n">
                    {steps === undefined ? `not reached (${runs} of ${facts.seeds.length})` : whole(steps)}
                  </td>
                  <td class="n">
                    {cost.state}, {Math.round(cost.bytes)}
                  </td>
                  <td>{verdict}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <p class="soft">{shown.note}</p>
      <div class="target">
        <NumberField
          id="race-target"
          limits={TARGET}
          value={target.value}
          onChange={(value) => {
            ownTarget.value = value;
          }}
        />
        <p class="soft">
          Steps until a run's training loss, averaged over each logged window, is at or below it: the median over seeds,
          and how many came there where half or more did not.
        </p>
      </div>
    </section>
  );
}
