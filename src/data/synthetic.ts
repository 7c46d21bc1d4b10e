// Made-up sets in one or two dimensions. Point i depends on (seed, i) only. sin, cos and log are the engine's own: two engines
// may differ in a last bit of x, and then in the hash.
import { checkInteger, checkKeys, checkNumber } from "../core/check.ts";
import { normal, streams, uniform } from "../core/random.ts";
import { type Dataset, dataset } from "./dataset.ts";
import type { SplitSizes } from "./split.ts";

export interface SyntheticOptions {
  /** Points in all; 1000 by default. */
  readonly count?: number;
  /** Standard deviation of the normal noise on every coordinate (for `sine`: on y). */
  readonly noise?: number;
  /** Seed (u32) of the points and of their split; 0 by default. */
  readonly seed?: number;
  /** By default 80 % train, 10 % validation, 10 % test. */
  readonly split?: SplitSizes;
}

/** Where a point of a class lies without noise; u is uniform in [0, 1). */
type Place = (label: number, u: number) => readonly [number, number];

export interface Common {
  readonly count: number;
  readonly noise: number;
  readonly seed: number;
  readonly split: SplitSizes | undefined;
}

const commonKeys = ["count", "noise", "seed", "split"];

/** What all made-up sets take, checked. */
export function common(where: string, options: SyntheticOptions, noise: number, extra: readonly string[]): Common {
  checkKeys(where, options, [...commonKeys, ...extra]);
  return {
    count: checkInteger(where, "count", options.count ?? 1000, { min: 1 }),
    noise: checkNumber(where, "noise", options.noise ?? noise, { min: 0 }),
    seed: checkInteger(where, "seed", options.seed ?? 0, { min: 0, max: 2 ** 32 - 1 }),
    split: options.split,
  };
}

/** Point i in the plane has cluster i mod `clusters`; `labelOf` gives the cluster's label. */
function plane(
  name: string,
  { count, noise, seed, split }: Common,
  {
    clusters,
    classes,
    place,
    labelOf,
  }: { clusters: number; classes: number; place: Place; labelOf: (c: number) => number },
): Dataset {
  const x = new Float32Array(count * 2);
  const y = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const cluster = i % clusters;
    y[i] = labelOf(cluster);
    for (const [axis, at] of place(cluster, uniform(seed, streams.points, 0, i)).entries()) {
      x[2 * i + axis] = at + noise * normal(seed, streams.noise, axis, i);
    }
  }
  return dataset({ name, x, y, outputs: classes, seed, ...(split && { split }) });
}

const same = (cluster: number): number => cluster;

/**
 * Arms of a spiral, one a class: (r sin a, r cos a) with r = sqrt(u), a = 2 pi (turns r + c / classes), u uniform in [0, 1).
 * The root keeps the density even. 2 classes, 1 turn, noise 0.02.
 */
export function spirals(options: SyntheticOptions & { classes?: number; turns?: number } = {}): Dataset {
  const shared = common("spirals", options, 0.02, ["classes", "turns"]);
  const classes = checkInteger("spirals", "classes", options.classes ?? 2, { min: 1 });
  const turns = checkNumber("spirals", "turns", options.turns ?? 1, { min: 0 });
  const place: Place = (c, u) => {
    const r = Math.sqrt(u);
    const angle = 2 * Math.PI * (turns * r + c / classes);
    return [r * Math.sin(angle), r * Math.cos(angle)];
  };
  return plane("spirals", shared, { clusters: classes, classes, place, labelOf: same });
}

/**
 * Two half circles in one another: (cos a, sin a) and (1 - cos a, 1/2 - sin a) with a = pi u, moved by (-1/2, -1/4) so that
 * their centre is 0. Noise 0.1.
 */
export function moons(options: SyntheticOptions = {}): Dataset {
  const shared = common("moons", options, 0.1, []);
  const place: Place = (c, u) => {
    const [x, y] = [Math.cos(Math.PI * u) - 0.5, Math.sin(Math.PI * u) - 0.25];
    return c === 0 ? [x, y] : [-x, -y];
  };
  return plane("moons", shared, { clusters: 2, classes: 2, place, labelOf: same });
}

/** Two circles about 0: class 0 of radius 1, class 1 of radius `factor` (0.5), at angle 2 pi u. Noise 0.1. */
export function circles(options: SyntheticOptions & { factor?: number } = {}): Dataset {
  const shared = common("circles", options, 0.1, ["factor"]);
  const factor = checkNumber("circles", "factor", options.factor ?? 0.5, { above: 0, below: 1 });
  const place: Place = (c, u) => {
    const r = c === 0 ? 1 : factor;
    return [r * Math.cos(2 * Math.PI * u), r * Math.sin(2 * Math.PI * u)];
  };
  return plane("circles", shared, { clusters: 2, classes: 2, place, labelOf: same });
}

/** Normal clouds (deviation `noise`, 0.2) about (cos a, sin a), a = 2 pi c / classes. 3 classes. */
export function blobs(options: SyntheticOptions & { classes?: number } = {}): Dataset {
  const shared = common("blobs", options, 0.2, ["classes"]);
  const classes = checkInteger("blobs", "classes", options.classes ?? 3, { min: 1 });
  const place: Place = (c) => [Math.cos((2 * Math.PI * c) / classes), Math.sin((2 * Math.PI * c) / classes)];
  return plane("blobs", shared, { clusters: classes, classes, place, labelOf: same });
}

/**
 * Clouds (deviation `noise`, 0.2) about (-1, -1), (1, -1), (-1, 1), (1, 1) in turn, labels 0, 1, 1, 0: exclusive or of the
 * signs. The truth table alone: `xor({ count: 4, noise: 0, split: { train: 1 } })`.
 */
export function xor(options: SyntheticOptions = {}): Dataset {
  const shared = common("xor", options, 0.2, []);
  const place: Place = (c) => [c & 1 ? 1 : -1, c & 2 ? 1 : -1];
  return plane("xor", shared, { clusters: 4, classes: 2, place, labelOf: (c) => (c & 1) ^ (c >> 1) });
}

/** Regression, one number to one: y = sin(pi periods x) + noise n, x uniform in [-1, 1), n normal. 1 period, noise 0.1. */
export function sine(options: SyntheticOptions & { periods?: number } = {}): Dataset {
  const { count, noise, seed, split } = common("sine", options, 0.1, ["periods"]);
  const periods = checkNumber("sine", "periods", options.periods ?? 1, { above: 0 });
  const x = Float32Array.from({ length: count }, (_, i) => 2 * uniform(seed, streams.points, 0, i) - 1);
  const y = x.map((value, i) => Math.sin(Math.PI * periods * value) + noise * normal(seed, streams.noise, 0, i));
  return dataset({ name: "sine", x, y, outputs: 1, seed, ...(split && { split }) });
}
