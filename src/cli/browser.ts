// The page that the command opens in headless Chrome: does jobs and answers questions on WebGPU, and tells Node by messages.
import { fail } from "../core/check.ts";
import type { Dataset } from "../data/index.ts";
import { answer, type Question } from "./ask.ts";
import { type DataSpec, makeData } from "./data.ts";
import { failureOf, type Job, type Message } from "./job.ts";
import { type DataFile, readOwn } from "./own_data.ts";
import { pack, unpack } from "./wire.ts";
import { work } from "./work.ts";

/** What Node finds in the page. */
export interface CommandPage {
  /** Begins a job or a question and returns at once; the last message is done, answer or error. */
  begin(request: string): void;
  stop(): void;
}

declare global {
  interface Window {
    fallLine: CommandPage;
    /** Node's ear. */
    fallLineTell: (message: string) => Promise<void>;
  }
}

let stop = new AbortController();

const send = (message: Message): void => void window.fallLineTell(pack(message));

/** A user's file from where Node serves it. */
async function openServed({ path, hash }: DataFile): Promise<ReadableStream<Uint8Array>> {
  const { ok, status, body } = await fetch(`/files/${hash}`);
  return ok && body ? body : fail("data", `${path} answered ${status}, expected the file`);
}

const dataOf = (spec: DataSpec): Promise<Dataset> =>
  spec.files ? readOwn(spec, openServed) : makeData(spec, "/digits.bin");

async function respond(question: Question, signal: AbortSignal): Promise<void> {
  try {
    const given = await answer(question, (row) => send({ type: "row", row }), signal);
    send({ type: "answer", given });
  } catch (error) {
    send({ type: "error", ...failureOf(error) });
  }
}

window.fallLine = {
  begin(text) {
    const request = unpack<Job | Question>(text);
    stop = new AbortController();
    const { signal } = stop;
    if (request.kind === "validate" || request.kind === "inspect") void respond(request, signal);
    else void work(request, { backend: "webgpu", data: dataOf, send, stopped: () => signal.aborted });
  },
  stop() {
    stop.abort();
  },
};
