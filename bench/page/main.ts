// The bench page: takes one measurement on request and hands its result to the driver.
import type { Effort } from "../result.ts";
import { measure } from "./parts.ts";

export interface Page {
  /** Given by the driver. */
  benchDone?: (text: string) => Promise<void>;
  /** Called by the driver; comes back at once. */
  benchStart?: (part: string, effort: Effort) => void;
}

const page = globalThis as Page;

page.benchStart = (part, effort) => {
  void measure(part, effort).then((text) => page.benchDone?.(text));
};
