// Optimizers as the calls that make them: a preset where one does, else the chain of its links.
import * as family from "../optim/index.ts";
import type { Link, Optimizer } from "../optim/index.ts";
import { callOf, type Expression, type Factory, plainly } from "./expression.ts";
import { scheduleCode } from "./code_schedule.ts";

interface Known {
  readonly name: string;
  readonly factory: Factory;
  /** What it gives when it is called with nothing. */
  readonly plain: unknown;
}

/** The family's functions that, called with nothing, give what has this field: presets have `links`, links a `rule`. */
function knownBy(field: string): Known[] {
  return Object.entries(family).flatMap(([name, factory]): Known[] => {
    if (typeof factory !== "function" || name.startsWith("define")) return [];
    try {
      const plain = (factory as () => unknown)();
      return typeof plain === "object" && plain !== null && field in plain ? [{ name, factory, plain }] : [];
    } catch {
      // A wrapper or a schedule: it needs arguments.
      return [];
    }
  });
}

const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

const presets = once(() => knownBy("links"));
const links = once(() => knownBy("rule"));

/** Rules that an option adds, or puts in the place of another. */
const OPTIONAL = ["weightDecay", "adam", "rmsprop", "descend"];

/** Whether a preset can give these links: all its rules are there, but for those an option may change. */
const mayGive = ({ plain }: Known, { links: wanted }: Optimizer): boolean =>
  (plain as Optimizer).links.every(({ rule }) => OPTIONAL.includes(rule) || wanted.some((link) => link.rule === rule));

type Options = Readonly<Record<string, unknown>>;

/** Options that are numbers by nature although they may be 0 or 1: the others are then flags. */
const NUMBERS = [
  "lr",
  "momentum",
  "dampening",
  "weightDecay",
  "maxNorm",
  "limit",
  "initial",
  "lrDecay",
  "eps",
  "trust",
];

/** A link's options as a person would write them: schedules as calls, flags as true and false, defaults left out. */
function written({ rule, options }: Link): [string, unknown][] {
  const defaults = family.rules.get(rule)?.options ?? {};
  return Object.entries(options)
    .filter(([name, value]) => value !== defaults[name])
    .map(([name, value]) => {
      const flag = (value === 0 || value === 1) && !NUMBERS.includes(name);
      return [name, flag ? value === 1 : typeof value === "number" ? value : scheduleCode(value)];
    });
}

/** The order people write options in: these, the others, those. */
const FIRST = ["lr", "momentum"];
const LAST = ["weightDecay", "decoupled", "clip"];

/** What presets call what their links do not say of themselves. */
const VARIANTS: readonly Options[] = [
  {},
  { decoupled: true },
  { amsgrad: true },
  { centered: true },
  { lrInside: true },
  { decoupled: true, amsgrad: true },
  { amsgrad: true, debias: false },
];

/** The options of all links as one preset may take them; its lr is the last link's, or that of a rule which steps itself. */
function optionsOf(links: readonly Link[], inner: boolean): Options {
  const { maxNorm: _, ...all } = Object.fromEntries(links.flatMap(written));
  const named: Record<string, unknown> = { ...all };
  const clip = links.find(({ rule }) => rule === "clipByGlobalNorm");
  if (clip) named.clip = clip.options.maxNorm;
  // A preset's default for these may be another than the rule's.
  for (const name of ["weightDecay", "lr", "momentum"]) {
    const having = links.filter(({ options }) => options[name] !== undefined);
    const value = (inner ? having[0] : having.at(-1))?.options[name];
    if (value !== undefined) named[name] = scheduleCode(value);
  }
  const place = (name: string): number => (FIRST.indexOf(name) + 1 || FIRST.length + 1) + (LAST.indexOf(name) + 1) * 10;
  return Object.fromEntries(Object.entries(named).sort(([a], [b]) => place(a) - place(b)));
}

const shorter = (a: Expression | undefined, b: Expression): Expression => (a && a.code.length <= b.code.length ? a : b);

function presetOf(optimizer: Optimizer): Expression | undefined {
  let best: Expression | undefined;
  for (const { name, factory } of presets().filter((known) => mayGive(known, optimizer))) {
    for (const inner of [false, true]) {
      for (const variant of VARIANTS) {
        const options = { ...optionsOf(optimizer.links, inner), ...variant };
        const call = callOf({ name, factory, options, value: optimizer });
        if (call) best = shorter(best, call);
      }
    }
  }
  return best;
}

function linkCode(link: Link): Expression {
  const [first, ...rest] = Object.entries(link.options).map(([name, value]) => [name, scheduleCode(value)] as const);
  const others = Object.fromEntries(rest);
  let best: Expression | undefined;
  for (const { name, factory } of links()) {
    for (const variant of VARIANTS) {
      const options = { ...Object.fromEntries(written(link)), ...variant };
      const by = callOf({ name, factory, options, value: link });
      if (by) best = shorter(best, by);
    }
    const call = first && callOf({ name, factory, first: [first[1]], options: others, value: link });
    if (call) best = shorter(best, call);
  }
  return best ?? plainly(link);
}

/**
 * The call that makes an optimizer: a preset with what differs from its defaults, or a chain of links. What wrappers and
 * groups have made is written as the plain data it is.
 */
export function optimizerCode(optimizer: Optimizer): Expression {
  const preset = presetOf(optimizer);
  if (preset) return preset;
  const all = optimizer.links.map(linkCode);
  return callOf({ name: "chain", factory: family.chain, first: all, value: optimizer }) ?? plainly(optimizer);
}
