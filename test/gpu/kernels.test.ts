// Every kernel there is, on its cases, against its f64 reference within its derived bound. Nothing here names a kernel.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { WebGpuBackend } from "../../src/backend/webgpu/index.ts";
import { kernels } from "../../src/kernel/kernel.ts";
import { worstOf } from "../../src/validate/batch.ts";
import { describe as describeFingerprint, type Fingerprint, fingerprint } from "../../src/validate/probe.ts";
import { catalogue } from "../../src/validate/registry.ts";
import { runCases } from "../../src/validate/run.ts";
import { announce, summary } from "../harness/summary.ts";
import { expectNoUncapturedErrors, sharedBackend } from "./support/backend.ts";

expectNoUncapturedErrors();

let backend: WebGpuBackend;
let probed: Fingerprint;
const counts = { cases: 0, exact: 0, worst: 0, where: "" };

beforeAll(async () => {
  backend = await sharedBackend();
  probed = await fingerprint(backend);
  announce("numbers", describeFingerprint(probed));
});

afterAll(() => {
  const { cases, exact, worst, where } = counts;
  const share = `${Math.round(100 * worst)} % of its bound (${where})`;
  summary(`kernels: ${cases} cases of ${kernels.size} kernels, ${exact} of them exact, worst error ${share}`);
});

const sets = catalogue();

describe("agrees with its reference:", () => {
  test.each([...kernels.keys()])("%s", async (name) => {
    const cases = sets.filter(({ kernel }) => kernel === name).flatMap((set) => set.cases);
    expect(cases.length, `${name} has no cases`).toBeGreaterThan(0);
    const outcomes = await runCases(backend, cases, probed.rounding);
    const messages = outcomes.flatMap(({ message }) => message ?? []);
    expect(messages.slice(0, 5), `${messages.length} of ${cases.length} cases disagree`).toEqual([]);
    counts.cases += cases.length;
    counts.exact += cases.filter(({ tier }) => tier === "exact").length;
    const { comparison } = worstOf(outcomes);
    if (comparison.ratio > counts.worst) [counts.worst, counts.where] = [comparison.ratio, name];
  });
});

test("the adapter keeps what the engine relies on: barriers, and bits through copies", () => {
  expect(probed.barriers).toBe(true);
  expect(probed.copiesSubnormals).toBe(true);
});
