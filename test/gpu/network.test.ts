// A network's whole step in one dispatch: the bits of the plan it replaces, of a run alone, and its parts in lockstep.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Disagreement, lockstep } from "../../src/backend/lockstep.ts";
import type { WebGpuBackend } from "../../src/backend/webgpu/index.ts";
import { hashParts } from "../../src/core/hash.ts";
import { adam, sam, sgd } from "../../src/optim/index.ts";
import { explain } from "../../src/scheduler/explain.ts";
import type { StepProgram } from "../../src/scheduler/program.ts";
import { SOFTWARE } from "../../src/scheduler/software.ts";
import type { Tuning } from "../../src/scheduler/tuning.ts";
import { Population, type PopulationOptions } from "../../src/train/population.ts";
import { type Fingerprint, fingerprint } from "../../src/validate/probe.ts";
import { summary } from "../harness/summary.ts";
import { expectNoUncapturedErrors, sharedBackend } from "./support/backend.ts";
import { advance, bitsOf, bitsOfRun } from "./support/bits.ts";
import { chains, runsOf, tasks } from "./support/tasks.ts";

expectNoUncapturedErrors();

let backend: WebGpuBackend;
let probed: Fingerprint;

beforeAll(async () => {
  backend = await sharedBackend();
  probed = await fingerprint(backend);
});

/** Every network in one dispatch, whatever it costs. */
const TOGETHER: Tuning = { ...SOFTWARE, network: { leastRuns: 1, most: 1e6 } };
const STEPS = 20;

type Name = keyof typeof tasks;

const open = (name: Name, options: Partial<PopulationOptions> = {}): Promise<Population> =>
  Population.open(backend, tasks[name](), {
    batch: 13,
    steps: STEPS,
    runs: runsOf([chains.momentum, chains.adam, chains.adamw], 19),
    tuning: TOGETHER,
    ...options,
  });

const kernelsOf = ({ each }: StepProgram): string[] => each.map(({ kernel }) => kernel);

/** Parameters, state, gradients and metrics after all steps. */
async function played(population: Population): Promise<string> {
  await advance(population, 0, STEPS - 4);
  const metrics = await population.advance(STEPS - 4, 4);
  const gradients = await population.storage.read("gradients");
  const losses = metrics.flatMap(({ loss, accuracy }) => [loss, accuracy]);
  return hashParts([await bitsOf(population), gradients, ...losses]);
}

const NETWORKS = ["relu", "tanh", "residual", "sigmoid", "sine", "dropout", "huber", "activations"] as const;

describe.each(NETWORKS)("%s", (name) => {
  it("leaves the bits of the unfused plan and of the fused one, batch 13 and 16", async () => {
    for (const batch of [13, 16]) {
      const bits: string[] = [];
      for (const options of [
        {},
        { fused: false },
        { tuning: { ...TOGETHER, network: { leastRuns: 20, most: 1e6 } } },
      ]) {
        const population = await open(name, { batch, ...options });
        const networks = kernelsOf(population.program).filter((kernel) => kernel === "network");
        expect(networks.length).toBe(bits.length === 0 ? 1 : 0);
        bits.push(await played(population));
        population.dispose();
      }
      if (!probed.contracts) expect(bits).toEqual([bits[0], bits[0], bits[0]]);
    }
  });

  it("each run equals that run alone, in one dispatch or in several", async () => {
    const together = await open(name);
    await advance(together, 0, STEPS);
    for (const run of [0, 7, 18]) {
      for (const tuning of [TOGETHER, SOFTWARE]) {
        const alone = await open(name, { runs: [together.options.runs[run]!], tuning });
        expect(kernelsOf(alone.program).includes("network")).toBe(tuning === TOGETHER);
        await advance(alone, 0, STEPS);
        if (!probed.contracts) expect(await bitsOfRun(alone, 0)).toBe(await bitsOfRun(together, run));
        alone.dispose();
      }
    }
    together.dispose();
  });
});

describe("what is asked of the steps changes nothing", () => {
  const ways: readonly (readonly [string, Partial<PopulationOptions>])[] = [
    ["rows with replacement", { order: "replacement" }],
    ["rows as they lie", { order: "sequential", batch: 4 }],
    ["one order for all runs", { runs: runsOf([chains.adam], 19).map((run) => ({ ...run, order: 7 })) }],
    ["two gradients a step", { runs: runsOf([sam(sgd({ lr: 0.1 }), { rho: 0.05 })], 19) }],
    ["a norm over all gradients", { runs: runsOf([chains.cut], 19) }],
  ];

  it.each(ways)("%s", async (_, options) => {
    const bits: string[] = [];
    for (const fused of [true, false]) {
      const population = await open("tanh", { ...options, fused });
      expect(kernelsOf(population.program).includes("network")).toBe(fused);
      bits.push(await played(population));
      population.dispose();
    }
    if (!probed.contracts) expect(bits[1]).toBe(bits[0]);
  });
});

it("an evaluation is one dispatch too, with the unfused one's numbers, its last batch not full", async () => {
  const results: unknown[] = [];
  for (const fused of [true, false]) {
    const population = await open("tanh", { fused });
    await advance(population, 0, 4);
    results.push(await population.evaluate("test"));
    population.dispose();
  }
  if (!probed.contracts) expect(results[1]).toEqual(results[0]);
});

it("what is not finite spreads as in the unfused plan, and to no other run", async () => {
  const bits: Uint32Array[] = [];
  for (const fused of [true, false]) {
    const population = await open("residual", { fused });
    const { storage, arenas } = population;
    population.reset();
    const start = (await storage.read("parameters")) as Float32Array;
    for (const [run, value] of [Number.NaN, Number.POSITIVE_INFINITY, -3e38].entries())
      start[run * arenas.size + 1] = value;
    storage.write("parameters", start);
    for (let t = 0; t < 3; t++) await population.advance(t, 1);
    const all = (await storage.read("parameters")) as Float32Array;
    // One NaN is as good as another.
    bits.push(new Uint32Array(all.map((x) => (Number.isNaN(x) ? Number.NaN : x)).buffer));
    expect(all.subarray(0, arenas.size).some(Number.isNaN)).toBe(true);
    expect(all.subarray(3 * arenas.size).some(Number.isNaN)).toBe(false);
    population.dispose();
  }
  if (!probed.contracts) expect(bits[1]).toEqual(bits[0]);
});

/** What lockstep says of a step's dispatches, the first of them with another text. */
async function found(population: Population, change: (text: string) => string): Promise<string> {
  const { program } = population;
  const [network, ...rest] = program.each;
  const { hooks, ...variant } = network!.variant;
  const text = change(hooks!.network!);
  const each = [{ ...network!, variant: { ...variant, hooks: { ...hooks, network: text } } }, ...rest];
  const made = await backend.program({ ...program, each }, population.storage, population.series);
  try {
    const { worst } = await lockstep(made, population, { t: 0, count: 2, rounding: probed.rounding });
    return `agrees within ${worst > 0 && worst <= 1}`;
  } catch (error) {
    if (error instanceof Disagreement) return `${error.dispatch}: ${error.binding}`;
    throw error;
  } finally {
    made.dispose();
    population.reset();
  }
}

describe("in lockstep with its parts", () => {
  let dispatches = 0;
  afterAll(() => void summary(`networks in one dispatch: ${dispatches} in lockstep with the work they replace`));

  it.each(NETWORKS)("%s agrees within the bounds", async (name) => {
    const population = await open(name, { runs: runsOf([chains.adam], 5) });
    expect(await found(population, (text) => text)).toBe("agrees within true");
    dispatches++;
    population.dispose();
  });

  const faults: readonly (readonly [string, RegExp, string, RegExp])[] = [
    ["a product less", /fma\(vec4f\(v0_0\.y\), p0_1_0, /, "(", /: metrics/],
    ["a row less", /row < params\.rows/, "row + 1u < params.rows", /: metrics/],
    ["another column of w", /fma\(vec4f\((v\d+_0)\.y\), (p\d+)_column1_0/, "fma(vec4f($1.y), $2_column0_0", /: g0/],
    ["a sum begun anew", /g1_0 = g1_0 \+ /, "g1_0 = ", /: g1/],
    ["one row's derivative forgotten", /= tanh_derivative\((v\d+_0), v\d+_0\);/, "= $1;", /: g0/],
  ];

  it.each(faults)("%s is found", async (_, find, replace, where) => {
    const population = await open("tanh", { runs: runsOf([chains.adam], 5) });
    const said = await found(population, (text) => {
      expect(text).toMatch(find);
      return text.replace(find, replace);
    });
    expect(said).toMatch(/^network 2-9-3: /);
    expect(said).toMatch(where);
    population.dispose();
  });
});

describe("counts and reasons", () => {
  const said = ({ program }: Population): string[] =>
    explain(program).filter((line) => / network .* in one dispatch|the network stays/.test(line));

  it("two dispatches a step and two a submit beside them", async () => {
    const population = await open("sine", { runs: runsOf([adam()], 16), batch: 16, tuning: SOFTWARE });
    expect(kernelsOf(population.program)).toEqual(["network", "update"]);
    expect(population.program.before.map(({ kernel }) => kernel)).toEqual(["batch_rows"]);
    expect(population.program.after.map(({ kernel }) => kernel)).toEqual(["batch_sums"]);
    expect(population.program.each[0]?.parts?.length).toBe(14);
    expect(said(population)).toEqual(["  network 1-8-1 in one dispatch, a thread a run: runs 16 (table asks for 16)"]);
    population.dispose();
  });

  const refused: readonly (readonly [string, Name, Partial<PopulationOptions>, RegExp])[] = [
    ["few runs", "sine", { runs: runsOf([adam()], 15), tuning: SOFTWARE }, /: runs 15 \(table asks for 16\)$/],
    [
      "long texts",
      "relu",
      { tuning: { ...TOGETHER, network: { leastRuns: 1, most: 999 } } },
      /: [\d,]+ numbers a row \(table allows 999\)$/,
    ],
    ["layer norm", "norm", {}, /: layer2\.layerNorm cannot be done row by row in a thread$/],
    ["weighted rows", "odds", {}, /: row weights cannot/],
    ["long sums in parts", "tanh", { batch: 512, order: "replacement", numericClass: "split-k" }, /\.parts cannot/],
  ];

  it.each(refused)("%s: several dispatches", async (_, name, options, why) => {
    const population = await open(name, options);
    expect(kernelsOf(population.program)).not.toContain("network");
    const lines = said(population);
    expect(lines.length).toBe(1);
    expect(lines[0]).toMatch(/^ {2}the network stays in several dispatches: /);
    expect(lines[0]).toMatch(why);
    population.dispose();
  });
});
