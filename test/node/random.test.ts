import { describe, expect, it } from "vitest";
import { block, gaussian, hash, normal, streams, uniform } from "../../src/core/random.ts";
import { chiSquare, chiSquareLimit, NORMAL_LIMIT } from "./statistics.ts";

type Keys = readonly [number, number, number, number];

const golden: readonly (readonly [Keys, number])[] = [
  [[0, 0, 0, 0], 0xe36db4d1],
  [[1, 2, 3, 4], 0x3a8132c7],
  [[2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1], 0x6301d5ee],
  [[7, 0xffffff00, 1000, 59_999], 0x3295f58c],
  [[0x80000000, 0, 0, 1], 0x78f85105],
];

/** The definition once more, in exact integers. */
function exact(keys: Keys): number[] {
  const u32 = (n: bigint): bigint => n & 0xffffffffn;
  let [x, y, z, w] = keys.map((key) => u32(BigInt(key) * 1664525n + 1013904223n)) as [bigint, bigint, bigint, bigint];
  for (let round = 0; round < 3; round++) {
    x = u32(x + y * w);
    y = u32(y + z * x);
    z = u32(z + x * y);
    w = u32(w + y * z);
    [x, y, z, w] = [x ^ (x >> 16n), y ^ (y >> 16n), z ^ (z >> 16n), w ^ (w >> 16n)];
  }
  return [x, y, z, w].map(Number);
}

const WORDS = 2 ** 18;
const walks: Record<string, (i: number) => number> = {
  seed: (i) => hash(i, 0, 0, 0),
  stream: (i) => hash(7, i, 0, 0),
  step: (i) => hash(7, 3, i, 0),
  index: (i) => hash(0, 0, 0, i),
  "step and index": (i) => hash(1, 2, i >>> 9, i & 511),
  "index in strides of 2^14": (i) => hash(1, 2, 3, i << 14),
};

describe("hash", () => {
  it.each(golden)("of %j is %i", (keys, want) => {
    expect(hash(...keys)).toBe(want);
  });

  it("equals the definition in exact integers", () => {
    for (let i = 0; i < 2000; i++) {
      const keys = block(i, 1, 2, 3);
      const sparse: Keys = [keys[0] >>> (i % 32), keys[1] >>> (i % 31), keys[2] >>> (i % 29), keys[3]];
      expect(block(...sparse)).toEqual(exact(sparse));
      expect(hash(...sparse)).toBe(exact(sparse)[3]);
    }
  });

  it("takes its keys modulo 2^32", () => {
    expect(hash(-1, 2 ** 32 + 5, 0, 1)).toBe(hash(2 ** 32 - 1, 5, 0, 1));
  });

  describe.each(Object.entries(walks))("along %s, 2^18 words", (_, word) => {
    const words = Uint32Array.from({ length: WORDS }, (_, i) => word(i));

    it("has as many ones as zeros in every bit", () => {
      for (let bit = 0; bit < 32; bit++) {
        let ones = 0;
        for (const value of words) ones += (value >>> bit) & 1;
        expect(Math.abs(ones - WORDS / 2) / Math.sqrt(WORDS / 4)).toBeLessThan(NORMAL_LIMIT);
      }
    });

    it("has even bytes", () => {
      for (let shift = 0; shift < 32; shift += 8) {
        const counts = new Uint32Array(256);
        for (const value of words) counts[(value >>> shift) & 255]!++;
        expect(chiSquare(counts, WORDS / 256)).toBeLessThan(chiSquareLimit(255));
      }
    });

    it("has independent neighbours: pairs of the upper and of the lower four bits are even", () => {
      for (const shift of [0, 28]) {
        const counts = new Uint32Array(256);
        for (let i = 1; i < WORDS; i++)
          counts[(((words[i - 1]! >>> shift) & 15) << 4) | ((words[i]! >>> shift) & 15)]!++;
        expect(chiSquare(counts, (WORDS - 1) / 256)).toBeLessThan(chiSquareLimit(255));
      }
    });

    it("has as many equal birthday spacings as chance has", () => {
      // Marsaglia: m birthdays in n days have Poisson(m^3 / 4n) equal spacings; 64 years of 4096 birthdays, 256 in all.
      let equal = 0;
      for (let start = 0; start < WORDS; start += 4096) {
        const days = words.slice(start, start + 4096).sort();
        const gaps = Uint32Array.from({ length: 4095 }, (_, i) => days[i + 1]! - days[i]!).sort();
        for (let i = 1; i < gaps.length; i++) if (gaps[i] === gaps[i - 1]) equal++;
      }
      expect(Math.abs(equal - 256) / 16).toBeLessThan(NORMAL_LIMIT);
    });
  });

  it("flips every bit in half of the cases when any key bit is flipped", () => {
    // 128 x 32 cells at 1e-6 together: 2.4e-10 each, two-sided: 6.33 standard deviations.
    const samples = 4096;
    let worst = 0;
    for (let bit = 0; bit < 128; bit++) {
      const flips = new Uint32Array(32);
      for (let i = 0; i < samples; i++) {
        const keys: [number, number, number, number] = [7, i % 5, i >>> 6, i & 63];
        const before = hash(...keys);
        keys[bit >>> 5] = keys[bit >>> 5]! ^ (1 << (bit & 31));
        const change = before ^ hash(...keys);
        for (let out = 0; out < 32; out++) flips[out]! += (change >>> out) & 1;
      }
      for (const count of flips) worst = Math.max(worst, Math.abs(count - samples / 2) / Math.sqrt(samples / 4));
    }
    expect(worst).toBeLessThan(6.33);
  });
});

describe("uniform", () => {
  it("is the upper 24 bits in [0, 1), exact in f32", () => {
    for (let i = 0; i < 10000; i++) {
      const u = uniform(5, streams.points, 0, i);
      expect(u).toBe(Math.fround(u));
      expect(u * 2 ** 24).toBe(hash(5, streams.points, 0, i) >>> 8);
    }
  });
});

/** Standard normal distribution function through erf (Abramowitz & Stegun 7.1.26, within 1.5e-7). */
function phi(x: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2);
  const poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = 0.5 * poly * Math.exp((-x * x) / 2);
  return x > 0 ? 1 - tail : tail;
}

describe("normal", () => {
  const count = 2 ** 16;
  const values = Float64Array.from({ length: count }, (_, i) => normal(3, 1, 0, i));

  it("is fixed", () => {
    expect(normal(1, 2, 3, 4)).toBeCloseTo(1.6787591910596196, 12);
    expect(normal(0, 0, 0, 0)).toBeCloseTo(-0.40235392723120494, 12);
  });

  it("has the normal's first four moments", () => {
    // Standard errors of the raw moments: sqrt(Var(x^k) / n), Var = 1, 2, 15, 96.
    const moments = [1, 2, 3, 4].map((k) => values.reduce((sum, v) => sum + v ** k, 0) / count);
    for (const [k, [want, variance]] of [
      [0, 1],
      [1, 2],
      [0, 15],
      [3, 96],
    ].entries()) {
      expect(Math.abs(moments[k]! - want!) / Math.sqrt(variance! / count)).toBeLessThan(NORMAL_LIMIT);
    }
  });

  it("passes Kolmogorov and Smirnov's test", () => {
    // P(sqrt(n) D > d) = 2 exp(-2 d^2) = 1e-6 at d = 2.693.
    const sorted = values.slice().sort();
    let distance = 0;
    for (let i = 0; i < count; i++) {
      const p = phi(sorted[i]!);
      distance = Math.max(distance, p - i / count, (i + 1) / count - p);
    }
    expect(distance * Math.sqrt(count)).toBeLessThan(2.693);
  });

  it("is uncorrelated between neighbours, streams and steps", () => {
    for (const other of [normal.bind(null, 3, 2), normal.bind(null, 4, 1)]) {
      let product = 0;
      for (let i = 0; i < count; i++) product += values[i]! * other(0, i);
      expect(Math.abs(product) / Math.sqrt(count)).toBeLessThan(NORMAL_LIMIT);
    }
    let product = 0;
    for (let i = 1; i < count; i++) product += values[i]! * values[i - 1]!;
    expect(Math.abs(product) / Math.sqrt(count - 1)).toBeLessThan(NORMAL_LIMIT);
  });
});

describe("gaussian", () => {
  const N = 2 ** 18;
  const moments = (of: (i: number) => number): number[] => {
    const sums = [0, 0, 0, 0];
    for (let i = 0; i < N; i++) for (let k = 0; k < 4; k++) sums[k]! += of(i) ** (k + 1) / N;
    return sums;
  };

  it.each<[string, (i: number) => number]>([
    ["index", (i) => gaussian(1, streams.gradient, 0, i)],
    ["step", (i) => gaussian(1, streams.gradient, i, 5)],
    ["seed", (i) => gaussian(i, streams.gradient, 3, 5)],
    ["stream", (i) => gaussian(1, i, 3, 5)],
  ])("along %s: mean 0, variance 1, no skew, the kurtosis of 224 coins, within 5 standard errors", (_, of) => {
    const [mean, square, cube, fourth] = moments(of) as [number, number, number, number];
    // Moments of a normal variable: 1, 3, 15 and 105 of even orders 2 to 8.
    expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(1 / N));
    expect(Math.abs(square - 1)).toBeLessThan(5 * Math.sqrt(2 / N));
    expect(Math.abs(cube)).toBeLessThan(5 * Math.sqrt(15 / N));
    // Cumulants of order 4: -1/8 a coin, -1/120 a uniform; over the variance squared.
    const excess = (-224 / 8 - 2 / 120) / (224 / 4 + 2 / 12) ** 2;
    expect(Math.abs(fourth - 3 - excess)).toBeLessThan(5 * Math.sqrt(96 / N));
  });

  it("has the shares of a normal distribution in 64 equal bins", () => {
    // Phi by its series (Abramowitz & Stegun 26.2.10); exact to 1e-12 within 4 sigma.
    const phi = (x: number): number => {
      let [sum, term] = [0, x];
      for (let k = 0; k < 80; k++) {
        sum += term / (2 * k + 1);
        term *= -(x * x) / (2 * (k + 1));
      }
      return 0.5 + sum / Math.sqrt(2 * Math.PI);
    };
    const counts = new Array<number>(64).fill(0);
    for (let i = 0; i < N; i++)
      counts[Math.floor(64 * Math.min(Math.max(phi(gaussian(9, 2, 4, i)), 0), 1 - 1e-9))]! += 1;
    expect(chiSquare(counts, N / 64)).toBeLessThan(chiSquareLimit(63));
  });

  it("is an f32, and the same in exact integers", () => {
    const coins = (words: readonly number[]) =>
      words.reduce((sum, word) => sum + [...word.toString(2)].filter((bit) => bit === "1").length, 0);
    for (let i = 0; i < 200; i++) {
      const [a, b] = [block(7, i, 2, 2 * i), block(7, i, 2, 2 * i + 1)];
      const heads = coins([...a, ...b.slice(0, 3)]);
      const rest = (b[3] & 0xffff) + (b[3] >>> 16);
      const want = (heads - 112 + (rest - 65535) / 65536) / Math.sqrt(224 / 4 + 2 / 12);
      const got = gaussian(7, i, 2, i);
      expect(got).toBe(Math.fround(got));
      expect(Math.abs(got - want)).toBeLessThanOrEqual(2e-7 * Math.abs(want));
    }
  });

  it("neighbours in every key are unrelated", () => {
    const pairs: [string, (i: number) => [number, number]][] = [
      ["index", (i) => [gaussian(1, 2, 3, i), gaussian(1, 2, 3, i + 1)]],
      ["step", (i) => [gaussian(1, 2, 3, i), gaussian(1, 2, 4, i)]],
      ["stream", (i) => [gaussian(1, 2, 3, i), gaussian(1, 3, 3, i)]],
      ["seed", (i) => [gaussian(1, 2, 3, i), gaussian(2, 2, 3, i)]],
    ];
    for (const [name, of] of pairs) {
      let sum = 0;
      for (let i = 0; i < 2 ** 16; i++) {
        const [a, b] = of(i);
        sum += a * b;
      }
      expect(Math.abs(sum / 2 ** 8), name).toBeLessThan(NORMAL_LIMIT);
    }
  });
});
