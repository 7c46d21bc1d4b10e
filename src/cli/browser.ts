// The page that the command opens in headless Chrome: does jobs and answers questions on WebGPU, and tells Node by messages.
import { answer, type Question } from "./ask.ts";
import { failureOf, type Job, type Message } from "./job.ts";
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
    else void work(request, { backend: "webgpu", source: "/digits.bin", send, stopped: () => signal.aborted });
  },
  stop() {
    stop.abort();
  },
};
