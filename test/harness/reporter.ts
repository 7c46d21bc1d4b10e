// One line per test file, failures in full, the tests' own summary lines, and last "N passed, N failed".
// A skipped test counts as failed unless a name filter was given: our tests fail, they never skip.

import type { SerializedError, UserConsoleLog } from "vitest";
import type { Reporter, TestCase, TestModule, TestSuite, Vitest } from "vitest/node";
import { ANNOUNCE, PREFIX } from "./summary.ts";

const say = (line: string) => process.stdout.write(`${line}\n`);

export class PlainReporter implements Reporter {
  #vitest: Vitest | undefined;
  #summary: string[] = [];
  #announced = new Set<string>();

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onUserConsoleLog({ content, type }: UserConsoleLog): void {
    for (const line of content.replace(/\n$/, "").split("\n")) {
      if (line.startsWith(PREFIX)) this.#summary.push(line.slice(PREFIX.length));
      else if (line.startsWith(ANNOUNCE)) this.#announce(line.slice(ANNOUNCE.length));
      else process[type].write(`  | ${line}\n`);
    }
  }

  onTestCaseResult(test: TestCase): void {
    const result = test.result();
    if (result.state === "failed") this.#fail(test.module, test.fullName, result.errors);
    else if (result.state === "skipped" && this.#strict()) say(`SKIPPED ${place(test.module)} > ${test.fullName}`);
  }

  onTestSuiteResult(suite: TestSuite): void {
    if (suite.errors().length > 0) this.#fail(suite.module, suite.fullName, suite.errors());
  }

  onTestModuleEnd(module: TestModule): void {
    if (module.errors().length > 0) this.#fail(module, "the file did not load", module.errors());
    const { passed, failed } = count(module, this.#strict());
    const seconds = (module.diagnostic().duration / 1000).toFixed(1);
    say(`${failed > 0 ? "FAIL" : "ok  "} ${place(module)}: ${passed} passed, ${failed} failed, ${seconds} s`);
  }

  onTestRunEnd(modules: ReadonlyArray<TestModule>, unhandled: ReadonlyArray<SerializedError>): void {
    const total = { passed: 0, failed: unhandled.length };
    for (const error of unhandled) this.#vitest?.logger.printError(error, { fullStack: true, type: "Unhandled error" });
    for (const module of modules) {
      const { passed, failed } = count(module, this.#strict());
      total.passed += passed;
      total.failed += failed;
    }
    if (total.passed + total.failed === 0) {
      say("no test ran");
      total.failed = 1;
    }
    for (const line of this.#summary) say(line);
    if (total.failed > 0) process.exitCode = 1;
    // Under scripts/test.mjs the parent prints the closing line, after everything else.
    if (process.send) process.send(total);
    else say(`${total.passed} passed, ${total.failed} failed`);
  }

  #announce(line: string): void {
    if (this.#announced.has(line)) return;
    this.#announced.add(line);
    say(line);
  }

  #strict(): boolean {
    return !this.#vitest?.config.testNamePattern;
  }

  #fail(module: TestModule, name: string, errors: ReadonlyArray<unknown>): void {
    say(`FAILED ${place(module)} > ${name}`);
    for (const error of errors) this.#vitest?.logger.printError(error, { project: module.project, verbose: true });
  }
}

function place(module: TestModule): string {
  return `${module.project.name} ${module.relativeModuleId}`;
}

/** Tests by outcome; a file that did not load and a suite whose hooks failed count as one failure each. */
function count(module: TestModule, strict: boolean): { passed: number; failed: number } {
  let passed = 0;
  let failed = module.errors().length > 0 ? 1 : 0;
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state === "passed") passed++;
    else if (state !== "skipped" || strict) failed++;
  }
  for (const suite of module.children.allSuites()) if (suite.errors().length > 0) failed++;
  return { passed, failed };
}
