// What is played on a landscape: the function, the start, the noise, optimizers with a rate each; and the address that holds them.
import { makeOptimizer, optimizerNames } from "../../cli/optimizers.ts";
import { readItems } from "../../cli/words.ts";
import { fail, nearest } from "../../core/check.ts";
import type { Optimizer } from "../../optim/index.ts";
import { Query, writeFields } from "../fields.ts";
import type { TrailJob } from "../lab/protocol.ts";
import { type Limits, readNumber, writeNumber } from "../train/numbers.ts";
import { type LandscapeName, landscapeNames, landscapes } from "./functions.ts";

export interface Walker {
  readonly name: string;
  readonly lr: number;
}

export interface LandscapeSettings {
  readonly landscape: LandscapeName;
  readonly walkers: readonly Walker[];
  readonly start: readonly [number, number];
  readonly noise: number;
  readonly seed: number;
  readonly steps: number;
}

export const limits = {
  lr: { label: "Learning rate", min: 1e-9, max: 1e4 },
  noise: { label: "Noise of the gradient", min: 0, max: 20 },
  seed: { label: "Noise seed", min: 0, max: 2 ** 32 - 1, whole: true },
  steps: { label: "Steps", min: 1, max: 1000, whole: true },
} as const satisfies Record<string, Limits>;

export const MOST_WALKERS = 8;
const MOMENTUM = ["momentum", "nesterov"];

/** A rate that suits an optimizer on a landscape. */
export function usualRate(landscape: LandscapeName, name: string): number {
  const { plain, momentum, scaled } = landscapes[landscape].rates;
  if (name === "sgd") return plain;
  if (MOMENTUM.includes(name)) return momentum;
  if (name === "adadelta") return 20 * scaled;
  if (name === "adagrad") return 10 * scaled;
  return ["lion", "signsgd", "signum"].includes(name) ? scaled / 2 : scaled;
}

export function defaults(landscape: LandscapeName): LandscapeSettings {
  const walkers = ["sgd", "momentum", "adam", "rmsprop"].map((name) => ({ name, lr: usualRate(landscape, name) }));
  return { landscape, walkers, start: landscapes[landscape].start, noise: 0, seed: 1, steps: 200 };
}

/** "sgd 0.001, adam" to walkers; throws in words. */
export function readWalkers(landscape: LandscapeName, text: string): Walker[] {
  const items = readItems("optimizers", text);
  if (items.length > MOST_WALKERS) fail("optimizers", `${items.length} of them, expected at most ${MOST_WALKERS}`);
  return items.map(({ name, bare: [given] }) => {
    if (!optimizerNames.includes(name)) {
      const meant = nearest(name, optimizerNames);
      fail("optimizers", `"${name}" is not known`, meant ? `did you mean "${meant}"?` : undefined);
    }
    const lr = given === undefined ? usualRate(landscape, name) : readNumber(limits.lr, String(given));
    return { name, lr: typeof lr === "number" ? lr : fail("optimizers", lr) };
  });
}

/** "-1.2,1" to a point within the view. */
export function readStart(landscape: LandscapeName, text: string): [number, number] {
  const [left, right, bottom, top] = landscapes[landscape].view;
  const [x, y, ...more] = text.split(/[\s,]+/).map(Number);
  const within = (value: number | undefined, low: number, high: number): value is number =>
    value !== undefined && value >= low && value <= high;
  if (within(x, left, right) && within(y, bottom, top) && more.length === 0) return [x, y];
  return fail("start", `"${text.slice(0, 40)}"`, `expected x from ${left} to ${right} and y from ${bottom} to ${top}`);
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The query of settings: what is not the default for their landscape. */
export function writeLandscape({ landscape, walkers, start, noise, seed, steps }: LandscapeSettings): string {
  const usual = defaults(landscape);
  const listed = walkers.map(({ name, lr }) =>
    lr === usualRate(landscape, name) ? name : `${name} ${writeNumber(lr)}`,
  );
  return writeFields({
    f: landscape === "rosenbrock" ? undefined : landscape,
    optimizers: same(walkers, usual.walkers) ? undefined : listed.join(", "),
    start: same(start, usual.start) ? undefined : start.map(writeNumber).join(","),
    noise: noise === usual.noise ? undefined : noise,
    seed: seed === usual.seed ? undefined : seed,
    steps: steps === usual.steps ? undefined : steps,
  });
}

/** Settings from a query; what is unknown or out of limits becomes the default and is told in words. */
export function readLandscape(query: string): { settings: LandscapeSettings; notes: readonly string[] } {
  const fields = new Query(query);
  const landscape = fields.choose("f", landscapeNames, "rosenbrock");
  const usual = defaults(landscape);
  const settings: LandscapeSettings = {
    landscape,
    walkers: fields.read("optimizers", (text) => readWalkers(landscape, text), usual.walkers),
    start: fields.read("start", (text) => readStart(landscape, text), usual.start),
    noise: fields.number("noise", limits.noise, usual.noise),
    seed: fields.number("seed", limits.seed, usual.seed),
    steps: fields.number("steps", limits.steps, usual.steps),
  };
  return { settings, notes: fields.notes };
}

const optimizerOf = ({ name, lr }: Walker, steps: number): Optimizer =>
  makeOptimizer({ name, lr, options: {}, schedule: "constant" }, steps);

export const trailJob = ({ landscape, walkers, start, noise, seed, steps }: LandscapeSettings): TrailJob => ({
  ...{ landscape, noise, seed, start, steps },
  optimizers: walkers.map((walker) => optimizerOf(walker, steps)),
});
