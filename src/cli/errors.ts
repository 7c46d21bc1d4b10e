// What can end the command, and the exit code it ends with.
import type { Failure } from "./job.ts";
import type { Collected } from "./outcome.ts";

/** 0 fine; 130 is 128 + SIGINT, as shells have it. */
export const exitCodes = { fine: 0, failed: 1, usage: 2, environment: 3, interrupted: 130 } as const;

/** A flag, a value or a file that the user must correct: exit code 2. */
export class UsageError extends Error {
  /** The verb whose --help says more. */
  readonly verb: string | undefined;

  constructor(message: string, verb?: string) {
    super(message);
    this.verb = verb;
  }
}

/** The machine lacks something: exit code 3. */
export class EnvironmentProblem extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** No Chrome, or none with an adapter: what trains can do without. */
export class NoAdapter extends EnvironmentProblem {}

/** A job ended with an error; `collected` is what it had measured. */
export class JobFailed extends Error {
  readonly failure: Failure;
  readonly collected: Collected | undefined;

  constructor(failure: Failure, collected: Collected | undefined) {
    super(failure.message);
    this.failure = failure;
    this.collected = collected;
  }

  /** Bad recipes are the user's, a missing adapter or a lost device the machine's, bad numbers a failed target. */
  get code(): number {
    const { name, where } = this.failure;
    if (where === "WebGPU" || name === "DeviceLost") return exitCodes.environment;
    return name === "FallLineError" ? exitCodes.usage : exitCodes.failed;
  }
}
