// A backend whose work is done in a worker: the calls go there whole, and their results look as if made here.
import { proxy } from "comlink";
import { fail } from "../core/check.ts";
import type { Dataset } from "../data/dataset.ts";
import { type Optimizer, sampleFunctions } from "../optim/chain.ts";
import type { RuleDefinition } from "../optim/index.ts";
import { textRules } from "../optim/rule.ts";
import { decodeCheckpoint } from "../train/checkpoint.ts";
import type { LoadOptions } from "../train/load.ts";
import type { LoadedModel } from "../train/model.ts";
import type { Race, RaceMetrics, RaceOptions } from "../train/race.ts";
import type { Recipe } from "../train/recipe.ts";
import type { Remote, RemoteBackend } from "../train/remote.ts";
import { fieldOf, type ReplayOptions, replaySteps, type Trajectory } from "../train/replay.ts";
import type { Metrics, Training } from "../train/training.ts";
import type { TrainOptions } from "../train/train.ts";
import type { Target, ValidateOptions, ValidationRow } from "../validate/validate.ts";
import { checkPlain, Line, Shelf } from "./line.ts";
import type { Ask, Sent, SentTarget, Work } from "./protocol.ts";
import type { BackendOptions } from "./open.ts";
import { Reader } from "./reader.ts";
import { remoteModel } from "./remote_model.ts";
import { RemoteRace } from "./remote_race.ts";
import { RemoteTraining } from "./remote_training.ts";
import { spawn } from "./spawn.ts";

/** Work on a data set, which is given back when the work is closed. */
interface Shipped {
  readonly data: Dataset;
  readonly signal?: AbortSignal;
}

class RemoteCalls implements Remote {
  readonly #line: Line;
  readonly #shelf: Shelf;

  constructor(line: Line) {
    this.#line = line;
    this.#shelf = new Shelf(line);
  }

  /** A reader of the work that `make` describes, and what gives its data set back. */
  #reader<Row>({ data, signal }: Shipped, make: (data: string) => Work) {
    let taken: string | undefined;
    const reader = new Reader<Row>(
      this.#line,
      () => {
        const work = make(data.hash);
        checkPlain(work.kind, "options" in work ? work.options : {}, "options");
        taken = this.#shelf.take(data);
        return work;
      },
      signal,
    );
    const closed = (): void => {
      if (taken !== undefined) this.#shelf.giveBack(taken);
      taken = undefined;
    };
    return { reader, closed };
  }

  train(options: TrainOptions): Training {
    const { reader, closed } = this.#reader<Metrics>(options, (data) => {
      const { signal: _, optimizer, ...rest } = options;
      return {
        kind: "train",
        rules: textsOf([optimizer]),
        options: { ...rest, optimizer: sampleFunctions(optimizer, options.steps), data },
      };
    });
    return new RemoteTraining(reader, options, closed);
  }

  load(bytes: Uint8Array, given: LoadOptions): Training {
    const recipe = decodeCheckpoint(bytes).recipe as Recipe;
    const { reader, closed } = this.#reader<Metrics>(given, (data) => {
      const { signal: _, optimizer, ...rest } = given;
      const steps = given.steps ?? recipe.steps;
      const own = optimizer ? { optimizer: sampleFunctions(optimizer, steps) } : {};
      const optimizers = [optimizer ?? recipe.runs[0]?.optimizer].filter((one) => one !== undefined);
      return { kind: "load", bytes, rules: textsOf(optimizers), options: { ...rest, ...own, data } };
    });
    const { model, loss, batch, steps, order, runs } = recipe;
    const [run] = runs;
    const from = {
      model,
      loss,
      batch,
      steps,
      order,
      ...(run && { optimizer: run.optimizer, seed: run.init, dataSeed: run.order }),
    };
    return new RemoteTraining(reader, { ...from, ...given } as TrainOptions, closed);
  }

  async loadModel(bytes: Uint8Array): Promise<LoadedModel> {
    const { runs } = decodeCheckpoint(bytes).recipe as Recipe;
    return remoteModel(this.#line, { kind: "model", bytes, rules: textsOf(runs.map(({ optimizer }) => optimizer)) });
  }

  race(options: RaceOptions): Race {
    const { reader, closed } = this.#reader<RaceMetrics>(options, (data) => {
      const { signal: _, entries, ...rest } = options;
      const sampled = Object.entries(entries).map(([name, entry]) => [name, sampleFunctions(entry, options.steps)]);
      const sent: Sent<RaceOptions> = { ...rest, entries: Object.fromEntries(sampled), data };
      return { kind: "race", rules: textsOf(Object.values(entries)), options: sent };
    });
    return new RemoteRace(reader, options, closed);
  }

  async replay(optimizers: readonly Optimizer[], options: ReplayOptions): Promise<Trajectory[]> {
    const { gradients, ...rest } = options;
    const field = typeof gradients === "function" ? fieldOf(options) : undefined;
    const steps = replaySteps(options);
    const sent = optimizers.map((optimizer) => sampleFunctions(optimizer, steps));
    const tape = field ? undefined : gradients;
    checkPlain("replay", { ...rest, gradients: tape, optimizers: sent }, "options");
    let thrown: { readonly error: unknown } | undefined;
    const ask = async (...at: Parameters<Ask>): ReturnType<Ask> => {
      try {
        return await (field as NonNullable<typeof field>)(...at);
      } catch (error) {
        thrown = { error };
        throw error;
      }
    };
    const played = { ...rest, optimizers: sent, rules: textsOf(sent), steps, gradients: tape };
    return this.#line
      .ask((host) => host.replay(played, field && proxy(ask)))
      .catch((error: Error) => {
        throw thrown ? thrown.error : error;
      });
  }

  async validate(target: Target, options: ValidateOptions): Promise<ValidationRow[]> {
    const { onRow, signal, ...given } = options;
    checkPlain("validate", given, "options");
    const reader = new Reader<ValidationRow>(
      this.#line,
      () => ({ kind: "validate", options: given, ...sentTarget(target) }),
      signal,
    );
    const rows: ValidationRow[] = [];
    try {
      for await (const row of reader.rows()) {
        rows.push(row);
        onRow?.(row);
      }
    } finally {
      await reader.end().catch(() => {});
    }
    return rows;
  }
}

/** What a worker is told to validate: names, an optimizer, or a rule whose every part is text. */
function sentTarget(target: Target): { readonly target: SentTarget; readonly rules: readonly RuleDefinition[] } {
  if (typeof target !== "object" || Array.isArray(target)) return { target: target as SentTarget, rules: [] };
  if ("kind" in target) {
    checkPlain("validate", target, "the optimizer");
    return { target, rules: textsOf([target]) };
  }
  const { name } = target as { name: string };
  const text = textRules.get(name) as RuleDefinition | undefined;
  if (!text) {
    const what = `${name} has functions, which cannot go to a worker`;
    fail("validate", what, "open a backend without worker, or give a rule's functions as text");
  }
  return { target: { rule: name }, rules: [text] };
}

/** The rules of these optimizers that were given as text: a worker declares them as they were. */
function textsOf(optimizers: readonly Optimizer[]): RuleDefinition[] {
  const links = optimizers.flatMap(({ links: own = [], groups = [] }) =>
    [own, ...groups.map((group) => group.links)].flat(),
  );
  const found = new Set(links.map(({ rule }) => textRules.get(rule) as RuleDefinition | undefined));
  return [...found].filter((rule) => rule !== undefined);
}

const elsewhere = (what: string): never =>
  fail(what, "is made in the worker", "open the backend without worker to work with it here");

/** Opens a backend in a worker: the library's own, or a caller's. Rejects with what it cannot open, and leaves no worker then. */
export async function openWorker({ worker, device, ...opening }: BackendOptions): Promise<RemoteBackend> {
  if (device) fail("openBackend", "device and worker are both given", "a GPUDevice stays in its thread: leave one out");
  const line = new Line(worker instanceof Worker ? worker : spawn());
  try {
    const opened = await line.ask((host) => host.open(opening));
    const lost = line
      .ask((host) => host.lost())
      .catch((error: Error) => {
        // Closing is no loss.
        if (error.name === "DeviceLost") throw error;
        return new Promise<never>(() => {});
      });
    lost.catch(() => {});
    return {
      ...opened,
      lost,
      remote: new RemoteCalls(line),
      storage: () => elsewhere("storage"),
      program: async () => elsewhere("program"),
      close: () => line.close(),
    };
  } catch (error) {
    line.close();
    throw error;
  }
}
