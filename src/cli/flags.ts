// Every verb's flags, with the few words its --help has room for.
import { ORDERS } from "../ops/batch.ts";
import { NUMERIC_CLASSES } from "../scheduler/plan.ts";
import type { Flag } from "./args.ts";
import { dataNames } from "./data.ts";
import { lossNames } from "./losses.ts";
import { optimizerNames } from "./optimizers.ts";

const json: Flag = { name: "json", kind: "switch", about: "result on stdout" };
const out: Flag = { name: "out", kind: "text", takes: "DIR", about: "(results)" };
const name: Flag = { name: "name", kind: "text", takes: "NAME", about: "folder (by time)" };
const headed: Flag = { name: "headed", kind: "switch", about: "show the window" };

const task: readonly Flag[] = [
  {
    name: "data",
    kind: "text",
    takes: "SET",
    about: `${dataNames.join(", ")} (digits), "xor seed 2", "a.csv target y", "x.gz,y.gz"`,
  },
  { name: "model", kind: "text", takes: "LAYERS", about: 'like "linear 64, relu, linear 10" (by the data)' },
  { name: "loss", kind: "text", takes: "LOSS", about: `${lossNames.join(", ")} (by the data); "huber delta 2"` },
];

const schedule: Flag = {
  name: "schedule",
  kind: "text",
  takes: "KIND",
  about: 'like cosine, wsd or "warmup 50 (cosine to 1e-5)" (constant)',
};

const length: readonly Flag[] = [
  { name: "size", kind: "choice", takes: "14|28", choices: ["14", "28"], about: "digits' side (28)" },
  { name: "batch", kind: "integer", takes: "N", about: "rows (128 or 32)" },
  { name: "steps", kind: "integer", takes: "N", about: "in all (500), or" },
  { name: "epochs", kind: "integer", takes: "N", about: "of rows (digits 4)" },
];

const order: Flag = {
  name: "order",
  kind: "choice",
  takes: "KIND",
  choices: Object.keys(ORDERS),
  about: `${Object.keys(ORDERS).join(", ")} of the rows (the first)`,
};

/** What numbers a run has beside others of the same seeds. */
const numericClass: Flag = {
  name: "numericClass",
  kind: "choice",
  takes: "C",
  choices: NUMERIC_CLASSES,
  about: "(sequential) split-k",
};

const where: readonly Flag[] = [
  { name: "target", kind: "number", takes: "X", about: "test score, else 1" },
  { name: "backend", kind: "choice", takes: "KIND", choices: ["webgpu", "cpu"], about: "(webgpu) or slow cpu" },
  { name: "config", kind: "text", takes: "FILE", about: "a recipe.json" },
  headed,
  out,
  name,
  json,
  numericClass,
];

const known = optimizerNames.join(", ");

export const raceFlags: readonly Flag[] = [
  ...task,
  { name: "optimizers", kind: "text", takes: "LIST", about: `of ${known}; options after a name` },
  schedule,
  order,
  { name: "lr", kind: "numbers", takes: "LIST", about: "rates for each, like 0.01,0.03 (three where each does well)" },
  { name: "seeds", kind: "integers", takes: "LIST", about: "a run with each (1,2,3)" },
  ...length,
  ...where,
];

export const trainFlags: readonly Flag[] = [
  ...task,
  {
    name: "optimizer",
    kind: "text",
    takes: "NAME",
    about: "sgd, momentum, adamw, lion ... (adam); a wrong name lists all; options after it",
  },
  schedule,
  order,
  { name: "lr", kind: "number", takes: "X", about: "(by the optimizer)" },
  { name: "findLr", kind: "switch", about: "find one, lr.svg" },
  { name: "seed", kind: "integer", takes: "N", about: "start and order (1)" },
  { name: "dataSeed", kind: "integer", takes: "N", about: "order (as seed)" },
  ...length,
  { name: "validateEvery", kind: "integer", takes: "N", about: "steps (an epoch)" },
  { name: "monitor", kind: "choice", takes: "WHAT", choices: ["loss", "accuracy"], about: "(loss) or accuracy" },
  { name: "patience", kind: "integer", takes: "N", about: "no better: stop" },
  { name: "minDelta", kind: "number", takes: "X", about: "better by (0)" },
  { name: "keepBest", kind: "switch", about: "end at the best" },
  { name: "profile", kind: "switch", about: "a step's times" },
  { name: "save", kind: "text", takes: "FILE", about: "a checkpoint" },
  { name: "resume", kind: "text", takes: "FILE", about: "go on from one" },
  ...where,
];

export const startFlags: readonly Flag[] = [out, name, headed, { ...json, about: "both results" }];

export const validateFlags: readonly Flag[] = [
  { name: "junit", kind: "text", takes: "FILE", about: "the verdicts as JUnit XML" },
  headed,
  { ...json, about: "the report on stdout" },
];

export const benchFlags: readonly Flag[] = [
  { name: "quick", kind: "switch", about: "fewer, shorter rounds" },
  {
    name: "only",
    kind: "text",
    takes: "PARTS",
    about: "of step, peers, population, cold, kernels, matmul, heap, curves",
  },
  { name: "tune", kind: "switch", about: "measure tiles, write a tuning table for openBackend({ tuning })" },
  { name: "native", kind: "switch", about: "in Node on Dawn (the package webgpu, or DAWN_NODE), without Chrome" },
  headed,
];

export const doctorFlags: readonly Flag[] = [headed, { ...json, about: "findings on stdout" }];
