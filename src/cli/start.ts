// npm start: the main job. A sweep of four optimizers on real digits, then the winner trained in full and tested once.
import { join, relative } from "node:path";
import { type RaceResult, textTable } from "../report/index.ts";
import type { Services } from "./chrome.ts";
import type { DataSpec } from "./data.ts";
import { exitCodes } from "./errors.ts";
import type { Job } from "./job.ts";
import { readModel } from "./model.ts";
import { entryName, type OptimizerSpec } from "./optimizers.ts";
import { writeResult, writeWhole } from "./results.ts";
import { inSession, type Performed, type Session, say, trainedLine } from "./session.ts";

const digits = (size: 14 | 28): DataSpec => ({ name: "digits", options: { size } });
const spec = (name: string, lr: number): OptimizerSpec => ({ name, lr, options: {}, schedule: "constant" });

const RATES: Readonly<Record<string, readonly number[]>> = {
  sgd: [0.1, 0.3, 1],
  momentum: [0.03, 0.1, 0.3],
  adam: [0.003, 0.01, 0.03],
  adamw: [0.003, 0.01, 0.03],
};

/** 12 entries x 3 seeds on 14 x 14 digits: small enough for a software adapter, ranked on validation rows only. */
const sweep: Job = {
  kind: "race",
  data: digits(14),
  model: readModel("linear 32, relu, linear 10"),
  loss: { kind: "crossEntropy" },
  entries: Object.entries(RATES).flatMap(([name, rates]) =>
    rates.map((lr) => ({ name: entryName(spec(name, lr)), optimizer: spec(name, lr) })),
  ),
  seeds: [1, 2, 3],
  batch: 128,
  epochs: 4,
  test: false,
};

/** The winner's optimizer and lr on 28 x 28 digits, its lr lowered to 0 by a cosine; training rows only. */
const full = (winner: OptimizerSpec, seed = 1): Job => ({
  kind: "train",
  data: digits(28),
  model: readModel("linear 64, relu, linear 10"),
  loss: { kind: "crossEntropy" },
  entries: [{ name: entryName(winner), optimizer: { ...winner, schedule: "cosine" } }],
  seeds: [seed],
  batch: 128,
  epochs: 10,
  test: true,
  save: true,
});

/** What the job must reach: accuracy on 2,000 test digits, seconds of training in all on 2 cores without a GPU. */
export const target = { accuracy: 0.95, seconds: 60 } as const;

export const plan = { sweep, full, target } as const;
