// R runs of one task in one set of dispatches: runs sorted by chain, hyperparameters, seeds and orders by run.
import { fail } from "../core/check.ts";
import type { Split, SplitName } from "../data/split.ts";
import type { Backend, Program, Storage } from "../backend/backend.ts";
import type { Parameter } from "../nn/layer.ts";
import { type Arenas, arenas, sizesOf } from "../scheduler/arenas.ts";
import { checkMemory } from "../scheduler/check.ts";
import type { SplitSums, StepProgram, StepSpec } from "../scheduler/program.ts";
import { type Series, seriesOf } from "../scheduler/steps.ts";
import { loadTuning } from "../scheduler/tuning.ts";
import { CLEAR, fill, fillStart } from "./fill.ts";
import { type Laid, layRuns, logical, parameterHomes } from "./layout.ts";
import { stepMetrics } from "./metrics.ts";
import { checkOptions, splitOf, trainProgram } from "./plan.ts";
import type { DispatchProfile, Evaluation, PopulationOptions, Snapshot, StepMetrics } from "./spec.ts";
import { prepare, type Task, taskGraph } from "./task.ts";

export type { DispatchProfile, Evaluation, PopulationOptions, RunSpec, Snapshot, StepMetrics } from "./spec.ts";

export class Population {
  readonly task: Task;
  readonly options: PopulationOptions;
  readonly arenas: Arenas;
  readonly parameters: readonly Parameter[];
  readonly program: StepProgram;
  readonly storage: Storage;
  readonly backend: Backend;
  /** What makes the sums of its numeric class, for every program of it. */
  readonly split: SplitSums | undefined;
  readonly #laid: Laid;
  readonly #series: Series;
  readonly #train: Program;
  readonly #evaluations = new Map<string, Promise<Program>>();
  #trained = false; // Views are of the state, which is 0 before the first step.

  private constructor(made: {
    backend: Backend;
    task: Task;
    options: PopulationOptions;
    arenas: Arenas;
    parameters: readonly Parameter[];
    storage: Storage;
    laid: Laid;
    series: Series;
    split: SplitSums | undefined;
    train: Program;
  }) {
    this.backend = made.backend;
    this.task = made.task;
    this.options = made.options;
    this.arenas = made.arenas;
    this.parameters = made.parameters;
    this.storage = made.storage;
    this.program = made.train.program;
    this.#laid = made.laid;
    this.#series = made.series;
    this.split = made.split;
    this.#train = made.train;
  }

  /** Plans, checks, allocates, compiles and uploads. Throws, before anything is allocated, for what cannot run. */
  static async open(backend: Backend, task: Task, options: PopulationOptions): Promise<Population> {
    checkOptions(task, options);
    await prepare(task);
    if (options.tuning) await loadTuning(options.tuning);
    const { runs, steps, batch } = options;
    const laid = await layRuns(runs, steps);
    const series = seriesOf(laid.chains);
    const graph = taskGraph(task, batch);
    const { parameters } = graph.model;
    if (parameters.length === 0) fail("train", "the model has no parameters", "add a linear layer");
    const made = arenas(parameters, { runs: runs.length, orders: laid.orders.length, ...sizesOf(laid.chains) });
    const split = await splitOf(options.numericClass);
    const plan = trainProgram({ backend, task, options, graph, arenas: made, laid, split });
    checkMemory(plan.buffers, backend.limits, runs.length);
    const storage = backend.storage();
    try {
      const start = { arenas: made, laid, parameters, data: task.data, series };
      const train = await backend.program(plan, storage, series, { meanwhile: () => fill(storage, start) });
      return new Population({
        backend,
        task,
        options,
        arenas: made,
        parameters,
        storage,
        laid,
        series,
        split,
        train,
      });
    } catch (error) {
      storage.dispose();
      throw error;
    }
  }

  /** Resolves when the planned pipelines have replaced those training began on. */
  get settled(): Promise<void> {
    return this.#train.settled;
  }

  /** Back to step 0: every run's start by its own seed, state 0. */
  reset(): void {
    fillStart(this.storage, { arenas: this.arenas, laid: this.#laid, parameters: this.parameters });
    this.#trained = false;
    this.#laid.listeners.reset();
  }

  /** Steps below it may be run: schedules that follow the losses have heard what they need for them. */
  get horizon(): number {
    return this.#laid.listeners.horizon();
  }

  /** Runs steps t .. t + count - 1 (at most stepsPerSubmit) and gives each one's metrics. */
  async advance(t: number, count: number): Promise<StepMetrics[]> {
    if (t + count > this.horizon) {
      fail("train", `steps to ${t + count}, its schedules are settled to ${this.horizon}`, "wait for earlier losses");
    }
    this.#trained = true;
    const sums = await this.#train.run(t, count);
    const metrics = Array.from({ length: count }, (_, i) =>
      stepMetrics(sums, { index: i, step: t + i, program: this.program, place: this.#laid.place }),
    );
    for (const { step, loss } of metrics) this.#laid.listeners.tell(step, loss);
    return metrics;
  }

  /** What is told of every run over a whole split, the last batch masked. */
  async evaluate(split: SplitName): Promise<Evaluation[]> {
    const rows = this.task.data.splits[split];
    if (rows.count === 0) fail("evaluate", `${this.task.data.name} has no ${split} rows`, "split the data with some");
    const { evaluateWith } = await import("./evaluation.ts");
    return evaluateWith(await this.#evaluation(split, rows), { task: this.task, rows, place: this.#laid.place });
  }

  async #evaluation(split: SplitName, rows: Split): Promise<Program> {
    const { evaluationPlan } = await import("./evaluation.ts");
    const plan = evaluationPlan(this, split, rows);
    const known = this.#evaluations.get(plan.name) ?? this.backend.program(plan, this.storage, this.#series);
    this.#evaluations.set(plan.name, known);
    known.catch(() => this.#evaluations.delete(plan.name));
    return known;
  }

  /** Whether runs are evaluated at another point than they train at; that point then lies in the gradient arena. */
  get viewed(): boolean {
    return this.#trained && this.#laid.viewed;
  }

  /** Whether reduced numbers outlive a step. */
  get keeps(): boolean {
    return this.#laid.keeps;
  }

  /** What a program needs that evaluates: where parameters are found, and how they come there. */
  views(parameters: readonly Parameter[]): Pick<StepSpec, "arenas" | "views" | "planner"> {
    const { groups: views, planner } = this.#laid;
    const homes = parameterHomes(this.arenas, parameters, this.viewed ? "gradients" : "parameters");
    return { arenas: { ...this.arenas, homes }, ...(this.viewed ? { views, planner } : {}) };
  }

  /** A run's tensor by name, logical and row-major. */
  async read(buffer: "parameters" | "gradients", run: number): Promise<Map<string, Float32Array>> {
    const { arenas: of } = this;
    const all = await this.storage.read(buffer);
    const start = (this.#laid.place[run] ?? fail("read", `run ${run} of ${this.#laid.place.length}`)) * of.size;
    return new Map(of.segments.map((segment) => [segment.name, logical(segment, all as Float32Array, start)]));
  }

  /** The first bad step of every run, undefined where all numbers are finite. */
  async firstBad(): Promise<(number | undefined)[]> {
    const latch = await this.storage.read("latch");
    return this.#laid.place.map((at) => (latch[at] === CLEAR ? undefined : latch[at]));
  }

  /** A run's parameters as they are evaluated: those it trains, or its view of them. */
  async evaluated(run: number): Promise<Map<string, Float32Array>> {
    if (!this.viewed) return this.read("parameters", run);
    const program = await this.#evaluation("train", this.task.data.splits.train);
    for (let i = 0; i < program.program.before.length; i++) await program.runOne(0, i);
    return this.read("gradients", run);
  }

  /** The arenas of all runs in the caller's order of runs, so that no layout leaks into a file. */
  async snapshot(step: number): Promise<Snapshot> {
    // All asked for at once: what is issued from here on comes after them.
    const names = ["parameters", "state", "latch", ...(this.keeps ? ["reduced"] : [])];
    const [parameters, state, latch, reduced] = await Promise.all(names.map((name) => this.storage.read(name)));
    const arrays = {
      parameters: parameters as Float32Array,
      state: state as Float32Array,
      latch: latch as Uint32Array,
    };
    const kept = reduced ? { reduced: reduced as Float32Array } : {};
    return { step, ...arrays, ...kept, heard: this.#laid.listeners.state() };
  }

  restore({ step, parameters, state, latch, reduced, heard = [] }: Snapshot): void {
    const { arenas: of } = this;
    const runs = this.#laid.place.length;
    const sizes = { parameters: runs * of.size, state: Math.max(of.slots, 1) * runs * of.size };
    const found = { parameters: parameters.length, state: state.length };
    for (const name of ["parameters", "state"] as const) {
      if (found[name] !== sizes[name]) fail("restore", `${name} has ${found[name]} numbers, expected ${sizes[name]}`);
    }
    if (latch.length < runs) fail("restore", `latch has ${latch.length} words, expected ${runs}`);
    this.#laid.listeners.restore(step, heard);
    this.storage.write("parameters", parameters);
    this.storage.write("state", state);
    this.storage.write("latch", latch.subarray(0, runs));
    if (reduced) this.storage.write("reduced", reduced);
    this.#trained = step > 0;
  }

  /** One dispatch of step t on its own, to look at what it leaves: its number among [...before, ...each]. */
  runOne(t: number, dispatch: number): Promise<void> {
    return this.#train.runOne(t, dispatch);
  }

  /** The schedules and corrections its programs read. */
  get series(): Series {
    return this.#series;
  }

  /** Every dispatch of a step (which it trains by the way) with its GPU time, bytes and operations. */
  async profile(t: number): Promise<DispatchProfile[]> {
    const times = await this.#train.profile(t);
    return (await import("./profile.ts")).profileOf(this.program, times);
  }

  /** Distinct orders among the runs. */
  get orders(): number {
    return this.#laid.orders.length;
  }

  /** Where run i of the caller lies in the arenas. */
  placeOf(run: number): number {
    return this.#laid.place[run] as number;
  }

  dispose(): void {
    this.#train.dispose();
    for (const program of this.#evaluations.values()) program.then((made) => made.dispose()).catch(() => {});
    this.storage.dispose();
  }
}
