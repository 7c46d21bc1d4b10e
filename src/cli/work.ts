// Does a job on a backend through the public API: in the page on WebGPU, in Node on the CPU references.
import { openBackend, type Backend, type Dataset } from "../index.ts";
import { lossKindOf } from "../nn/index.ts";
import { contest, type Contest } from "./contest.ts";
import type { DataSpec } from "./data.ts";
import { type Done, type Facts, failureOf, type Job, type Message, type Point } from "./job.ts";
import { choose } from "./outcome.ts";
import { lossHash } from "../train/recipe.ts";
import { toBase64 } from "./wire.ts";

export interface WorkOptions {
  readonly backend: "webgpu" | "cpu";
  /** Makes or loads the job's data. */
  readonly data: (spec: DataSpec) => Promise<Dataset>;
  readonly send: (message: Message) => void;
  /** Asked between steps: true ends the training early. */
  readonly stopped: () => boolean;
  /** Awaited after each message of progress: a pause. What is in flight lands meanwhile, nothing more is begun. */
  readonly held?: () => Promise<void>;
}

/** Messages a second at most. */
const MESSAGES = 8;
/** Logged points of a curve. */
const POINTS = 100;
/** The smoothing of the loss that is shown while it trains: a debiased running mean over about 20 steps. */
const KEEP = 0.95;

const median = (values: number[]): number => {
  const sorted = values.map((value) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value)).sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
};

/** Window means for the curves and a smoothed leader for the progress line. */
class Curves {
  readonly #facts: Facts;
  readonly #every: number;
  readonly #smooth: Float64Array;
  #sum: Float64Array;
  #count = 0;
  #weight = 0;
  #fresh: Point[] = [];

  constructor(facts: Facts) {
    const runs = facts.entries.length * facts.seeds.length;
    this.#facts = facts;
    this.#every = Math.max(1, Math.ceil((facts.steps - facts.start) / POINTS));
    this.#smooth = new Float64Array(runs);
    this.#sum = new Float64Array(runs);
  }

  /** The losses of one more step, after which `done` steps are done. */
  add(done: number, loss: readonly number[]): void {
    loss.forEach((value, run) => {
      this.#sum[run] = (this.#sum[run] as number) + value;
      this.#smooth[run] = KEEP * (this.#smooth[run] as number) + (1 - KEEP) * value;
    });
    this.#weight = KEEP * this.#weight + 1 - KEEP;
    this.#count++;
    if (this.#count >= this.#every) this.#close(done);
  }

  #close(done: number): void {
    this.#fresh.push({ step: done, loss: Array.from(this.#sum, (sum) => sum / this.#count) });
    this.#sum = new Float64Array(this.#sum.length);
    this.#count = 0;
  }

  /** Points not taken yet; `last` closes a window that is still open. */
  take(done: number, last = false): Point[] {
    if (last && this.#count > 0) this.#close(done);
    return this.#fresh.splice(0);
  }

  leader(): { entry: string; loss: number } {
    const { entries, seeds } = this.#facts;
    const losses = entries.map((_, i) =>
      median(Array.from(this.#smooth.subarray(i * seeds.length, (i + 1) * seeds.length)).map((v) => v / this.#weight)),
    );
    const loss = Math.min(...losses);
    return { entry: entries[losses.indexOf(loss)]?.name ?? "", loss };
  }
}

/** Lets a stop, a signal or a message come in between. */
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

const seconds = (from: number): number => (performance.now() - from) / 1000;

interface Followed {
  readonly step: number;
  /** Not sent yet. */
  readonly points: readonly Point[];
  readonly lossHash?: string;
  /** Ended by whoever asked for it; a training that stops early by its validations is at its own end. */
  readonly stopped: boolean;
}

/** Trains to the end or until stopped, sending progress. */
async function follow(of: Contest, facts: Facts, options: WorkOptions): Promise<Followed> {
  const curves = new Curves(facts);
  // A population's would take memory for each of its runs.
  const losses = facts.entries.length * facts.seeds.length === 1 ? ([] as number[]) : undefined;
  const begun = performance.now();
  let last = begun;
  let step = facts.start;
  let stopped = false;
  for await (const { step: t, loss } of of.metrics()) {
    step = t + 1;
    curves.add(step, loss);
    losses?.push(...loss);
    const now = performance.now();
    // The last step is always told: a training may be over before a message is due.
    if (now - last < 1000 / MESSAGES && step < facts.steps) continue;
    last = now;
    const progress = { step, seconds: seconds(begun), leader: curves.leader(), points: curves.take(step) };
    options.send({ type: "progress", ...progress });
    await breathe();
    await options.held?.();
    stopped = options.stopped() && step < facts.steps;
    if (stopped) break;
  }
  const hashed = losses ? { lossHash: lossHash(Float64Array.from(losses)) } : {};
  return { step, points: curves.take(step, true), stopped, ...hashed };
}

/** Evaluates on validation rows; for the winner alone, and if asked, on test rows, once. */
async function judge(of: Contest, facts: Facts, done: Omit<Done, "runs" | "winner">, test: boolean): Promise<Done> {
  const { metricName, data } = facts;
  const score = ({ loss, accuracy }: { loss: number; accuracy: number }) =>
    metricName ? { loss, accuracy } : { loss };
  const results = data.validation > 0 ? await of.evaluate("validation") : [];
  const runs = results.map(({ evaluation, diverged }) => ({
    validation: score(evaluation),
    ...(diverged === undefined ? {} : { diverged }),
  }));
  const judged: Done = { ...done, runs, winner: undefined };
  const chosen = test && data.test > 0 && runs.length > 0 ? choose(facts, judged) : undefined;
  if (!chosen) return judged;
  const { entry, seed, run, chosenBy } = chosen;
  const tested = (await of.evaluate("test"))[run];
  return tested ? { ...judged, winner: { entry, seed, chosenBy, test: score(tested.evaluation) } } : judged;
}

async function onBackend(backend: Backend, job: Job, options: WorkOptions): Promise<void> {
  const begun = performance.now();
  const data = await options.data(job.data);
  const of = await contest(backend, job, data);
  try {
    const facts: Facts = {
      ...of.facts,
      adapter: backend.adapter,
      data: {
        ...{ name: data.name, hash: data.hash },
        ...{ train: data.splits.train.count, validation: data.splits.validation.count, test: data.splits.test.count },
      },
      metricName: lossKindOf(of.loss).accuracy ? "accuracy" : undefined,
    };
    options.send({ type: "facts", ...facts });
    const started = performance.now();
    const { stopped, ...followed } = await follow(of, facts, options);
    const training = seconds(started);
    const checkpoint = job.save ? { checkpoint: toBase64(await of.save()) } : {};
    const profile = job.profile ? { profile: await of.profile() } : {};
    const before = { ...followed, stopped, seconds: { total: 0, training }, ...checkpoint, ...profile };
    const done = await judge(of, facts, before, job.test && !stopped);
    options.send({ type: "done", ...done, seconds: { total: seconds(begun), training } });
  } finally {
    await of.close();
  }
}

/** Does the job; its messages tell all: facts, progress, and done or error. */
export async function work(job: Job, options: WorkOptions): Promise<void> {
  try {
    const backend = await openBackend(options.backend);
    try {
      await onBackend(backend, job, options);
    } finally {
      backend.close();
    }
  } catch (error) {
    options.send({ type: "error", ...failureOf(error) });
  }
}
