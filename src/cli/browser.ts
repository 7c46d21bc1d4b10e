// The page that the command opens in headless Chrome: does jobs on WebGPU and tells Node by messages.
import type { Job, Message } from "./job.ts";
import { pack, unpack } from "./wire.ts";
import { work } from "./work.ts";

/** What Node finds in the page. */
export interface CommandPage {
  /** Begins a job and returns at once; the last message is done or error. */
  begin(job: string): void;
  stop(): void;
}

declare global {
  interface Window {
    fallLine: CommandPage;
    /** Node's ear. */
    fallLineTell: (message: string) => Promise<void>;
  }
}

let stopped = false;

window.fallLine = {
  begin(job) {
    const send = (message: Message): void => void window.fallLineTell(pack(message));
    stopped = false;
    void work(unpack<Job>(job), { backend: "webgpu", source: "/digits.bin", send, stopped: () => stopped });
  },
  stop() {
    stopped = true;
  },
};
