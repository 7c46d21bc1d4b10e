// Every verb's flags, with the words its --help shows.
import type { Flag } from "./args.ts";
import { dataNames } from "./data.ts";
import { optimizerNames } from "./optimizers.ts";

const json: Flag = {
  name: "json",
  kind: "switch",
  about: "print the result on stdout as one JSON; no folder unless --out or --name is given",
};
const out: Flag = { name: "out", kind: "text", takes: "DIR", about: "where the result's folder is made (results)" };
const name: Flag = { name: "name", kind: "text", takes: "NAME", about: "the folder's name (by the time)" };

const task: readonly Flag[] = [
  {
    name: "data",
    kind: "text",
    takes: "SET",
    about: `${dataNames.join(", ")} (digits); options after it: "spirals classes 3"`,
  },
  { name: "size", kind: "choice", takes: "14|28", choices: ["14", "28"], about: "pixels a side of digits (28)" },
  { name: "model", kind: "text", takes: "LAYERS", about: 'e.g. "linear 64, relu, linear 10" (by the data)' },
  {
    name: "loss",
    kind: "choice",
    takes: "LOSS",
    choices: ["crossEntropy", "meanSquaredError"],
    about: "crossEntropy or meanSquaredError (by the data)",
  },
];

const length: readonly Flag[] = [
  { name: "batch", kind: "integer", takes: "N", about: "examples a step (digits 128, others 32)" },
  { name: "steps", kind: "integer", takes: "N", about: "steps in all (500), or" },
  { name: "epochs", kind: "integer", takes: "N", about: "times through the training rows (digits 4)" },
  {
    name: "schedule",
    kind: "text",
    takes: "KIND",
    about:
      'the lr over the steps: cosine, linear, oneCycle, wsd or any other of docs/optimizers.md, "warmup 50 (cosine to 1e-5)" (constant)',
  },
];

const where: readonly Flag[] = [
  {
    name: "target",
    kind: "number",
    takes: "X",
    about: "exit 1 where the test accuracy is below X (the test loss above X)",
  },
  {
    name: "backend",
    kind: "choice",
    takes: "KIND",
    choices: ["webgpu", "cpu"],
    about: "webgpu in headless Chrome, or cpu in Node, slow (webgpu)",
  },
  {
    name: "config",
    kind: "text",
    takes: "FILE",
    about: "a recipe.json of an earlier result; flags given as well count more",
  },
  out,
  name,
  json,
];

const known = optimizerNames.join(", ");

export const raceFlags: readonly Flag[] = [
  ...task,
  {
    name: "optimizers",
    kind: "text",
    takes: "LIST",
    about: `of ${known}; options after a name: "adamw weightDecay 0.1"`,
  },
  {
    name: "lr",
    kind: "numbers",
    takes: "LIST",
    about: "learning rates for each of them (three around where each does well)",
  },
  { name: "seeds", kind: "integers", takes: "LIST", about: "each entry runs once with each (1,2,3)" },
  ...length,
  ...where,
];

export const trainFlags: readonly Flag[] = [
  ...task,
  { name: "optimizer", kind: "text", takes: "NAME", about: `one of ${known}; options after it (adam)` },
  { name: "lr", kind: "number", takes: "X", about: "learning rate (by the optimizer)" },
  { name: "findLr", kind: "switch", about: "instead, 100 steps of growing lr: what lr to take, and a plot (lr.svg)" },
  { name: "seed", kind: "integer", takes: "N", about: "of the start and of the order of the rows (1)" },
  ...length,
  { name: "save", kind: "text", takes: "FILE", about: "write a checkpoint at the end, or when stopped" },
  {
    name: "resume",
    kind: "text",
    takes: "FILE",
    about: "go on from a checkpoint; --steps may be more than its recipe's",
  },
  ...where,
];

export const startFlags: readonly Flag[] = [out, name, { ...json, about: "print both results on stdout as one JSON" }];

export const validateFlags: readonly Flag[] = [
  { name: "junit", kind: "text", takes: "FILE", about: "write the verdicts as JUnit XML" },
  { ...json, about: "print the report on stdout as one JSON" },
];

export const doctorFlags: readonly Flag[] = [{ ...json, about: "print the findings on stdout as one JSON" }];
