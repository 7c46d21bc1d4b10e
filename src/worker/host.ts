// The worker's end of a backend: one device, data sets by hash, and work that its caller has numbered.
import { type Remote, releaseProxy, transfer } from "comlink";
import type { Backend } from "../backend/backend.ts";
import { openHere } from "../backend/open.ts";
import { fail } from "../core/check.ts";
import type { Dataset } from "../data/dataset.ts";
import { defineRule, type RuleDefinition } from "../optim/index.ts";
import { isRule, ruleNamed } from "../optim/rule.ts";
import { load } from "../train/load.ts";
import { type LoadedModel, loadModel } from "../train/model.ts";
import type { Prediction } from "../train/prediction.ts";
import { race } from "../train/race.ts";
import { replayAll, fieldOf } from "../train/replay.ts";
import { train } from "../train/train.ts";
import { type ValidationRow, validate } from "../validate/validate.ts";
import { packError } from "./errors.ts";
import { checkKinds } from "./known.ts";
import type { Ask, Chunk, Host, Opening, Reply, Work } from "./protocol.ts";
import { Outbox } from "./outbox.ts";
import { Task } from "./task.ts";

let opened: Promise<Backend> | undefined;
const data = new Map<string, Dataset>();
const tasks = new Map<number, Task | Check | LoadedModel>();

/** Kernels being validated: rows and no looks. */
interface Check {
  readonly outbox: Outbox;
  readonly stop: AbortController;
}

const isCheck = (task: Task | Check | LoadedModel): task is Check => "outbox" in task;
const isModel = (task: Task | Check | LoadedModel): task is LoadedModel => "recipe" in task;

const backend = (): Promise<Backend> => opened ?? fail("worker", "nothing is open", "open() comes first");
const taskOf = (id: number): Task | Check | LoadedModel => tasks.get(id) ?? fail("worker", `there is no task ${id}`);
const dataOf = (hash: string): Dataset => data.get(hash) ?? fail("worker", `holds no data set ${hash}`);

/** Buffers of typed arrays anywhere in a result made for its reader. */
function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (value instanceof Map) for (const item of value.values()) buffersOf(item, found);
  else if (typeof value === "object" && value !== null) for (const item of Object.values(value)) buffersOf(item, found);
  return found;
}

/** What `work` gives, its arrays transferred, or its error as data. */
async function reply<T>(work: () => T | Promise<T>): Promise<Reply<T>> {
  try {
    const value = await work();
    return transfer({ value }, [...buffersOf(value)]);
  } catch (error) {
    return { error: packError(error) };
  }
}

function open(opening: Opening): Promise<Backend> {
  opened ??= openHere(opening);
  return opened;
}

function checking(of: Backend, { target, options }: Work & { kind: "validate" }): Check {
  const check = { outbox: new Outbox(), stop: new AbortController() };
  const onRow = (row: ValidationRow): void => check.outbox.push(row);
  const meant = typeof target === "object" && "rule" in target ? ruleNamed(target.rule) : target;
  validate(of, meant, { ...options, onRow, signal: check.stop.signal }).then(
    () => check.outbox.end(),
    (error: unknown) => check.outbox.end({ error }),
  );
  return check;
}

function taskFor(of: Backend, work: Work & { kind: "train" | "load" | "race" }): Task {
  checkKinds(work.options);
  const given = { ...work.options, data: dataOf(work.options.data) };
  // Each kind of work has options of its own, which its sender has matched to it.
  if (work.kind === "load") return new Task(load(of, work.bytes, given));
  return new Task(work.kind === "race" ? race(of, given as never) : train(of, given as never));
}

/** Rules that came as text, where this worker has none of the name. */
function define(given: readonly RuleDefinition[]): void {
  for (const rule of given) if (!isRule(rule.name)) defineRule(rule);
}

async function begin(id: number, work: Work): Promise<void> {
  const of = await backend();
  define(work.rules);
  if (work.kind === "model") tasks.set(id, await loadModel(of, work.bytes));
  else tasks.set(id, work.kind === "validate" ? checking(of, work) : taskFor(of, work));
}

async function next(id: number): Promise<Chunk> {
  const task = taskOf(id);
  if (isModel(task)) return fail("worker", `task ${id} is a model and has no rows`);
  return isCheck(task) ? task.outbox.next(() => ({ step: 0 })) : task.next();
}

/** What crosses of a prediction: its methods are made anew on the other side. */
const predicted = ({ values, width }: Prediction): object => ({ values, width });

async function call(id: number, method: string, args: readonly unknown[]): Promise<unknown> {
  const task = taskOf(id);
  if (isCheck(task)) return fail("worker", `task ${id} has no ${method}()`);
  if (isModel(task))
    return method === "predict" ? predicted(await task.predict(args[0] as Float32Array)) : task.parameters();
  if (method === "pause" || method === "resume") return task[method]();
  if (method === "single") return task.single();
  const result = await task.call(method, args);
  return method === "predict" ? predicted(result as Prediction) : result;
}

async function end(id: number): Promise<void> {
  const task = tasks.get(id);
  tasks.delete(id);
  if (!task) return;
  if (isCheck(task)) task.stop.abort();
  else if (isModel(task)) task.close();
  else await task.end();
}

export const host: Host = {
  open: (opening) =>
    reply(async () => {
      const { kind, adapter, limits, tuning } = await open(opening);
      return { kind, adapter, limits, tuning };
    }),
  lost: () => reply(async () => (await backend()).lost),
  keep: (given) => reply(() => void data.set(given.hash, given)),
  drop: (hash) => reply(() => void data.delete(hash)),
  begin: (id, work) => reply(() => begin(id, work)),
  next: (id) => reply(() => next(id)),
  call: (id, method, args) => reply(() => call(id, method, args)),
  end: (id) => reply(() => end(id)),
  replay: ({ optimizers, rules, gradients, ...rest }, ask) =>
    reply(async () => {
      define(rules);
      for (const optimizer of optimizers) checkKinds({ optimizer });
      // Without a tape the gradients are asked for.
      const options = { ...rest, gradients: gradients ?? (() => []) };
      try {
        return await replayAll(await backend(), optimizers, options, ask ?? fieldOf(options));
      } finally {
        (ask as Remote<Ask> | undefined)?.[releaseProxy]();
      }
    }),
  close: () =>
    reply(async () => {
      await Promise.allSettled([...tasks.keys()].map(end));
      (await backend()).close();
    }),
};
