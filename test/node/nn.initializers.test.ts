import { describe, expect, it } from "vitest";
import { input } from "../../src/graph/node.ts";
import {
  build,
  constantInit,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  type Initializer,
  lecunNormal,
  lecunUniform,
  linear,
  linearInit,
  normal,
  orthogonal,
  relu,
  residual,
  sample,
  uniform,
  zeros,
} from "../../src/nn/index.ts";

const [fanIn, fanOut] = [120, 80];
const COUNT = fanIn * fanOut;
const of = (init: Initializer, seed = 1, stream = 0) =>
  sample(init, { shape: [fanIn, fanOut], fanIn, fanOut, seed, stream });

/** Mean and variance as the papers have them. */
const moments: readonly (readonly [string, Initializer, "uniform" | "normal", number, number])[] = [
  ["uniform", uniform(-1, 3), "uniform", 1, 16 / 12],
  ["normal", normal(0.02), "normal", 0, 0.02 ** 2],
  ["normal around 3", normal(2, { mean: 3 }), "normal", 3, 4],
  ["glorotUniform", glorotUniform(), "uniform", 0, 2 / (fanIn + fanOut)],
  ["glorotUniform, gain 5/3", glorotUniform({ gain: 5 / 3 }), "uniform", 0, (25 / 9) * (2 / (fanIn + fanOut))],
  ["glorotNormal", glorotNormal(), "normal", 0, 2 / (fanIn + fanOut)],
  ["heUniform", heUniform(), "uniform", 0, 2 / fanIn],
  ["heNormal", heNormal(), "normal", 0, 2 / fanIn],
  ["heNormal, gain 1", heNormal({ gain: 1 }), "normal", 0, 1 / fanIn],
  ["lecunUniform", lecunUniform(), "uniform", 0, 1 / fanIn],
  ["lecunNormal", lecunNormal(), "normal", 0, 1 / fanIn],
  ["lecunNormal, gain 3/4", lecunNormal({ gain: 0.75 }), "normal", 0, 9 / 16 / fanIn],
  ["linear's own", linearInit, "uniform", 0, 1 / (3 * fanIn)],
];

describe.each(moments)("%s", (_, init, family, mean, variance) => {
  // The mean's standard error is sigma / sqrt(n), the variance's sqrt((kurtosis - 1) / n) sigma^2; kurtosis 9/5 and 3.
  const kurtosis = family === "uniform" ? 9 / 5 : 3;
  const reach = family === "uniform" ? Math.sqrt(3) : 6.67;

  it.each([1, 2, 3, 2 ** 32 - 1])(
    "has its mean and variance within 5 standard errors and stays in reach, seed %i",
    (seed) => {
      const values = Array.from(of(init, seed));
      const found = values.reduce((total, v) => total + v, 0) / COUNT;
      const spread = values.reduce((total, v) => total + (v - mean) ** 2, 0) / COUNT;
      expect(Math.abs(found - mean)).toBeLessThan(5 * Math.sqrt(variance / COUNT));
      expect(Math.abs(spread - variance)).toBeLessThan(5 * variance * Math.sqrt((kurtosis - 1) / COUNT));
      const limit = Math.sqrt(variance) * reach * (1 + 2 ** -23) + Math.abs(mean) * 2 ** -23;
      for (const v of values) expect(Math.abs(v - mean) <= limit).toBe(true);
    },
  );

  it("fills a uniform's range, or leaves a normal's share beyond one and two sigma", () => {
    const sigma = Math.sqrt(variance);
    const shares = family === "uniform" ? [1 - 1 / Math.sqrt(3), 0] : [0.317310507863, 0.045500263896];
    shares.forEach((share, i) => {
      const beyond = Array.from(of(init, 9)).filter((v) => Math.abs(v - mean) > (i + 1) * sigma).length;
      expect(Math.abs(beyond - share * COUNT)).toBeLessThanOrEqual(5 * Math.sqrt(COUNT * share * (1 - share)));
    });
  });
});

describe("samples", () => {
  const options = { shape: [3, 2], fanIn: 3, fanOut: 2, seed: 7, stream: 5 };

  it("of zeros and a constant", () => {
    expect(sample(zeros(), options)).toEqual(new Float32Array(6));
    expect(sample(constantInit(0.1), options)).toEqual(new Float32Array(6).fill(0.1));
  });

  it("are the same for the same keys and differ in seed and in stream", () => {
    expect(of(heNormal(), 3, 4)).toEqual(of(heNormal(), 3, 4));
    for (const [seed, stream] of [
      [4, 4],
      [3, 5],
      [4, 3],
    ] as const) {
      const [one, other] = [of(heUniform(), 3, 4), of(heUniform(), seed, stream)];
      const product = one.reduce((total, v, i) => total + v * (other[i] as number), 0);
      // The mean of products of independent values has the standard error variance / sqrt(n); the variance is 2 / in.
      expect(Math.abs(product / COUNT)).toBeLessThan((5 * (2 / fanIn)) / Math.sqrt(COUNT));
    }
  });

  it("depend on the row-major index, not on the shape", () => {
    const small = sample(normal(1), options);
    expect(sample(normal(1), { ...options, shape: [6] })).toEqual(small);
    expect(sample(normal(1), { ...options, shape: [40, 2] }).slice(0, 6)).toEqual(small);
  });

  it("follow the parameter's number, not its place in the arena: wider layers before a layer change nothing of it", () => {
    const starts = (first: number) =>
      build([linear(first), relu(), linear(8), residual(linear(8)), linear(3)], input("x", [4, 5])).parameters.map(
        (p) => [p.name, sample(p.init, { ...p, seed: 11 })] as const,
      );
    const [narrow, wide] = [starts(16), starts(64)];
    expect(wide.slice(4)).toEqual(narrow.slice(4));
    expect(narrow.map(([name]) => name).slice(4)).toEqual([
      "layer4.layer1.w",
      "layer4.layer1.b",
      "layer5.w",
      "layer5.b",
    ]);
    expect(wide[0]?.[1].length).toBe(5 * 64);
  });

  it("are finite for a million normals and at the largest sigma", () => {
    const many = sample(normal(1), { ...options, shape: [1_000_000] });
    expect(many.every(Number.isFinite)).toBe(true);
    const largest = (2 - 2 ** -23) * 2 ** 127;
    const wide = sample(normal(largest / 6.67), { ...options, shape: [20_000] });
    expect(wide.every(Number.isFinite)).toBe(true);
    expect(sample(uniform(-largest, largest), { ...options, shape: [20_000] }).every(Number.isFinite)).toBe(true);
  });

  it("are rounded from f64 once", () => {
    const values = sample(uniform(0.1, 0.7), options);
    const units = sample(uniform(0, 1), options);
    // A unit sample is a multiple of 2^-24 and so exact in f32.
    expect(values).toEqual(units.map((v) => 0.1 + (0.7 - 0.1) * v));
  });

  it.each([1, 9, 784])("of linear's own start lie within 1 / sqrt(%i), as PyTorch's do", (width) => {
    const values = sample(linearInit, { ...options, shape: [20_000], fanIn: width });
    const limit = 1 / Math.sqrt(width);
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(limit * (1 + 2 ** -23));
    // 20,000 uniform values all below 0.999 of the limit: probability 0.999^20000 = 2e-9.
    expect(Math.max(...values.map(Math.abs))).toBeGreaterThan(0.999 * limit);
  });
});

describe("orthogonal", () => {
  const make = (rows: number, cols: number, gain = 1, seed = 5) =>
    sample(orthogonal({ gain }), { shape: [rows, cols], fanIn: rows, fanOut: cols, seed, stream: 2 });

  it.each([
    [7, 7, 1],
    [40, 9, 1],
    [9, 40, 1.5],
    [1, 6, 2],
    [6, 1, 2],
  ])("%i x %i, gain %f: products of the fewer of rows and columns are gain^2 or 0", (rows, cols, gain) => {
    const w = make(rows, cols, gain);
    const [count, length] = rows < cols ? [rows, cols] : [cols, rows];
    const at = (k: number, i: number) => w[rows < cols ? k * cols + i : i * cols + k] as number;
    for (let a = 0; a < count; a++) {
      for (let b = 0; b <= a; b++) {
        let product = 0;
        for (let i = 0; i < length; i++) product += at(a, i) * at(b, i);
        // Every element is rounded to f32 once: by 2^-24 of at most gain, 2 sqrt(length) gain^2 of it in a product of unit vectors.
        const allowed = 2 * Math.sqrt(length) * gain ** 2 * 2 ** -24;
        expect(Math.abs(product - (a === b ? gain ** 2 : 0))).toBeLessThanOrEqual(allowed);
      }
    }
  });

  it("begins along its first normal vector, so that no direction is preferred", () => {
    const w = make(3, 50);
    const raw = sample(normal(1), { shape: [50], fanIn: 1, fanOut: 1, seed: 5, stream: 2 });
    const length = Math.hypot(...raw);
    raw.forEach((x, i) => void expect(Math.abs((w[i] as number) - x / length)).toBeLessThan(2 ** -22));
    // The mean of the first numbers of 2000 seeds: mean 0, variance 1 / cols.
    const firsts = Array.from({ length: 2000 }, (_, seed) => make(2, 4, 1, seed)[5] as number);
    const mean = firsts.reduce((sum, x) => sum + x, 0) / firsts.length;
    expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(1 / 4 / firsts.length));
  });

  it("is the same for the same keys and another for other ones", () => {
    expect(make(6, 4)).toEqual(make(6, 4));
    expect(make(6, 4)).not.toEqual(make(6, 4, 1, 6));
  });

  it("is a start of layers, by its name in a recipe", () => {
    const built = build([linear(3, { init: orthogonal() })], input("x", [2, 3]));
    expect(built.parameters[0]?.init).toEqual({ kind: "orthogonal" });
  });
});

describe("errors", () => {
  it("orthogonal refuses a gain of 0 and other options", () => {
    expect(() => orthogonal({ gain: 0 })).toThrow("initializer orthogonal: gain is 0, expected a finite number > 0");
    expect(() => orthogonal({ scale: 2 } as never)).toThrow('orthogonal: unknown option "scale"');
  });

  const options = { shape: [2], fanIn: 1, fanOut: 1, seed: 0, stream: 0 };
  it.each<[string, () => unknown, string]>([
    [
      "an unknown kind",
      () => sample({ kind: "xavier" } as never, options),
      'sample: unknown initializer "xavier"; known are zeros',
    ],
    [
      "a method of objects as a kind",
      () => sample({ kind: "toString" } as never, options),
      'unknown initializer "toString"',
    ],
    ["no initializer", () => sample("zeros" as never, options), 'sample: "zeros" is no initializer'],
    [
      "an unknown option",
      () => heNormal({ gian: 1 } as never),
      'heNormal: unknown option "gian"; did you mean "gain"?',
    ],
    [
      "an option of JSON",
      () => sample({ kind: "zeros", gain: 1 } as never, options),
      'sample zeros: unknown option "gain"',
    ],
    ["a gain of 0", () => heNormal({ gain: 0 }), "heNormal: gain is 0, expected a finite number > 0"],
    ["a negative sigma", () => normal(-1), "normal: sigma is -1, expected a finite number >= 0"],
    ["a sigma too large for f32", () => normal(1e38), "normal: sigma is 1e+38"],
    ["a missing sigma", () => sample({ kind: "normal" } as never, options), "sample normal: sigma is undefined"],
    ["an empty range", () => uniform(1, -1), "uniform: high is -1, expected a finite number >= 1"],
    ["a bad seed", () => sample(zeros(), { ...options, seed: -1 }), "sample: seed is -1, expected an integer >= 0"],
    ["a reserved stream", () => sample(zeros(), { ...options, stream: 0xffffff00 }), "sample: stream is 4294967040"],
    ["no fans", () => sample(heNormal(), { ...options, fanIn: 0 }), "sample: fanIn is 0, expected an integer >= 1"],
  ])("%s", (_, run, message) => {
    expect(run).toThrow(message);
  });
});
