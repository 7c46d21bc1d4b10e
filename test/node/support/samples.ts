// Numbers of many magnitudes for every rule, and what its reference and its bound make of them.
import "../../../src/optim/update.bounds.ts";
import { type Approx, type Bounds, exact } from "../../../src/kernel/bound.ts";
import type { Rule } from "../../../src/optim/index.ts";
import type { Values } from "../../../src/optim/rule.ts";
import { type RuleBound, ruleBoundOf } from "../../../src/optim/rule_bounds.ts";
import { known } from "./rules.known.ts";

/** Numbers in [0, 1), the same every time (Lehmer's generator, modulus 2^31 - 1). */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/**
 * Settings of every rule: its defaults and those of the known answers, hyperparameters that are functions left at their
 * defaults.
 */
const settings = (rule: Rule): Values[] => [
  rule.options,
  ...known
    .flatMap(({ optimizer }) => optimizer.links)
    .filter((link) => link.rule === rule.name)
    .map(({ options }) => ({
      ...rule.options,
      ...(Object.fromEntries(Object.entries(options).filter(([, value]) => typeof value === "number")) as Values),
    })),
];

export interface Sample {
  readonly u: number;
  readonly p: number;
  readonly fields: Values;
  readonly state: readonly number[];
}

/** u, p and state of many magnitudes, f32; at t = 1 the state is 0. States that sum squares are not negative. */
export function samples(rule: Rule): Sample[] {
  const draw = numbers(1 + rule.name.length);
  const signed = ["m", "slow", "previous", "b", "d", "origin", "gradient", "average", "z", "kept", "sum"];
  const number = (positive: boolean): number => {
    const size = 10 ** (-4 + 6 * draw());
    return Math.fround(positive || draw() < 0.5 ? size : -size);
  };
  return settings(rule).flatMap((h) =>
    [1, 2, 3, 10, 1000].flatMap((t) => {
      const names = rule.reduces?.fields ?? rule.recalls ?? [];
      const reduced = {
        ...Object.fromEntries(names.map((name) => [name, 3])),
        ...(rule.matrix ? { matrix: t % 2 } : {}),
        ...(rule.draws ? { noise: -1.5 } : {}),
      };
      const fields = Object.entries<number>({ ...rule.fields(h, t), ...reduced }).map(([name, v]) => [
        name,
        Math.fround(v),
      ]);
      return Array.from({ length: 40 }, () => ({
        u: draw() < 0.1 ? ([0, 1e-40, -1e-38][Math.floor(3 * draw())] as number) : number(false),
        p: number(false),
        fields: Object.fromEntries(fields) as Values,
        state: [...(rule.state ?? []), ...(rule.borrows ?? [])].map((name) => {
          if (t === 1) return 0;
          const sumOfSquares = !signed.includes(name) && !(rule.name === "madgrad" && name === "s");
          return number(sumOfSquares || (rule.name === "adadelta" && name === "d"));
        }),
      }));
    }),
  );
}

/** What a rule's bound makes of a sample, its numbers read by `read`: u and the state after it. */
export function bounded(
  rule: Rule,
  by: Bounds,
  { u, p, fields, state }: Sample,
  { read = exact, bound = ruleBoundOf(rule) }: { read?: (v: number) => Approx; bound?: RuleBound } = {},
): Approx[] {
  const f = Object.fromEntries(Object.entries(fields).map(([name, v]) => [name, exact(v)]));
  const s = state.map(read);
  const result = bound(by, read(u), read(p), f, s);
  return [result, ...s];
}

export function referred(rule: Rule, { u, p, fields, state }: Sample): number[] {
  const s = [...state];
  const result = rule.reference(u, p, fields, s);
  return [result, ...s];
}
