// The bench whatever measures it: part by part into bench/results/<adapter>.json, faults said, tables to the terminal.
import type { Options } from "./options.ts";
import { printResult, printTuning } from "./print.ts";
import {
  type BenchResult,
  type ColdResult,
  type Effort,
  type Machine,
  type Part,
  roundsOf,
  SCHEMA,
  type TuneResult,
} from "./result.ts";
import { fileOf, readResult, writeResult, writeTuning } from "./store.ts";
import { messageOf, say } from "./words.ts";

/** Takes one measurement in a process (a browser) of its own: cold starts need it fresh, the others are kept apart by it. */
export type Measure = (name: string) => Promise<unknown>;

export interface Site {
  readonly root: string;
  /** What it is measured on, as it is now. */
  readonly machine: () => Machine;
  readonly measure: Measure;
}

/** Cold starts of each library, interleaved; one that fails is said and left out. */
async function cold(measure: Measure, { quick }: Effort): Promise<ColdResult[]> {
  const all = new Map<string, ColdResult[]>();
  for (let round = 0; round < (quick ? 1 : 5); round++) {
    for (const name of ["fall-line", "jax-js", "TensorFlow.js"]) {
      say(`bench: cold start: ${name}`);
      try {
        all.set(name, [...(all.get(name) ?? []), (await measure(`cold ${name}`)) as ColdResult]);
      } catch (error) {
        say(`bench: ${messageOf(error)}`);
      }
    }
  }
  return [...all.values()].map((rounds) => ({
    ...(rounds[0] as ColdResult),
    millis: roundsOf(rounds.flatMap(({ millis }) => millis.raw)),
  }));
}

/** What a part adds to the results. */
async function measurePart(part: Part, measure: Measure, effort: Effort): Promise<Partial<BenchResult>> {
  if (part === "cold") return { cold: await cold(measure, effort) };
  const found = await measure(part);
  return (part === "kernels" ? found : { [part]: found }) as Partial<BenchResult>;
}

/** Whether anything counted or compared is not as it must be. Timings never fail. */
function faults({ step = [], peers = [] }: Partial<BenchResult>): string[] {
  const unplanned = step
    .filter(({ asPlanned }) => !asPlanned)
    .map(({ problem }) => `${problem}: dispatches differ from the plan`);
  const apart = peers.flatMap(({ problem, left }) =>
    Object.entries(left).map(([name, why]) => `${problem}: ${name} left out: ${why}`),
  );
  return [...unplanned, ...apart];
}

/** Measures tiles and writes the table of the adapter. */
export async function makeTuning({ effort }: Options, { root, machine: look, measure }: Site): Promise<number> {
  const machine = look();
  say(`bench: tuning on ${machine.adapter}, ${machine.browser}, load ${machine.load[0]}`);
  const result = (await measure("tune")) as TuneResult;
  process.stdout.write(printTuning(result));
  say(`bench: ${writeTuning(root, { ...machine, quick: effort.quick }, result)}, for openBackend({ tuning })`);
  return 0;
}

/** Measures the wanted parts; the exit code, 1 when one failed. */
export async function drive(options: Options, site: Site): Promise<number> {
  if (options.tune) return makeTuning(options, site);
  const { parts, effort } = options;
  const { root, machine: look, measure } = site;
  const machine = look();
  say(`bench: ${machine.adapter}, ${machine.browser}, ${machine.cores} cores, load ${machine.load[0]}`);
  const file = fileOf(root, machine);
  let result: BenchResult = { schema: SCHEMA, measured: {}, ...readResult(file), machine };
  let now: Partial<BenchResult> = {};
  let failed = false;
  for (const part of parts) {
    try {
      const { commit, date, load } = look();
      const found = await measurePart(part, measure, effort);
      result = { ...result, ...found, measured: { ...result.measured, [part]: { commit, date, load } } };
      now = { ...now, ...found };
      writeResult(file, result);
      for (const fault of faults(found)) {
        failed = true;
        say(`bench: ${fault}`);
      }
    } catch (error) {
      failed = true;
      say(`bench: ${part} failed: ${messageOf(error)}`);
    }
  }
  process.stdout.write(printResult({ schema: SCHEMA, measured: {}, machine, ...now }));
  say(`bench: ${file}`);
  return failed ? 1 : 0;
}
