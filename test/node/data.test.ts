import { describe, expect, it } from "vitest";
import { type Dataset, type DatasetOptions, dataset } from "../../src/data/dataset.ts";
import { standardize } from "../../src/data/standardize.ts";

const iota = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => i);

/** 100 rows of 3 numbers, row r is (3r, 3r + 1, 3r + 2); labels 0, 1, 2 in shares of 50, 30, 20, sorted. */
const sorted: DatasetOptions = {
  name: "sorted",
  x: iota(300),
  y: Uint32Array.from({ length: 100 }, (_, i) => (i < 50 ? 0 : i < 80 ? 1 : 2)),
};

const rowsOf = (data: Dataset): number[] =>
  Array.from({ length: data.count }, (_, i) => data.x[i * data.features]! / 3);

const labelsIn = (data: Dataset, split: keyof Dataset["splits"]): number[] => {
  const { start, count } = data.splits[split];
  const counts = new Array<number>(data.outputs).fill(0);
  for (const label of data.y.subarray(start, start + count)) counts[label]!++;
  return counts;
};

describe("dataset", () => {
  it("keeps x and y together and every row once", () => {
    const data = dataset({ ...sorted, split: { train: 60, validation: 15, test: 25 } });
    const rows = rowsOf(data);
    expect([...rows].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    for (const [i, row] of rows.entries()) {
      expect(data.y[i]).toBe(sorted.y[row]);
      expect([...data.x.subarray(3 * i, 3 * i + 3)]).toEqual([3 * row, 3 * row + 1, 3 * row + 2]);
    }
    expect(data.splits).toEqual({
      train: { start: 0, count: 60 },
      validation: { start: 60, count: 15 },
      test: { start: 75, count: 25 },
    });
    expect(data).toMatchObject({ count: 100, features: 3, shape: [3], outputs: 3, classes: ["0", "1", "2"] });
    expect([...data.scale, ...data.shift]).toEqual([1, 1, 1, 0, 0, 0]);
  });

  it("has every class in proportion, in every split", () => {
    const data = dataset({ ...sorted, split: { train: 60, validation: 20, test: 20 } });
    expect(labelsIn(data, "train")).toEqual([30, 18, 12]);
    expect(labelsIn(data, "validation")).toEqual([10, 6, 4]);
    expect(labelsIn(data, "test")).toEqual([10, 6, 4]);
  });

  it("keeps the test rows whatever the size of validation", () => {
    const testRows = (validation: number): number[] =>
      rowsOf(dataset({ ...sorted, split: { train: 80 - validation, validation, test: 20 } })).slice(80);
    expect(testRows(10)).toEqual(testRows(0));
  });

  it("depends on the seed, and on nothing else", () => {
    const [a, again, b] = [1, 1, 2].map((seed) => dataset({ ...sorted, seed }));
    expect(a).toEqual(again);
    expect(rowsOf(a!)).not.toEqual(rowsOf(b!));
    expect(a!.hash).not.toBe(b!.hash);
  });

  it("is shuffled within the splits", () => {
    const labels = [...dataset(sorted).y].slice(0, 80);
    expect(labels).not.toEqual([...labels].sort());
  });

  it("keeps the order without shuffle, and leaves out rows that no split takes", () => {
    const data = dataset({ ...sorted, shuffle: false, split: { train: 10, test: 5 } });
    expect(rowsOf(data)).toEqual(Array.from({ length: 15 }, (_, i) => i));
    expect(data.splits.test).toEqual({ start: 10, count: 5 });
    const part = dataset({ ...sorted, split: { train: 20 } });
    expect(part.count).toBe(20);
    expect(labelsIn(part, "train")).toEqual([10, 6, 4]);
  });

  it.each([
    [10, undefined, [8, 1, 1]],
    [10, {}, [10, 0, 0]],
    [10, { train: 1 }, [10, 0, 0]],
    [10, { test: 0.25 }, [8, 0, 2]],
    [10, { test: 3 }, [7, 0, 3]],
    [7, { train: 0.5, test: 0.5 }, [4, 0, 3]],
    [10, { train: 0.7, validation: 0.2, test: 0.1 }, [7, 2, 1]],
    [10, { train: 0.3, test: 0.3 }, [3, 0, 3]],
    [1, undefined, [1, 0, 0]],
  ] as const)("splits %i rows by %j into %j", (count, split, want) => {
    const { splits } = dataset({ x: iota(count), y: iota(count), ...(split && { split }) });
    expect([splits.train.count, splits.validation.count, splits.test.count]).toEqual(want);
  });

  it("takes targets, bytes, shapes, names, scale and shift", () => {
    const data = dataset({
      x: Uint8Array.from({ length: 24 }, (_, i) => i),
      y: iota(8),
      outputs: 2,
      shape: [2, 3],
      scale: 1 / 255,
      shift: [1, 2, 3, 4, 5, 6],
      split: { train: 1 },
    });
    expect(data).toMatchObject({ name: "data", count: 4, features: 6, shape: [2, 3], outputs: 2, classes: undefined });
    expect(data.x).toBeInstanceOf(Uint8Array);
    expect(data.y).toBeInstanceOf(Float32Array);
    for (let i = 0; i < 4; i++) expect(data.y[2 * i]).toBe(data.x[6 * i]! / 3);
    expect(data.scale[5]).toBe(Math.fround(1 / 255));
    expect([...data.shift]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(dataset({ ...sorted, classes: ["a", "b", "c"] }).classes).toEqual(["a", "b", "c"]);
    expect(dataset({ ...sorted, outputs: 5 }).classes).toHaveLength(5);
  });

  it("hashes all that training depends on, and not the name", () => {
    const base = dataset(sorted).hash;
    expect(base).toMatch(/^[0-9a-f]{16}$/);
    expect(dataset({ ...sorted, name: "other" }).hash).toBe(base);
    const x = Float32Array.from(sorted.x);
    x[299] = 300;
    const y = Uint32Array.from(sorted.y);
    y[0] = 1;
    const changes: Partial<DatasetOptions>[] = [
      ...[{ x }, { y }, { scale: 2 }, { shift: 1 }, { outputs: 4 }, { shape: [3, 1] }],
      ...[{ split: { train: 0.7, validation: 0.2, test: 0.1 } }, { shuffle: false }],
    ];
    const hashes = changes.map((change) => dataset({ ...sorted, ...change }).hash);
    expect(new Set([base, ...hashes]).size).toBe(changes.length + 1);
  });

  it("does not share memory with what it was given", () => {
    const x = iota(4);
    const data = dataset({ x, y: iota(4), shuffle: false, split: { train: 1 } });
    x[0] = 9;
    expect(data.x[0]).toBe(0);
  });

  const holed = iota(300);
  holed[3 * 41 + 2] = Number.NaN;
  it.each<[string, Record<string, unknown>]>([
    ["dataset sorted: the data are empty: x has 0 values, y 100", { x: new Float32Array(0) }],
    ["x has 299 values, expected 100 examples as in y; check the lengths", { x: iota(299) }],
    ["x has 300 values, expected 100 examples of shape [2, 2] as in y", { shape: [2, 2] }],
    ["x at row 41, column 2 is NaN, expected a finite number; remove the row or fill it in", { x: holed }],
    [
      "y at row 1, column 0 is Infinity",
      {
        y: Float32Array.of(...Array(100))
          .fill(0)
          .fill(Infinity, 1, 2),
      },
    ],
    ["y at row 80 is 2, expected a label below 2; give outputs or classes", { outputs: 2 }],
    ["y at row 7 is 4294967295, expected a label below 65536", { y: new Uint32Array(100).fill(-1, 7, 8) }],
    ["there are 2 names of classes, expected 3, the outputs", { classes: ["a", "b"], outputs: 3 }],
    ["classes are named, y holds f32 targets", { classes: ["a"], y: new Float32Array(100) }],
    ["y has 100 values, expected a multiple of 3 outputs", { y: new Float32Array(100), outputs: 3 }],
    ["y is no typed array; use Uint32Array for labels, Float32Array for targets", { y: [0, 1] }],
    ["x is no Uint8Array and no Float32Array", { x: [0, 1] }],
    ["the splits take 110 of 100; ask for fewer rows", { split: { train: 90, test: 20 } }],
    ["the splits take 120 of 100", { split: { test: 120 } }],
    ["the splits take 1.1 of 1; fractions sum to 1 at most", { split: { train: 0.9, test: 0.2 } }],
    ["split.train is 3.5, expected an integer >= 0", { split: { train: 3.5 } }],
    ["split.test is -1, expected a finite number >= 0", { split: { test: -1 } }],
    ["the training split has no rows of 100, expected at least 1", { split: { test: 1 } }],
    ['split: unknown option "tset"; did you mean "test"?', { split: { tset: 0.1 } }],
    ['unknown option "sead"; did you mean "seed"?', { sead: 1 }],
    ["seed is -1, expected an integer >= 0 and <= 4294967295", { seed: -1 }],
    ["stratify is set, shuffle is false", { shuffle: false, stratify: true }],
    ["stratify needs labels, y holds targets", { y: new Float32Array(100), stratify: true }],
    ["scale has 2 values, expected one number or 3, one a feature", { scale: [1, 2] }],
  ])("refuses: %s", (message, change) => {
    expect(() => dataset({ ...sorted, ...change } as DatasetOptions)).toThrow(message);
  });
});

/** Mean and deviation of what the network sees, over a split's rows. */
function seen(data: Dataset, split: keyof Dataset["splits"], column: number): { mean: number; sigma: number } {
  const { start, count } = data.splits[split];
  const values = Array.from(
    { length: count },
    (_, i) => data.x[(start + i) * data.features + column]! * data.scale[column]! + data.shift[column]!,
  );
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  return { mean, sigma: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count) };
}

describe("standardize", () => {
  // Columns: 3 r, a constant that is no dyadic number, and the square of r around 1e4 with a little spread.
  const x = new Float32Array(300);
  for (let r = 0; r < 100; r++) x.set([3 * r, 0.1, 1e4 + (r % 7)], 3 * r);
  const raw = dataset({ x, y: sorted.y, scale: [2, 1, -0.5], shift: [7, 3, 0] });
  const data = standardize(raw);

  it("gives the training rows mean 0 and deviation 1", () => {
    // Scale and shift are f32: the mean is off by |x| scale 2^-24 twice, at most; the deviation by 2^-24 of itself, and f64 noise.
    for (const column of [0, 2]) {
      const largest = column === 0 ? 300 : 10_006;
      const { mean, sigma } = seen(data, "train", column);
      expect(Math.abs(mean)).toBeLessThan(2 * largest * Math.abs(data.scale[column]!) * 2 ** -24);
      expect(Math.abs(sigma - 1)).toBeLessThan(2 ** -24 + 1e-12);
    }
    expect(data.scale[2]).toBeLessThan(0);
  });

  it("is fitted on the training rows only: the test rows keep a mean of their own", () => {
    expect(Math.abs(seen(data, "test", 0).mean)).toBeGreaterThan(0.01);
    const other = { ...raw, x: Float32Array.from(raw.x) };
    other.x.fill(1e6, raw.splits.validation.start * 3);
    expect(standardize(other).scale).toEqual(data.scale);
    expect(standardize(other).shift).toEqual(data.shift);
  });

  it("keeps the scale of a constant feature and shifts it to 0", () => {
    expect(data.scale[1]).toBe(1);
    expect(seen(data, "train", 1)).toEqual({ mean: 0, sigma: 0 });
  });

  it("leaves x, y and the splits, changes the hash, and changes next to nothing the second time", () => {
    expect(data.x).toBe(raw.x);
    expect(data.y).toBe(raw.y);
    expect(data.hash).not.toBe(raw.hash);
    expect(standardize(data)).toEqual(data);
  });
});
