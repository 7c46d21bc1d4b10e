// Ctrl-C: the first asks for a clean end, the second ends at once. npm passes the signal on, so that one press may come twice.
import { exitCodes } from "./errors.ts";

/** Signals closer together than this are one press. */
const ONE_PRESS = 700;

export interface Interrupt {
  readonly happened: boolean;
  /** What the first press does; at once if it has already happened. */
  onStop(stop: () => void): void;
  dispose(): void;
}

/** Takes SIGINT and SIGTERM over until disposed. */
export function watchInterrupt(say: (line: string) => void): Interrupt {
  let at: number | undefined;
  let stop: (() => void) | undefined;
  const press = (): void => {
    const now = performance.now();
    if (at === undefined) {
      at = now;
      say("stopping: what was measured is kept (again to end at once)");
      stop?.();
    } else if (now - at > ONE_PRESS) process.exit(exitCodes.interrupted);
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, press);
  return {
    get happened() {
      return at !== undefined;
    },
    onStop(given) {
      stop = given;
      if (at !== undefined) given();
    },
    dispose() {
      for (const signal of signals) process.off(signal, press);
    },
  };
}
