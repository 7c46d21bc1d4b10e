// fall-line train --find-lr: the learning rate range test of a task, as numbers and as a plot.
import { join } from "node:path";
import { lrSentence, lrSvg, type RaceResult } from "../report/index.ts";
import { type LrCurve, lrCurve, lrSweep, medianLoss } from "../train/find_lr.ts";
import { type Parsed, type Values, written } from "./args.ts";
import type { Services } from "./chrome.ts";
import { exitCodes, UsageError } from "./errors.ts";
import type { Job } from "./job.ts";
import { entryName, optimizerText, type OptimizerSpec, withRate } from "./optimizers.ts";
import { engineOf, folderOf, writeFileSafely } from "./results.ts";
import { inSession, say } from "./session.ts";
import { jobOf } from "./settings.ts";

const [FROM, TO, STEPS] = [1e-6, 10, 100];

/** Flags that a range test has no use for. */
const USELESS: readonly string[] = [
  ...["lr", "schedule", "steps", "epochs", "save", "resume", "target", "dataSeed"],
  ...["validateEvery", "monitor", "patience", "minDelta", "keepBest"],
];

/** The task's job with its lr swept: one entry and three seeds, or the seed given. */
async function sweepJob(values: Values, config: Values): Promise<{ job: Job; optimizer: string }> {
  const given = USELESS.find((name) => values[name] !== undefined);
  if (given) throw new UsageError(`${written({ name: given })}: is of no use to --find-lr; leave it out`, "train");
  const job = await jobOf("train", values, config);
  const [entry] = job.entries;
  if (!entry || "kind" in entry.optimizer) {
    throw new UsageError("--find-lr: the recipe's optimizer is a chain of rules, expected one by name", "train");
  }
  const spec: OptimizerSpec = { ...entry.optimizer, schedule: "constant" };
  const { epochs: _, dataSeed: __, validation: ___, ...rest } = job;
  const swept = { name: entryName(spec), optimizer: withRate(spec, lrSweep(FROM, TO, STEPS)) };
  const seeds = values.seed === undefined && config.seed === undefined ? [0, 1, 2] : job.seeds;
  return {
    job: { ...rest, kind: "race", entries: [swept], seeds, steps: STEPS, test: false },
    optimizer: optimizerText(spec).replace(/ lr \S+/, ""),
  };
}

/** The curve of a result whose points are single steps. */
function curveOf({ at, entries }: RaceResult): LrCurve {
  const runs = entries[0]?.runs ?? [];
  const lr = (step: number): number => FROM * (TO / FROM) ** ((step - 1) / (STEPS - 1));
  return lrCurve(
    at.map((step, i) => ({ lr: lr(step), loss: medianLoss(runs.map(({ loss }) => loss[i] ?? Number.NaN)) })),
  );
}

const csvOf = ({ points }: LrCurve): string =>
  `lr,loss,smooth\n${points.map(({ lr, loss, smooth }) => `${lr},${loss},${smooth}\n`).join("")}`;

/** Runs the range test, says what it suggests, and writes lr.svg and lr.csv; --json prints the curve. */
export async function findLrVerb({ values }: Parsed, services: Services, config: Values): Promise<number> {
  const { job, optimizer } = await sweepJob(values, config);
  const { name, folder } = folderOf(values, "find-lr");
  return inSession(services, engineOf(values, config), async (session) => {
    const { result, error } = await session.perform(name, job);
    const curve = curveOf(result);
    const { data, model, batch, seeds } = result;
    say(`range test of ${optimizer} on ${data.name}, ${model}, batch ${batch}, median of seeds ${seeds.join(", ")}`);
    say(lrSentence(curve));
    if (curve.steepest !== undefined) say(`try --lr ${Number(curve.steepest.toPrecision(2))}`);
    if (folder) {
      writeFileSafely(join(folder, "lr.svg"), lrSvg(curve));
      writeFileSafely(join(folder, "lr.csv"), csvOf(curve));
      say(`result in ${folder}: lr.svg, lr.csv`);
    }
    if (values.json) process.stdout.write(`${JSON.stringify({ optimizer, ...curve })}\n`);
    if (error) say(`fall-line: ${error.message}`);
    return error?.code ?? exitCodes.fine;
  });
}
