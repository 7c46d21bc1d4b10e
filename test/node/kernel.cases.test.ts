// That the cases reach everything there is, and that a batch and its verdicts work, with the references in the GPU's place.
import { describe, expect, test } from "vitest";
import { type Case, caseOf, describeCase, MANY, pairwise } from "../../src/kernel/cases.ts";
import { kernels } from "../../src/kernel/kernel.ts";
import { elementwise } from "../../src/ops/elementwise.ts";
import { tiles } from "../../src/ops/matmul.ts";
import { rules } from "../../src/optim/rule.ts";
import { type Batch, judge, prepare } from "../../src/validate/batch.ts";
import { mutants } from "../../src/validate/mutants.ts";
import { catalogue } from "../../src/validate/registry.ts";

const sets = catalogue();
const cases = sets.flatMap((set) => set.cases);
const of = (kernel: string): Case[] => cases.filter((at) => at.kernel === kernel);

describe("every kernel's cases", () => {
  test.each([...kernels.keys()])("%s: runs, sharing, places, folds, several distributions", (name) => {
    const own = of(name);
    expect(own.length).toBeGreaterThanOrEqual(15);
    expect(own.some(({ runs }) => runs.count === 1)).toBe(true);
    expect(own.some(({ runs }) => runs.count === 3)).toBe(true);
    expect(own.some(({ runs }) => runs.first > 0)).toBe(true);
    expect(new Set(own.map(({ place }) => place)).size).toBe(2);
    expect(own.some(({ fold }) => fold > 0)).toBe(true);
    const words = Object.values(kernels.get(name)!.bindings(own[0]!.sizes, {})).every(({ dtype }) => dtype !== "f32");
    const composed = own.every(({ parts }) => parts !== undefined);
    if (!words && !composed)
      expect(new Set(own.map(({ fill }) => JSON.stringify(fill))).size).toBeGreaterThanOrEqual(2);
  });

  test.each([...kernels.keys()])("%s: each input of a run's own and shared", (name) => {
    const own = of(name);
    const accesses = Object.entries(kernels.get(name)!.bindings(own[0]!.sizes, {}));
    const inputs = accesses.filter(([, { mode }]) => mode === "read").map(([binding]) => binding);
    for (const input of inputs)
      expect(
        own.some(({ shared }) => shared.includes(input)),
        `${input} is never shared`,
      ).toBe(true);
  });

  test("some fold their grid because of their number of runs", () => {
    expect(
      sets.filter(({ cases }) => cases.some(({ runs }) => runs.count === MANY.count)).length,
    ).toBeGreaterThanOrEqual(5);
  });

  test("that are exact stay below 2^24 in every sum", () => {
    const floats = [...kernels.values()].filter(({ bindings }) =>
      Object.values(bindings({}, {})).some(({ dtype }) => dtype === "f32"),
    );
    const names = new Set(floats.map(({ name }) => name).filter((name) => name !== "update"));
    for (const { tier, sizes, kernel, variant } of cases) {
      if (tier !== "exact" || !names.has(kernel)) continue;
      // The largest terms there are: a byte scaled and shifted times an integer; the square of a difference.
      const term = variant.label?.includes("gather") ? (255 * 8 + 8) * 8 : 16 ** 2;
      expect(
        term * Math.max(...Object.values(sizes)),
        describeCase({ ...caseOf(kernel, { sizes }), variant }),
      ).toBeLessThan(2 ** 24);
    }
  });

  test("describe themselves", () => {
    const [set] = sets.filter(({ kernel }) => kernel === "map");
    expect(describeCase(set!.cases[0]!)).toMatch(/^\w+ \{rows: \d+, cols: \d+\}$/);
  });
});

describe("cases cover", () => {
  test.each([...elementwise.keys()])("function %s, alone and after a matmul", (name) => {
    const alone = cases.filter(
      ({ kernel, variant }) => (kernel === "map" || kernel === "zip") && variant.label === name,
    );
    const fused = cases.filter(
      ({ kernel, variant }) => kernel.startsWith("matmul_") && variant.label?.split(" + ").includes(name),
    );
    expect(alone.length).toBeGreaterThanOrEqual(10);
    if (name !== "identity") expect(fused.length).toBeGreaterThan(0);
  });

  test.each([...rules.keys()])("rule %s", (name) => {
    const own = of("update").filter(({ variant }) => variant.chain?.some(({ rule }) => rule === name));
    expect(own.length).toBeGreaterThanOrEqual(6);
  });

  test.each(Object.keys(tiles))("tile %s: layouts, gathers of both kinds, two fragments, column sums", (tile) => {
    const own = of(`matmul_${tile}`);
    const layouts = new Set(
      own.map(({ variant }) => `${variant.consts?.A_TRANSPOSED} ${variant.consts?.B_TRANSPOSED}`),
    );
    expect(layouts.size).toBe(3);
    const labels = own.map(({ variant }) => variant.label ?? "");
    expect(labels.some((label) => label.split(" + ").length >= 2 && !label.includes("gather"))).toBe(true);
    expect(labels.some((label) => label.includes("column sums"))).toBe(true);
    const gathers = own.filter(({ variant }) => variant.label?.startsWith("gather"));
    expect(new Set(gathers.map(({ lies }) => lies.data?.dtype))).toEqual(new Set(["f32", "u8"]));
  });

  test("the planted faults' kernels: every family has ten of them", () => {
    const counts = new Map<string, number>();
    for (const { family } of mutants) counts.set(family, (counts.get(family) ?? 0) + 1);
    expect(counts.size).toBe(7);
    for (const count of counts.values()) expect(count).toBeGreaterThanOrEqual(10);
  });
});

test("pairwise: every two values of different axes meet, in far fewer rows than the product, always the same", () => {
  const axes = { a: [1, 2, 3, 4], b: ["x", "y"], c: [true, false], d: [0, 1, 2], e: [0, 1] };
  const rows = pairwise(axes);
  const names = Object.keys(axes) as (keyof typeof axes)[];
  for (const one of names) {
    for (const two of names) {
      if (one >= two) continue;
      for (const left of axes[one]) {
        for (const right of axes[two]) expect(rows.some((row) => row[one] === left && row[two] === right)).toBe(true);
      }
    }
  }
  expect(rows.length).toBeLessThan(24);
  expect(pairwise(axes)).toEqual(rows);
});

/** What a GPU that computed the references in f64 and rounded once would leave behind. */
function perfect(batch: Batch): Map<string, Uint32Array> {
  const results = batch.written.map((name): [string, Uint32Array] => {
    const { words, numbers, dtype } = batch.buffers.get(name)!;
    const after = words.slice();
    const floats = new Float32Array(after.buffer);
    const before = new Float32Array(words.buffer);
    // Untouched elements keep their very bits.
    for (let i = 0; i < after.length; i++) {
      if (dtype === "u32") after[i] = numbers[i]!;
      else if (!Object.is(before[i], Math.fround(numbers[i]!))) floats[i] = numbers[i]!;
    }
    return [name, after];
  });
  return new Map(results);
}

describe("a batch", () => {
  const at = caseOf("bias_add", {
    sizes: { rows: 3, cols: 5 },
    runs: { first: 1, count: 2 },
    place: "wide",
    fill: "normal",
    shared: ["b"],
  });
  const batch = prepare([at, caseOf("scale", { sizes: { rows: 2, cols: 3, factor: 2 } })], { u: 2 ** -24 });
  const y = batch.cases[0]!.dispatch.bindings.y!;
  const spoiled = (change: (words: Uint32Array, floats: Float32Array) => void): (string | undefined)[] => {
    const results = perfect(batch);
    const words = results.get(y.buffer)!;
    change(words, new Float32Array(words.buffer));
    return judge(batch, results).map(({ message }) => message);
  };
  const run2 = y.offset + 2 * y.run;

  test("of right results agrees, case by case", () => {
    expect(spoiled(() => {})).toEqual([undefined, undefined]);
  });

  test("is laid out behind guards, at offsets and pitches of its own, in NaN", () => {
    expect(y.offset).toBeGreaterThan(16);
    expect(y.pitch).toBe(12);
    expect(y.run).toBe(44);
    expect(batch.cases[0]!.dispatch.bindings.b!.run).toBe(0);
    const x = batch.cases[0]!.dispatch.bindings.x!;
    const floats = new Float32Array(batch.buffers.get(x.buffer)!.words.buffer);
    // Row padding, and all of run 0, which the case does not play.
    expect([floats[x.offset + x.run + 5], floats[x.offset]]).toEqual([Number.NaN, Number.NaN]);
    expect(Number.isFinite(floats[x.offset + x.run])).toBe(true);
  });

  test("names run, element and numbers of what is wrong", () => {
    const [message] = spoiled((_, floats) => {
      floats[run2 + y.pitch + 4] = 1000;
    });
    expect(message).toMatch(
      /^bias_add \{rows: 3, cols: 5\} run 2: 1 of 15 wrong, first at \[1, 4\]: want -?\d+\.\d+, got 1000\.000, allowed /,
    );
  });

  test("notices results never written", () => {
    const [message] = spoiled((words) => {
      words[run2] = batch.buffers.get(y.buffer)!.words[run2]!;
    });
    expect(message).toMatch(/first at \[0, 0\]: want .*, got NaN/);
  });

  test.each([
    ["before the tensor", y.offset - 1],
    ["behind the last row's padding", run2 + 2 * y.pitch + 8],
    ["in the gap after a run", run2 - 1],
    ["in a run that is not played", y.offset],
  ])("notices a write %s", (_, place) => {
    const [message] = spoiled((words) => {
      words[place] = 0;
    });
    expect(message).toContain(`y was changed at element ${place - y.offset} from its offset`);
  });

  test("allows row padding to become 0 and nothing else", () => {
    expect(spoiled((words) => words.fill(0, run2 + 5, run2 + 8))).toEqual([undefined, undefined]);
    const [message] = spoiled((_, floats) => {
      floats[run2 + 5] = 1;
    });
    expect(message).toContain("y was changed at element");
  });
});
