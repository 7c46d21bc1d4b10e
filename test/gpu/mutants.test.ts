// Faults planted in every family of kernels; the kernels' own cases must notice each. A mutant that does not compile is an error.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { WebGpuBackend } from "../../src/backend/webgpu/index.ts";
import { mutants } from "../../src/validate/mutants.ts";
import { type Mutant, playMutants } from "../../src/validate/mutate.ts";
import { fingerprint } from "../../src/validate/probe.ts";
import type { Rounding } from "../../src/kernel/kernel.ts";
import { summary } from "../harness/summary.ts";
import { expectNoUncapturedErrors, sharedBackend } from "./support/backend.ts";

expectNoUncapturedErrors();

let backend: WebGpuBackend;
let rounding: Rounding;
let [killed, played] = [0, 0];

beforeAll(async () => {
  backend = await sharedBackend();
  ({ rounding } = await fingerprint(backend));
});

afterAll(() => {
  summary(`mutants: ${killed} of ${played} killed`);
});

const families = [...new Set(mutants.map(({ family }) => family))];

/** A race need not show on a GPU whose warps happen to run in step; on the software adapter it always does. */
const mayHide = ({ find }: Mutant): boolean => !backend.adapter.software && find.startsWith("workgroupBarrier");

describe("every fault is noticed:", () => {
  test.each(families)("%s", async (family) => {
    const planted = mutants.filter((mutant) => mutant.family === family);
    expect(planted.length).toBeGreaterThanOrEqual(10);
    const verdicts = await playMutants(backend, planted, rounding);
    const survivors = verdicts.filter(({ killed: by, mutant }) => by === undefined && !mayHide(mutant));
    killed += verdicts.length - survivors.length;
    played += verdicts.length;
    expect(survivors.map(({ mutant }) => `${mutant.kernel} ${mutant.label ?? ""}: ${mutant.name}`)).toEqual([]);
  });
});

test("an unharmed kernel survives", async () => {
  const harmless = {
    family: "none",
    name: "nothing",
    kernel: "map",
    label: "relu",
    find: "fn main(",
    replace: "fn main( ",
  };
  const [verdict] = await playMutants(backend, [harmless], rounding);
  expect(verdict?.killed).toBeUndefined();
});

test("a replacement that does not apply is an error, and so is one that does not compile", async () => {
  const at = { family: "none", name: "nothing", kernel: "map", label: "relu", replace: "?" };
  await expect(playMutants(backend, [{ ...at, find: "no such text" }], rounding)).rejects.toThrow(
    /holds no "no such text"/,
  );
  await expect(playMutants(backend, [{ ...at, find: "fn main(" }], rounding)).rejects.toThrow(/does not compile/);
});
