// The command: fall-line VERB [flags]. Human text on stderr, data on stdout; exit codes in errors.ts.
import { FallLineError, nearest } from "../core/check.ts";
import { type Parsed, readFlags } from "./args.ts";
import { benchVerb } from "./bench.ts";
import type { Services } from "./chrome.ts";
import { doctorVerb } from "./doctor.ts";
import { EnvironmentProblem, exitCodes, JobFailed, NoAdapter, UsageError } from "./errors.ts";
import { help, verbs } from "./help.ts";
import { raceVerb, trainVerb } from "./race.ts";
import { say } from "./session.ts";
import { versionOf } from "./results.ts";
import { startVerb } from "./start.ts";
import { validateVerb } from "./validate.ts";

const run: Readonly<Record<string, (parsed: Parsed, services: Services) => Promise<number>>> = {
  train: trainVerb,
  race: raceVerb,
  validate: validateVerb,
  bench: benchVerb,
  doctor: doctorVerb,
  start: startVerb,
};

function usage(message: string, verb?: string): number {
  say(`fall-line: ${message}`);
  if (verb) say(`fall-line ${verb} --help lists its flags`);
  return exitCodes.usage;
}

const canDoWithout = (verb: string): boolean => verb === "train" || verb === "race";
const WITHOUT = "--backend cpu trains in Node without Chrome (slow: for small jobs such as --data xor)";

/** What an error means to the one who typed the command: a message and an exit code. */
function codeOf(error: unknown, verb: string): number {
  if (error instanceof UsageError) return usage(error.message, error.verb);
  if (error instanceof FallLineError) return usage(error.message, verb);
  if (error instanceof EnvironmentProblem) {
    const hint = error instanceof NoAdapter && canDoWithout(verb) ? WITHOUT : error.hint;
    say(`fall-line: ${error.message}${hint ? `; ${hint}` : ""}`);
    return exitCodes.environment;
  }
  if (error instanceof JobFailed) {
    const { name, stack } = error.failure;
    say(`fall-line: ${name === "Error" || name === "TypeError" ? (stack ?? error.message) : error.message}`);
    if (error.code === exitCodes.environment && canDoWithout(verb)) say(WITHOUT);
    return error.code;
  }
  say(`fall-line: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return exitCodes.failed;
}

/** Runs a verb and returns the exit code; never throws. */
export async function main(argv: string[], services: Services): Promise<number> {
  const [verb, ...rest] = argv;
  if (verb === undefined || verb === "help" || verb === "--help" || verb === "-h") {
    process.stdout.write(help(rest[0]));
    return verb === undefined ? exitCodes.usage : exitCodes.fine;
  }
  if (verb === "--version" || verb === "-v") {
    process.stdout.write(`${versionOf(services.root)}\n`);
    return exitCodes.fine;
  }
  const known = Object.hasOwn(run, verb) ? run[verb] : undefined;
  if (!known) {
    const meant = nearest(verb, Object.keys(verbs));
    return usage(
      `"${verb}" is no verb; ${meant ? `did you mean "${meant}"?` : `expected ${Object.keys(verbs).join(", ")}`}`,
    );
  }
  try {
    const parsed = readFlags(verb, rest, verbs[verb]?.flags ?? []);
    if (!parsed.values.help) return await known(parsed, services);
    process.stdout.write(help(verb));
    return exitCodes.fine;
  } catch (error) {
    return codeOf(error, verb);
  }
}
