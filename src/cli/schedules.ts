// The learning rate over the steps, in the words of --schedule: every schedule of ours by name, with its options.
import { fail, nearest } from "../core/check.ts";
import * as o from "../optim/index.ts";
import { type Item, readItems } from "./words.ts";

type Options = Readonly<Record<string, number | boolean | string>>;

/** What a schedule is made of: the rate, the steps it has, its words. */
interface Given {
  readonly lr: number;
  readonly steps: number;
  /** Numbers that stand alone. */
  readonly bare: readonly number[];
  readonly options: Options;
  /** A required option, as a number. */
  readonly need: (name: string) => number;
  /** The schedules in brackets, of so many steps and a rate each. */
  readonly inner: (steps: readonly number[], lr?: (i: number) => number) => o.Schedule[];
}

interface Known {
  readonly make: (given: Given) => o.Schedule;
  /** How it is written, for messages. */
  readonly written: string;
  /** Options that are arguments of its own, taken out of the rest. */
  readonly own?: readonly string[];
  readonly bare?: true;
  readonly brackets?: true;
}

const without = (options: Options, names: readonly string[]): object =>
  Object.fromEntries(Object.entries(options).filter(([name]) => !names.includes(name)));

/** One whose length is the training's unless said. */
const long = (make: (lr: number, steps: number, rest: object) => o.Schedule, written: string): Known => ({
  written,
  own: ["steps"],
  make: ({ lr, steps, options }) =>
    make(lr, (options.steps as number | undefined) ?? steps, without(options, ["steps"])),
});

/** One with an argument that has to be given. */
const needing = (name: string, make: (lr: number, argument: number, rest: object) => o.Schedule, more = ""): Known => ({
  written: `${name} N${more}`,
  own: [name],
  make: ({ lr, options, need }) => make(lr, need(name), without(options, [name])),
});

const gaps = (milestones: readonly number[], steps: number): number[] =>
  [0, ...milestones].map((from, i) => Math.max(1, (milestones[i] ?? Math.max(steps, from + 1)) - from));

/** By the library's names; the short ones are the kinds' own. */
const KNOWN: Readonly<Record<string, Known>> = {
  constant: { written: "", make: ({ lr }) => o.constantSchedule(lr) },
  linearDecay: long(o.linearDecay, "to X begin N steps N"),
  linearSchedule: long(o.linearSchedule, "startFactor X endFactor X begin N steps N"),
  polynomialDecay: long(o.polynomialDecay, "power X to X begin N steps N"),
  rex: long((lr, steps) => o.rex(lr, steps), "steps N"),
  cosine: long(o.cosine, "to X bounce true power X steps N"),
  cosineRestarts: needing("period", o.cosineRestarts, " mult N to X"),
  stepDecay: needing("every", o.stepDecay, " gamma X"),
  multiStepDecay: {
    written: "N N ... gamma X",
    bare: true,
    make: ({ lr, bare, options }) => o.multiStepDecay(lr, bare, options),
  },
  constantFactor: needing("steps", o.constantFactor, " factor X"),
  exponentialDecay: needing("gamma", o.exponentialDecay, " every N begin N staircase true to X"),
  inverseTime: needing("rate", o.inverseTime, " every N staircase true"),
  inverseSqrt: needing("warmup", (lr, warmup) => o.inverseSqrt(lr, warmup)),
  noam: {
    written: "width N warmup N",
    own: ["width", "warmup"],
    make: ({ lr, need }) => o.noam(lr, need("width"), need("warmup")),
  },
  oneCycle: {
    written: "pctStart X divFactor X finalDivFactor X anneal linear threePhase true steps optax",
    make: ({ lr, steps, options }) => o.oneCycle(lr, steps, options),
  },
  cyclic: {
    written: "base X up N down N mode triangular2 gamma X",
    own: ["base"],
    make: ({ lr, options, need }) =>
      o.cyclic(need("base"), lr, { ...without(options, ["base", "up"]), up: need("up") }),
  },
  piecewise: {
    written: "knot factor knot factor ... anneal cosine",
    bare: true,
    make: ({ lr, bare, options }) =>
      o.piecewise(
        lr,
        bare.filter((_, i) => i % 2 === 0),
        bare.filter((_, i) => i % 2 === 1),
        options,
      ),
  },
  warmup: {
    written: "N from X (schedule)",
    bare: true,
    brackets: true,
    make({
      bare: [first = fail("--schedule", "warmup has no number of steps", "write warmup 50 (cosine)")],
      steps,
      options,
      inner,
    }) {
      return o.warmup(inner([Math.max(1, steps - first)])[0] as o.Schedule, first, options);
    },
  },
  wsd: long(o.wsd, "warmup N decay N form sqrt from X to X steps N"),
  sequentialSchedule: {
    written: "N N ... (schedule, schedule, ...)",
    bare: true,
    brackets: true,
    make: ({ bare, steps, inner }) => o.sequentialSchedule(inner(gaps(bare, steps)), bare),
  },
  productSchedule: {
    written: "(schedule, schedule, ...)",
    brackets: true,
    make: ({ lr, steps, inner }) => o.productSchedule(...inner([steps], (i) => (i === 0 ? lr : 1))),
  },
  chebyshev: {
    written: "smallest X largest X steps N",
    own: ["smallest", "largest", "steps"],
    make({ lr, steps, options, need }) {
      const length = (options.steps as number | undefined) ?? 2 ** Math.floor(Math.log2(steps));
      // Its shape alone: the rate is the one given.
      return { ...o.chebyshev(need("smallest"), need("largest"), length), value: lr };
    },
  },
  plateau: {
    written: "factor X patience N threshold X cooldown N min X every N delay N",
    make: ({ lr, options }) => o.plateau(lr, options),
  },
};

const SHORT: Readonly<Record<string, string>> = {
  linear: "linearDecay",
  polynomial: "polynomialDecay",
  step: "stepDecay",
  multiStep: "multiStepDecay",
  exponential: "exponentialDecay",
  sequential: "sequentialSchedule",
  product: "productSchedule",
};

export const scheduleNames: readonly string[] = Object.keys(KNOWN);

function knownAs(name: string): [string, Known] {
  const full = Object.hasOwn(SHORT, name) ? (SHORT[name] as string) : name;
  if (Object.hasOwn(KNOWN, full)) return [full, KNOWN[full] as Known];
  const meant = nearest(name, [...scheduleNames, ...Object.keys(SHORT)]);
  return fail(
    "--schedule",
    `"${name}" is not known`,
    meant ? `did you mean "${meant}"?` : `known are ${scheduleNames.join(", ")}`,
  );
}

function made({ name, bare, options, inner }: Item, lr: number, steps: number): o.Schedule {
  const [full, known] = knownAs(name);
  const write = `write ${`${full} ${known.written}`.trim()}`;
  if (bare.length > 0 && !known.bare) fail("--schedule", `${name}: ${bare[0]} has no name`, write);
  if ((inner !== undefined) !== (known.brackets ?? false)) {
    fail("--schedule", `${name} takes ${known.brackets ? "schedules in brackets" : "no brackets"}`, write);
  }
  return known.make({
    ...{ lr, steps, bare, options },
    need(option) {
      const value = options[option];
      return typeof value === "number" ? value : fail("--schedule", `${name} has no ${option}`, write);
    },
    inner: (lengths, rate = () => lr) =>
      (inner ?? []).map((item, i) => made(item, rate(i), lengths[i] ?? (lengths.at(-1) as number))),
  });
}

/**
 * The schedule that the words describe for a rate and a training's steps. Throws for a name, an option or a bracket that is
 * not one, with the name most likely meant or how it is written.
 */
export function readSchedule(text: string, lr: number, steps: number): o.Schedule {
  const [item, more] = readItems("--schedule", text);
  if (!item || more)
    fail("--schedule", `"${text}" is several, expected one`, "put them into sequentialSchedule N (a, b)");
  return made(item, lr, steps);
}
