// npm test: prepares what is missing, then runs every test. Its last line is always "N passed, N failed".
// Arguments go on to vitest: npm test -- --project node, npm test -- test/gpu/adapter.test.ts.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { describe, EnvironmentError, prepare } from "./prepare.mjs";
import { root } from "./chrome.mjs";

/** @param {{ passed: number, failed: number }} counts @param {number} code */
function close({ passed, failed }, code) {
  process.stdout.write(`${passed} passed, ${failed} failed\n`, () => process.exit(code));
}

/** Runs vitest, all its output on stdout so that failures keep their place; the reporter sends its counts over the channel, so that nothing can be printed after them. */
function vitest() {
  /** @type {{ passed: number, failed: number } | undefined} */
  let counts;
  const program = join(root, "node_modules", "vitest", "vitest.mjs");
  const child = spawn(process.execPath, [program, "run", ...process.argv.slice(2)], {
    cwd: root,
    stdio: ["ignore", 1, 1, "ipc"],
  });
  child.on("message", (message) => {
    counts = /** @type {{ passed: number, failed: number }} */ (message);
  });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, () => child.kill(signal));
  child.on("close", (code) => {
    const { passed, failed } = counts ?? { passed: 0, failed: 1 };
    const fine = code === 0 && failed === 0 && passed > 0;
    close({ passed, failed: fine ? 0 : Math.max(1, failed) }, fine ? 0 : 1);
  });
}

try {
  const chrome = prepare();
  process.stdout.write(`tests run in ${describe(chrome)}\n`);
  vitest();
} catch (error) {
  if (!(error instanceof EnvironmentError)) throw error;
  process.stderr.write(`fall-line: ${error.message}\n`);
  close({ passed: 0, failed: 1 }, 3);
}
