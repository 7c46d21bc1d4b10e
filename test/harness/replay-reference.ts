// Plays a chain's f64 references on gradients from outside, with hyperparameters as they were given: not rounded to
// f32.
import type { Link, Optimizer } from "../../src/optim/chain.ts";
import { clocked } from "../../src/optim/scalars.ts";
import { lineField, type Rule, ruleNamed, type Values } from "../../src/optim/rule.ts";
import { streams } from "../../src/core/random.ts";
import { isSchedule, valueAt } from "../../src/optim/schedule.ts";

/** Where parameters start, and their gradient at step t = 1, 2, ... */
export interface Problem {
  readonly start: readonly number[];
  readonly gradient: (t: number, p: readonly number[]) => readonly number[];
}

/** The tape of test/golden: g_i(t) = cos(.7 t i) 10^(i - 2) + .1 i, i = 1..4, whatever p is. */
export const tape: Problem = {
  start: [1, -2, 3, 0.5],
  gradient: (t) => [1, 2, 3, 4].map((i) => Math.cos(0.7 * t * i) * 10 ** (i - 2) + 0.1 * i),
};

/** (1 - x)^2 + 100 (y - x^2)^2 from (-1.2, 1). */
export const rosenbrock: Problem = {
  start: [-1.2, 1],
  gradient: (_, [x = 0, y = 0]) => [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)],
};

/** A problem whose gradients are p's own function of the step alone, or constant. */
export const gradients = (start: readonly number[], of: (t: number) => readonly number[]): Problem => ({
  start,
  gradient: of,
});

export interface PlayOptions {
  /** The rule to play for a name; the registry's own unless a test plants a mistake. */
  readonly ruleOf?: (name: string) => Rule;
  /** What a number becomes when it is stored, or handed to the next rule: Math.fround for a rough f32. */
  readonly store?: (x: number) => number;
  /** Of the run, for rules that draw numbers. */
  readonly seed?: number;
  /** The number of the first step, for optimizers that have run long. */
  readonly from?: number;
  /** The tensors that the numbers are, in order, row-major; one vector unless said. */
  readonly shapes?: readonly (readonly number[])[];
}

/** p before the first step and after each of `steps` steps: [steps + 1][size]. */
export interface Played {
  readonly train: number[][];
  /** p as it is to be evaluated. */
  readonly eval: number[][];
}

/** A link in a chain that plays: its own state by element, and that of others that it borrows. */
interface Player {
  readonly rule: Rule;
  readonly link: Link;
  readonly state: number[][];
  readonly borrowed: readonly { readonly of: Player; readonly slot: number }[];
  /** By tensor, or one for all. */
  made: number[][];
  readonly recalls: () => readonly number[] | undefined;
}

class Chain {
  readonly players: Player[] = [];
  readonly #ruleOf: (name: string) => Rule;
  readonly #size: number;

  constructor(links: readonly Link[], size: number, ruleOf: (name: string) => Rule) {
    this.#ruleOf = ruleOf;
    this.#size = size;
    for (const link of links) this.#add(link);
    const owner = this.players.findLast(({ rule }) => rule.view);
    this.view = owner && this.#player({ rule: owner.rule.view as string, options: owner.link.options });
  }

  readonly view: Player | undefined;

  #player(link: Link): Player {
    const rule = this.#ruleOf(link.rule);
    const at = this.players.length;
    const next = () => this.players.slice(at + 1).find((later) => later.rule.reduces);
    return {
      rule,
      link,
      state: Array.from({ length: this.#size }, () => new Array<number>(rule.slots).fill(0)),
      borrowed: (rule.borrows ?? []).map((name) => {
        const of = this.players.findLast((earlier) => earlier.rule.state?.includes(name)) as Player;
        return { of, slot: of.rule.state?.indexOf(name) as number };
      }),
      made: [],
      recalls: () => next()?.made[0],
    };
  }

  #add(link: Link): void {
    this.players.push(this.#player(link));
  }
}

const ownAndBorrowed = ({ state, borrowed }: Player, i: number): number[] => [
  ...(state[i] as number[]),
  ...borrowed.map(({ of, slot }) => of.state[i]?.[slot] as number),
];

interface Lies {
  readonly tensor: number;
  readonly matrix: number;
  /** Its row, its column and its tensor, numbered through all lines. */
  readonly line: Readonly<Record<"row" | "col" | "all", number>>;
  /** In its tensor. */
  readonly index: number;
}

/** Which tensor, row and column each number lies in; a vector is one row. */
function tensorsOf(size: number, shapes: readonly (readonly number[])[] = [[size]]): Lies[] {
  let lines = 0;
  return shapes.flatMap((shape, tensor) => {
    const cols = shape.at(-1) ?? 1;
    const count = shape.reduce((product, n) => product * n, 1);
    const first = lines;
    lines += count / cols + cols + 1;
    return Array.from({ length: count }, (_, i) => ({
      tensor,
      matrix: Number(shape.length > 1),
      index: i,
      line: { row: first + Math.floor(i / cols), col: first + count / cols + (i % cols), all: lines - 1 },
    }));
  });
}

/** What is kept of the lines a number lies in, by field. */
function lineValues(rule: Rule, made: readonly (readonly number[])[], { line }: Lies): Values {
  const { reduces } = rule;
  if (!reduces?.kept) return {};
  return Object.fromEntries(
    reduces.fields.map((field) => {
      const { line: which, k } = lineField(reduces, field);
      return [field, made[line[which]]?.[k] ?? 0];
    }),
  );
}

/**
 * An optimizer's f64 references on a problem, both views. Functions of the step are played as they are; a rule that moves p
 * aside gets the gradient there.
 */
export function playBoth(
  { links }: Optimizer,
  { start, gradient }: Problem,
  steps: number,
  options: PlayOptions = {},
): Played {
  const { ruleOf = ruleNamed, store = (x) => x, from = 1, shapes } = options;
  const lies = tensorsOf(start.length, shapes);
  const chain = new Chain(links, start.length, ruleOf);
  let p = [...start];
  const path: Played = { train: [p], eval: [p] };
  const reduce = (player: Player, f: Values, u: readonly number[]): number[][] => {
    const { over, terms, settle, fields, kept, largest } = player.rule.reduces as NonNullable<Rule["reduces"]>;
    if (kept) {
      const count = Math.max(...lies.map(({ line }) => line.all)) + 1;
      const all = u.map((value, i) => {
        const own = { ...f, ...lineValues(player.rule, player.made, lies[i] as Lies) };
        return terms(value, p[i] as number, own, ownAndBorrowed(player, i));
      });
      return Array.from({ length: count }, (_, line) => {
        const inside = all.filter((_, i) => Object.values((lies[i] as Lies).line).includes(line));
        const sums = (inside[0] ?? []).map((_, q) =>
          inside.reduce((sum, term) => (largest ? Math.max(sum, term[q] ?? 0) : sum + (term[q] ?? 0)), 0),
        );
        const before = player.made[line] ?? kept.map(() => 0);
        return (settle ? settle(sums, inside.length, f, before) : sums).map(store);
      });
    }
    const count = over === "run" ? 1 : (lies.at(-1)?.tensor ?? 0) + 1;
    return Array.from({ length: count }, (_, tensor) => {
      const inside = u.map((_, i) => i).filter((i) => over === "run" || lies[i]?.tensor === tensor);
      const all = inside.map((i) => terms(u[i] as number, p[i] as number, f, ownAndBorrowed(player, i)));
      const sums = fields.map((_, q) => all.reduce((total, term) => total + (term[q] ?? 0), 0));
      const now = settle ? settle(sums, inside.length, f, player.made[tensor] ?? fields.map(() => 0)) : sums;
      return now.map(store);
    });
  };
  const drawing = chain.players.filter(({ rule }) => rule.draws);
  const noise = (player: Player, t: number, tensor: number, index: number): Values => {
    const { draws } = player.rule;
    if (!draws) return {};
    const stream = streams.gradient + 65536 * drawing.indexOf(player) + tensor;
    return { noise: draws.of(options.seed ?? 0, stream, t - 1, index) };
  };
  const apply = (player: Player, t: number, u: readonly number[]): number[] => {
    const { rule, link, state, borrowed } = player;
    const clock = clocked(link.clock ?? {}, t);
    if (!clock.plays) return u.map(() => 0);
    if (clock.anew) {
      for (const own of state) own.fill(0);
      player.made = [];
    }
    const h = valuesAt(link.options, clock.t);
    const f = rule.fields(Object.fromEntries(Object.keys(rule.options).map((name) => [name, h[name] ?? 0])), clock.t);
    if (rule.reduces) player.made = reduce(player, f, u);
    return u.map((value, i) => {
      const { tensor, matrix, index } = lies[i] as Lies;
      const made = rule.reduces ? player.made[rule.reduces.over === "run" ? 0 : tensor] : player.recalls();
      const names = rule.reduces?.fields ?? rule.recalls ?? [];
      const known = rule.reduces?.kept
        ? lineValues(rule, player.made, lies[i] as Lies)
        : Object.fromEntries(names.map((name, q) => [name, made?.[q] ?? 0]));
      const s = ownAndBorrowed(player, i);
      const result = rule.reference(
        value,
        p[i] as number,
        { ...f, ...known, ...(rule.matrix ? { matrix } : {}), ...noise(player, t, tensor, index) },
        s,
      );
      const own = state[i] as number[];
      own.splice(0, own.length, ...s.slice(0, own.length).map(store));
      for (const [k, { of, slot }] of borrowed.entries()) {
        (of.state[i] as number[])[slot] = store(s[own.length + k] as number);
      }
      return store(result);
    });
  };
  for (let t = from; t < from + steps; t++) {
    let u = gradient(t, p).map((g) => g);
    for (const player of chain.players) {
      u = apply(player, t, u);
      if (player.rule.aside !== undefined)
        u = [
          ...gradient(
            t,
            p.map((x, i) => store(x - (u[i] as number))),
          ),
        ];
    }
    p = p.map((value, i) => store(value - (u[i] as number)));
    path.train.push(p);
    path.eval.push(chain.view ? apply(chain.view, t, u) : p);
  }
  return path;
}

/** What is trained. */
export const play = (optimizer: Optimizer, problem: Problem, steps: number, options: PlayOptions = {}): number[][] =>
  playBoth(optimizer, problem, steps, options).train;

/** Hyperparameters at step t = 1, 2, ...; schedules and functions count from 0. */
function valuesAt(given: Link["options"], t: number): Values {
  const entries = Object.entries(given).map(([name, value]) => {
    if (typeof value === "function") return [name, (value as (t: number) => number)(t - 1)];
    return [name, isSchedule(value) ? valueAt(value, t - 1) : value];
  });
  return Object.fromEntries(entries) as Values;
}
