// The page's laboratory worker: races, trails and validations through the library's own calls, one at a time.
import { expose, type Remote, releaseProxy, transfer } from "comlink";
import type { Backend } from "../../backend/backend.ts";
import { type Answered, answer } from "../../cli/ask.ts";
import { type DataSpec, makeData } from "../../cli/data.ts";
import type { Message } from "../../cli/job.ts";
import { work } from "../../cli/work.ts";
import { openBackend, replay } from "../../index.ts";
import * as layers from "../../nn/index.ts";
import * as rules from "../../optim/index.ts";
import { landscapes, noisy } from "../landscape/functions.ts";
import type { Lab, RaceNews, Trail, TrailJob } from "./protocol.ts";

// Every layer, loss, rule and schedule enters its registry by being imported; a bundler keeps what has a use.
export const known = [layers, rules].flatMap((family) => Object.keys(family)).length;

let stopping = new AbortController();
/** The work that is going on. */
let busy: Promise<unknown> = Promise.resolve();
let gate: { readonly open: Promise<void>; readonly lift: () => void } | undefined;

/** Begins a piece of work when the one before has ended. */
async function begin<T>(piece: (signal: AbortSignal) => Promise<T>): Promise<T> {
  await lab.stop();
  stopping = new AbortController();
  gate = undefined;
  const begun = piece(stopping.signal);
  busy = begun.catch(() => {});
  return begun;
}

/** Lets the page's callback go. */
const release = (callback: unknown): void => (callback as Remote<() => void>)[releaseProxy]?.();

/** WebGPU, or the CPU where there is none: kept open, for the next drag of a start needs it again. */
let shared: Promise<Backend> | undefined;

async function open(): Promise<Backend> {
  const backend = await openBackend("webgpu").catch(() => openBackend("cpu"));
  backend.lost.catch(() => {
    shared = undefined;
  });
  return backend;
}

function backendHere(): Promise<Backend> {
  shared ??= open();
  return shared;
}

async function race(
  job: Parameters<Lab["race"]>[0],
  source: string,
  tell: (news: RaceNews) => void,
  signal: AbortSignal,
): Promise<void> {
  let failure: Error | undefined;
  const send = (message: Message): void => {
    if (message.type === "error") {
      failure = Object.assign(new Error(message.message), { name: message.name });
    } else if (message.type === "facts" || message.type === "progress" || message.type === "done") tell(message);
  };
  const held = async (): Promise<void> => {
    while (gate && !signal.aborted) await gate.open;
  };
  const data = (spec: DataSpec) => makeData(spec, source);
  await work(job, { backend: (await backendHere()).kind, data, send, stopped: () => signal.aborted, held });
  if (failure) throw failure;
}

async function trails({ landscape, noise, seed, start, steps, optimizers }: TrailJob): Promise<Trail[]> {
  const { value } = landscapes[landscape];
  const gradient = noisy(landscape, noise, seed);
  const gradients = (at: readonly number[], { t }: { t: number }) => {
    const [x = 0, y = 0] = at;
    // The function's own value: schedules that follow the losses hear it.
    return { value: value(x, y), gradient: gradient(x, y, t) };
  };
  const all = await replay(await backendHere(), optimizers, { start: [...start], gradients, steps });
  return all.map(({ positions }) => ({
    positions: Float32Array.from(positions.flat()),
    values: Float32Array.from(positions, ([x = 0, y = 0]) => value(x, y)),
  }));
}

async function validate(
  kernels: readonly string[],
  extent: (of: { kernels: number; cases: number }) => void,
  tell: Parameters<Lab["validate"]>[2],
  signal: AbortSignal,
): Promise<Answered> {
  const { catalogue } = await import("../../validate/registry.ts");
  const chosen = catalogue().filter(({ kernel }) => kernels.length === 0 || kernels.includes(kernel));
  extent({
    kernels: new Set(chosen.map(({ kernel }) => kernel)).size,
    cases: chosen.reduce((sum, { cases }) => sum + cases.length, 0),
  });
  return (await answer({ kind: "validate", kernels, modules: [] }, tell, signal)) as Answered;
}

const lab: Lab = {
  race: (job, source, tell) => begin((signal) => race(job, source, tell, signal)).finally(() => release(tell)),
  async trails(job) {
    const made = await begin(() => trails(job));
    return transfer(
      made,
      made.flatMap(({ positions, values }) => [positions.buffer as ArrayBuffer, values.buffer as ArrayBuffer]),
    );
  },
  validate: (kernels, extent, tell) =>
    begin((signal) => validate(kernels, extent, tell, signal)).finally(() => {
      release(extent);
      release(tell);
    }),
  pause() {
    if (gate) return;
    let lift = (): void => {};
    const open = new Promise<void>((resolve) => {
      lift = resolve;
    });
    gate = { open, lift };
  },
  resume() {
    gate?.lift();
    gate = undefined;
  },
  async stop() {
    stopping.abort();
    gate?.lift();
    gate = undefined;
    await busy;
  },
};

expose(lab);
