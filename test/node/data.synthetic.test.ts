import { describe, expect, it } from "vitest";
import { blobs, circles, type Dataset, moons, sine, spirals, xor } from "../../src/data/index.ts";

const sets: Record<string, (options?: { count?: number; noise?: number; seed?: number }) => Dataset> = {
  spirals,
  moons,
  circles,
  blobs,
  xor,
};

/** Every point with its label: [x, y, label]. */
const points = (data: Dataset): [number, number, number][] =>
  Array.from({ length: data.count }, (_, i) => [data.x[2 * i]!, data.x[2 * i + 1]!, data.y[i]!]);

describe.each(Object.entries(sets))("%s", (name, make) => {
  it("has 1000 points in the plane, 800 for training, classes of equal size in every split", () => {
    const data = make();
    expect(data).toMatchObject({ name, count: 1000, features: 2, shape: [2] });
    expect(data.splits.train.count).toBe(800);
    for (const { start, count } of Object.values(data.splits)) {
      const counts = new Array<number>(data.outputs).fill(0);
      for (const label of data.y.subarray(start, start + count)) counts[label]!++;
      for (const n of counts) expect(Math.abs(n - count / data.outputs)).toBeLessThanOrEqual(2);
    }
  });

  it("is the same for the same seed and differs for another", () => {
    expect(make({ seed: 3 }).hash).toBe(make({ seed: 3 }).hash);
    expect(make({ seed: 3 }).hash).not.toBe(make({ seed: 4 }).hash);
  });

  it("lies about 0 within 3 units", () => {
    const all = points(make({ count: 3000 }));
    for (const axis of [0, 1] as const) {
      // Deviation of a coordinate is below 1.1 in all sets: 5 standard errors of the mean, 0.1.
      expect(Math.abs(all.reduce((sum, p) => sum + p[axis], 0) / 3000)).toBeLessThan((5 * 1.1) / Math.sqrt(3000));
      for (const p of all) expect(Math.abs(p[axis])).toBeLessThan(3);
    }
  });

  it("refuses what it does not know", () => {
    expect(() => make({ cuont: 10 } as object)).toThrow(`${name}: unknown option "cuont"; did you mean "count"?`);
    expect(() => make({ count: 0 })).toThrow(`${name}: count is 0, expected an integer >= 1`);
    expect(() => make({ noise: -1 })).toThrow(`${name}: noise is -1, expected a finite number >= 0`);
  });
});

describe("without noise", () => {
  // f32 keeps a coordinate below 2 to 2^-24, and the formulas below amplify that by less than 16.
  const near = 2 ** -20;

  it("circles have radius 1 and factor", () => {
    for (const [x, y, label] of points(circles({ noise: 0, factor: 0.25 }))) {
      expect(Math.abs(Math.hypot(x, y) - (label === 0 ? 1 : 0.25))).toBeLessThan(near);
    }
  });

  it("moons are half circles of radius 1 about (-1/2, -1/4) and (1/2, 1/4)", () => {
    for (const [x, y, label] of points(moons({ noise: 0 }))) {
      const sign = label === 0 ? 1 : -1;
      expect(Math.abs(Math.hypot(sign * x + 0.5, sign * y + 0.25) - 1)).toBeLessThan(near);
      expect(sign * y + 0.25).toBeGreaterThan(-near);
    }
  });

  it("spirals turn with the radius, each class by its share of the circle", () => {
    for (const [x, y, label] of points(spirals({ noise: 0, classes: 3, turns: 1.5 }))) {
      const r = Math.hypot(x, y);
      const angle = 2 * Math.PI * (1.5 * r + label / 3);
      expect(Math.hypot(x - r * Math.sin(angle), y - r * Math.cos(angle))).toBeLessThan(near);
      expect(r).toBeLessThan(1);
    }
  });

  it("blobs are the corners of a polygon", () => {
    for (const [x, y, label] of points(blobs({ noise: 0, classes: 5 }))) {
      expect(Math.hypot(x - Math.cos(0.4 * Math.PI * label), y - Math.sin(0.4 * Math.PI * label))).toBeLessThan(near);
    }
  });

  it("xor of four points is its truth table", () => {
    const all = points(xor({ count: 4, noise: 0, split: { train: 1 } }));
    expect(all.sort((a, b) => a[1] - b[1] || a[0] - b[0])).toEqual([
      [-1, -1, 0],
      [1, -1, 1],
      [-1, 1, 1],
      [1, 1, 0],
    ]);
  });

  it("sine is a sine", () => {
    const data = sine({ noise: 0, periods: 2 });
    expect(data).toMatchObject({ outputs: 1, classes: undefined, features: 1 });
    for (let i = 0; i < data.count; i++) {
      expect(data.y[i]).toBe(Math.fround(Math.sin(2 * Math.PI * data.x[i]!)));
      expect(Math.abs(data.x[i]!)).toBeLessThanOrEqual(1);
    }
  });
});

it("noise has the deviation asked for", () => {
  const count = 4000;
  const noises = [
    ...points(blobs({ count, noise: 0.3, classes: 1 })).map(([x]) => x - 1),
    ...points(blobs({ count, noise: 0.3, classes: 1 })).map(([, y]) => y),
  ];
  const variance = noises.reduce((sum, n) => sum + n * n, 0) / noises.length;
  expect(Math.abs(variance / 0.09 - 1)).toBeLessThan(5 * Math.sqrt(2 / noises.length));
});
