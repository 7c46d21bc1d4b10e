// fall-line validate: kernels x cases in headless Chrome, each against its CPU reference.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { describe } from "../../scripts/prepare.mjs";
import { junit, textTable } from "../validate/report.ts";
import type { ValidationRow } from "../validate/validate.ts";
import type { Parsed } from "./args.ts";
import type { Answered, ValidateQuestion } from "./ask.ts";
import type { Services } from "./chrome.ts";
import { type ChromeEngine, chromeOf, openChrome } from "./engine.ts";
import { exitCodes, JobFailed, UsageError } from "./errors.ts";
import { type Interrupt, watchInterrupt } from "./interrupt.ts";
import { LiveLine } from "./progress.ts";
import { madeNow, writeFileSafely } from "./results.ts";
import { say } from "./session.ts";

const isPath = (text: string): boolean => /[/\\]|\.(ts|js|mjs|mts)$/.test(text);

/** Names are kernels, what looks like a path is a module; vite serves a file by /@fs and its absolute path. */
export function questionOf(positionals: readonly string[]): ValidateQuestion {
  const modules = positionals.filter(isPath).map((path) => {
    const absolute = resolve(path);
    if (!existsSync(absolute)) throw new UsageError(`validate: there is no file ${path}`, "validate");
    return { path, url: `/@fs/${absolute.replaceAll("\\", "/").replace(/^\//, "")}` };
  });
  return { kind: "validate", kernels: positionals.filter((text) => !isPath(text)), modules };
}

const agrees = ({ cases, agreed, message }: ValidationRow): boolean => agreed === cases && message === undefined;

interface Verdict {
  readonly rows: readonly ValidationRow[];
  readonly answered: Answered | undefined;
}

async function ask(engine: ChromeEngine, question: ValidateQuestion, interrupt: Interrupt): Promise<Verdict> {
  const rows: ValidationRow[] = [];
  const line = new LiveLine(process.stderr);
  try {
    const answered = await engine.ask<Answered>(question, (row) => {
      rows.push(row);
      line.show(`${rows.length} kernels, ${rows.reduce((sum, { cases }) => sum + cases, 0)} cases; last ${row.kernel}`);
    });
    return { rows, answered };
  } catch (error) {
    if (interrupt.happened && error instanceof JobFailed && error.failure.name === "AbortError")
      return { rows, answered: undefined };
    throw error;
  } finally {
    line.end();
  }
}

function deliver(
  { rows, answered }: Verdict,
  { junit: file, json }: { junit?: string; json?: boolean },
  made: object,
): number {
  const wrong = rows.filter((row) => !agrees(row)).length;
  const cases = rows.reduce((sum, row) => sum + row.cases, 0);
  if (rows.length > 0) process.stderr.write(`${textTable(rows)}\n`);
  if (answered) say(`adapter ${answered.adapter}: ${answered.fingerprint}`);
  const ended = answered ? "" : ", stopped early";
  say(
    wrong === 0
      ? `${rows.length} kernels agree in ${cases} cases${ended}`
      : `${wrong} of ${rows.length} kernels DISAGREE${ended}`,
  );
  if (file !== undefined) writeFileSafely(file, junit(rows));
  if (json)
    process.stdout.write(
      `${JSON.stringify({ schema: 1, kind: "validate", made: { ...made, ...answered }, agree: wrong === 0, rows })}\n`,
    );
  return wrong === 0 ? exitCodes.fine : exitCodes.failed;
}

/** Exit code 0 where every case of every kernel agrees, else 1. */
export async function validateVerb({ values, positionals }: Parsed, services: Services): Promise<number> {
  const question = questionOf(positionals);
  say(describe(chromeOf(services)));
  const interrupt = watchInterrupt(say);
  try {
    const engine = await openChrome(services, { headed: values.headed === true });
    try {
      interrupt.onStop(() => engine.stop());
      if (interrupt.happened) return exitCodes.interrupted;
      const verdict = await ask(engine, question, interrupt);
      const code = deliver(verdict, values, madeNow(services.root, engine.browser));
      return interrupt.happened ? exitCodes.interrupted : code;
    } finally {
      await engine.close();
    }
  } finally {
    interrupt.dispose();
  }
}
