// The page's training worker: one backend, one training at a time, commands through comlink, metrics in transferred chunks.
import { expose, type Remote, releaseProxy, transfer } from "comlink";
import type { Backend } from "../../backend/backend.ts";
import { openHere } from "../../backend/open.ts";
import { makeData } from "../../cli/data.ts";
import { fail } from "../../core/check.ts";
import { csv, type Dataset, idx, standardize } from "../../data/index.ts";
import { known } from "../../worker/known.ts";
import type {
  DataSpec,
  Job,
  Lack,
  Opened,
  Outcome,
  OwnFiles,
  Prepared,
  Progress,
  Trainer,
  Watched,
} from "./protocol.ts";
import { Session } from "./session.ts";

let opened: { readonly backend: Backend; readonly told: Opened } | undefined;
let current: { readonly session: Session; readonly ended: Promise<Outcome>; readonly release: () => void } | undefined;
let starting: Promise<unknown> | undefined;
let watched: Watched = { layers: false, weights: false, confusion: false };
/** The last data set by its spec: a reset need not make or fetch it again. */
let made: { readonly key: string; readonly data: Promise<Dataset> } | undefined;

/** What is missing here, in the order in which a person would mend it. */
function lackOf(): Lack {
  if (!globalThis.isSecureContext) return "insecure";
  return globalThis.navigator.gpu ? "adapter" : "missing";
}

async function open(): Promise<Opened> {
  if (opened) return opened.told;
  let backend: Backend;
  let lacking: Pick<Opened, "lack" | "reason"> = {};
  try {
    backend = await openHere({});
  } catch (error) {
    backend = await openHere({ kind: "cpu" });
    lacking = { lack: lackOf(), reason: error instanceof Error ? error.message : String(error) };
  }
  opened = { backend, told: { kind: backend.kind, adapter: backend.adapter, ...lacking } };
  backend.lost.catch(() => {
    if (opened?.backend === backend) opened = undefined;
  });
  return opened.told;
}

function dataOf(spec: DataSpec): Promise<Dataset> {
  if ("own" in spec) return Promise.resolve(spec.own);
  const key = JSON.stringify(spec);
  if (made?.key === key) return made.data;
  const data = makeData(spec, spec.source);
  made = { key, data };
  data.catch(() => {
    made = undefined;
  });
  return data;
}

/** Bytes of numbers that a page may hold. */
const MAX_BYTES = 2 ** 28;

async function read(files: OwnFiles): Promise<Dataset> {
  if (files.kind === "idx") {
    const { images, labels, test } = files;
    return idx({ images, labels, ...(test ? { test } : {}), name: images.name, maxBytes: MAX_BYTES });
  }
  const { file, target, missing, oneHot } = files;
  const { reading: _, ...data } = await csv(file, { target, missing, oneHot, name: file.name, maxBytes: MAX_BYTES });
  return files.standardize ? standardize(data) : data;
}

/** Sends a chunk's arrays by transfer; resolves when the reader has taken it. */
function sender(report: (progress: Progress) => unknown) {
  return async (progress: Progress): Promise<unknown> => {
    const { loss, accuracy, surface, weights } = progress;
    const arrays = [loss, accuracy, surface, weights?.values].filter((array) => array !== undefined);
    return report(
      transfer(
        progress,
        arrays.map(({ buffer }) => buffer as ArrayBuffer),
      ),
    );
  };
}

/** Lets the page's callback go. */
const release = (callback: unknown): void => (callback as Remote<() => void>)[releaseProxy]?.();

async function stop(): Promise<void> {
  await starting?.catch(() => {});
  const ending = current;
  current = undefined;
  ending?.session.stop();
  await ending?.ended.catch(() => {});
  await ending?.session.close();
  ending?.release();
}

async function begin(job: Job, report: (progress: Progress) => void): Promise<Session> {
  // Every layer, loss, rule and schedule enters its registry by being imported; a bundler keeps what has a use.
  if (known.some((family) => Object.keys(family).length === 0)) fail("start", "no layers and no rules");
  const [, data] = await Promise.all([open(), dataOf(job.data)]);
  return new Session(opened?.backend ?? fail("start", "the GPU was lost", "start again"), job, data, sender(report));
}

async function start(
  job: Job,
  report: (progress: Progress) => void,
  prepared: (told: Prepared) => void,
): Promise<Outcome> {
  await stop();
  const beginning = begin(job, report);
  starting = beginning;
  try {
    const session = await beginning;
    session.watch(watched);
    const ended = session.run(prepared);
    current = { session, ended, release: () => release(report) };
    starting = undefined;
    return await ended;
  } finally {
    starting = undefined;
    release(prepared);
  }
}

/** The open training; throws where there is none. */
async function asked(): Promise<Session> {
  await starting?.catch(() => {});
  return current?.session ?? fail("ask", "no training is open", "press Run or Step first");
}

const whenBegun = (act: (session: Session) => void): void => {
  if (current) act(current.session);
  else void starting?.then(() => current && act(current.session)).catch(() => {});
};

const trainer: Trainer = {
  open,
  start,
  pause: () => whenBegun((session) => session.pause()),
  resume: () => whenBegun((session) => session.resume()),
  step: () => whenBegun((session) => session.step()),
  stop,
  watch(next) {
    watched = next;
    current?.session.watch(next);
  },
  read,
  async predict(x) {
    const data = await (await asked()).ask(async (training) => {
      const { values } = await training.predict(x);
      return { values, classes: training.options.data.classes };
    });
    return data;
  },
  plan: async () => (await asked()).ask((training) => training.plan()),
  profile: async () => (await asked()).ask((training) => training.profile()),
  checkpoint: async () => (await asked()).ask((training) => training.save()),
  parameters: async () => (await asked()).ask((training) => training.parameters()),
  rescue: async () => current?.session.rescue(),
};

expose(trainer);
