import { describe, expect, it } from "vitest";
import { draw, multiplyHigh, order, permutation } from "../../src/core/order.ts";
import { hash } from "../../src/core/random.ts";
import { chiSquare, chiSquareLimit, NORMAL_LIMIT } from "./statistics.ts";

const isPermutation = (values: Uint32Array): boolean => {
  const seen = new Uint8Array(values.length);
  for (const value of values) {
    if (value >= values.length || seen[value]) return false;
    seen[value] = 1;
  }
  return true;
};

describe("order", () => {
  it("gives every index exactly once in an epoch, for every count from 1 to 300", () => {
    for (let count = 1; count <= 300; count++) {
      for (let epoch = 0; epoch < 3; epoch++) expect(isPermutation(permutation(count, 11, epoch))).toBe(true);
    }
  });

  it.each([1023, 1024, 1025, 7000, 50_000, 65_535, 65_536, 65_537, 262_145])("is a permutation of %i", (count) => {
    expect(isPermutation(permutation(count, 2 ** 32 - 1, 2 ** 32 - 1))).toBe(true);
  });

  it("stays below the largest counts and gives different examples", () => {
    for (const count of [2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 1]) {
      const seen = new Set<number>();
      for (let i = 0; i < 5000; i++) {
        for (const position of [i, count - 1 - i]) {
          const value = order(position, count, 1, 2);
          expect(value).toBeLessThan(count);
          seen.add(value);
        }
      }
      expect(seen.size).toBe(10_000);
    }
  });

  it("of one position equals the whole epoch's", () => {
    for (const count of [1, 2, 3, 16, 17, 1000]) {
      const whole = permutation(count, 5, 6);
      for (let i = 0; i < count; i++) expect(order(i, count, 5, 6)).toBe(whole[i]);
    }
  });

  it("differs between epochs and between seeds", () => {
    const first = permutation(1000, 1, 0);
    for (const other of [permutation(1000, 1, 1), permutation(1000, 2, 0), permutation(1000, 0, 1)]) {
      // The number of fixed points of a random permutation is Poisson(1): P(above 12) = 6e-11.
      expect(first.filter((value, i) => value === other[i]).length).toBeLessThanOrEqual(12);
    }
  });

  it.each([
    [2, 2],
    [3, 6],
    [4, 24],
    [5, 120],
    [6, 720],
  ])("gives each of the permutations of %i equally often", (count, factorial) => {
    const seen = new Map<string, number>();
    for (let epoch = 0; epoch < 100 * factorial; epoch++) {
      const key = permutation(count, 3, epoch).join();
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    expect(seen.size).toBe(factorial);
    expect(chiSquare(seen.values(), 100)).toBeLessThan(chiSquareLimit(factorial - 1));
  });

  it.each([7, 16, 17, 18, 31, 32, 33, 40, 64, 100])(
    "puts each of %i examples at each position equally often",
    (count) => {
      const epochs = 200 * count;
      const counts = new Uint32Array(count * count);
      for (let epoch = 0; epoch < epochs; epoch++) {
        permutation(count, 4, epoch).forEach((value, i) => {
          counts[i * count + value]!++;
        });
      }
      // Rows and columns sum to `epochs`: (count - 1)^2 degrees of freedom, and the statistic scales by (count - 1) / count.
      const statistic = (chiSquare(counts, 200) * (count - 1)) / count;
      expect(statistic).toBeLessThan(chiSquareLimit((count - 1) ** 2));
    },
  );

  it.each([
    [17, 4000],
    [33, 4000],
    [40, 4000],
    [64, 2000],
    [65, 2000],
    [128, 1000],
    [1000, 200],
    [7000, 40],
  ])("of %i leaves no pattern in the distance between neighbours, or between epochs", (count, epochs) => {
    for (const lag of [1, 2, 8]) {
      const counts = new Uint32Array(count);
      let before: Uint32Array | undefined;
      const moved = new Uint32Array(count);
      for (let epoch = 0; epoch < epochs; epoch++) {
        const values = permutation(count, 9, epoch);
        for (let i = 0; i < count; i++) {
          counts[(values[(i + lag) % count]! - values[i]! + count) % count]!++;
          if (before) moved[(values[i]! - before[i]! + count) % count]!++;
        }
        before = values;
      }
      expect(counts[0]).toBe(0);
      expect(chiSquare(counts.slice(1), (epochs * count) / (count - 1))).toBeLessThan(chiSquareLimit(count - 2));
      expect(chiSquare(moved, epochs - 1)).toBeLessThan(chiSquareLimit(count - 1));
    }
  });

  it("draws batches whose means vary as sampling without replacement says", () => {
    const [count, batch, epochs] = [1000, 125, 1000];
    let squares = 0;
    for (let epoch = 0; epoch < epochs; epoch++) {
      const values = permutation(count, 6, epoch);
      for (let start = 0; start < count; start += batch) {
        const mean = values.subarray(start, start + batch).reduce((sum, value) => sum + value, 0) / batch;
        squares += (mean - (count - 1) / 2) ** 2;
      }
    }
    const want = (((count ** 2 - 1) / 12 / batch) * (count - batch)) / (count - 1);
    // 8 batch means sum to a constant: 7 free ones an epoch, each squared deviation with variance 2 want^2.
    const error = want * Math.sqrt(2 / (epochs * 7));
    expect(Math.abs(squares / (epochs * 8) - want) / error).toBeLessThan(NORMAL_LIMIT);
  });

  it("refuses an empty set and a position outside", () => {
    expect(() => order(0, 0, 1, 1)).toThrow("order: count is 0, expected an integer >= 1");
    expect(() => order(5, 5, 1, 1)).toThrow("order: position is 5, expected an integer >= 0 and < 5");
    expect(() => draw(0, 0, 1)).toThrow("draw: count is 0");
  });
});

describe("golden order", () => {
  it("is fixed", () => {
    expect([...permutation(5, 1, 0)]).toEqual([0, 3, 4, 2, 1]);
    expect([...permutation(20, 1, 0)]).toEqual([18, 12, 9, 0, 2, 5, 3, 10, 1, 8, 13, 17, 16, 11, 7, 19, 6, 4, 15, 14]);
    expect([0, 1, 2, 3].map((i) => order(i, 60_000, 7, 3))).toEqual([41372, 23043, 41608, 425]);
    expect([0, 1, 2, 3].map((i) => draw(i, 60_000, 7))).toEqual([55738, 24819, 46702, 31312]);
  });
});

describe("multiplyHigh", () => {
  it("is the upper half of the exact product", () => {
    const edges = [0, 1, 2, 0xffff, 0x10000, 0x10001, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
    const values = [...edges, ...Array.from({ length: 100 }, (_, i) => hash(i, 0, 0, 0))];
    for (const a of values) {
      for (const b of values) expect(multiplyHigh(a, b)).toBe(Number((BigInt(a) * BigInt(b)) >> 32n));
    }
  });
});

describe("draw", () => {
  it("is even over the examples", () => {
    const counts = new Uint32Array(1000);
    for (let i = 0; i < 200_000; i++) counts[draw(i, 1000, 12)]!++;
    expect(chiSquare(counts, 200)).toBeLessThan(chiSquareLimit(999));
  });

  // n draws from n. Each fraction's variance is exact: the indicators' pair probabilities are known.
  it.each([
    { n: 20, trials: 5000, once: 0.377354, seen: 0.641514 },
    { n: 50_000, trials: 4, once: 0.367883, seen: 0.632124 },
  ])("of $n from $n: $seen are seen at least once, $once exactly once", ({ n, trials, once, seen }) => {
    const miss = (1 - 1 / n) ** n;
    const single = (1 - 1 / n) ** (n - 1);
    expect(1 - miss).toBeCloseTo(seen, 6);
    expect(single).toBeCloseTo(once, 6);
    const error = (p: number, pair: number) => Math.sqrt((p / n + ((n - 1) / n) * pair - p * p) / trials);
    let [atLeast, exactly] = [0, 0];
    for (let trial = 0; trial < trials; trial++) {
      const counts = new Uint32Array(n);
      for (let i = 0; i < n; i++) counts[draw(trial * n + i, n, 8)]!++;
      atLeast += counts.filter((count) => count > 0).length / n / trials;
      exactly += counts.filter((count) => count === 1).length / n / trials;
    }
    expect(Math.abs(atLeast - seen) / error(miss, (1 - 2 / n) ** n)).toBeLessThan(5);
    expect(Math.abs(exactly - once) / error(single, (1 - 1 / n) * (1 - 2 / n) ** (n - 2))).toBeLessThan(5);
  });
});
