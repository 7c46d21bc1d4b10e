// The page's first session in the worker: one training at a time. It goes, with session, log, kinds and protocol, when the page
// trains through openHere({ worker: true }).
import { type Remote, releaseProxy, transfer } from "comlink";
import type { Backend } from "../backend/backend.ts";
import { openHere } from "../backend/open.ts";
import { fail } from "../core/check.ts";
import type { Job, Lack, Opened, Outcome, Progress, Trainer } from "./protocol.ts";
import { Session } from "./session.ts";

let opened: { readonly backend: Backend; readonly told: Opened } | undefined;
let current: { readonly session: Session; readonly ended: Promise<Outcome> } | undefined;

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

/** Sends a chunk's arrays by transfer; resolves when the reader has taken it. */
function sender(report: (progress: Progress) => unknown) {
  return async (progress: Progress): Promise<unknown> => {
    const { loss, accuracy, surface } = progress;
    const arrays = surface ? [loss, accuracy, surface] : [loss, accuracy];
    return report(
      transfer(
        progress,
        arrays.map(({ buffer }) => buffer as ArrayBuffer),
      ),
    );
  };
}

async function start(job: Job, report: (progress: Progress) => void): Promise<Outcome> {
  if (current) fail("start", "a training is running", "stop() it first");
  const session = new Session(job, sender(report));
  const ended = open().then(() => session.run(opened?.backend ?? fail("start", "the GPU was lost", "start again")));
  current = { session, ended };
  try {
    return await ended;
  } finally {
    current = undefined;
    (report as unknown as Remote<typeof report>)[releaseProxy]?.();
  }
}

export const trainer: Trainer = {
  open,
  start,
  pause: () => current?.session.pause(),
  resume: () => current?.session.resume(),
  step: () => current?.session.step(),
  async stop() {
    current?.session.stop();
    await current?.ended.catch(() => {});
  },
};
