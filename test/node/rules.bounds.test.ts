// The error bounds of rules: the same computation as the reference, and never less than what f32 machines of all kinds
// do.
import "../../src/optim/update.bounds.ts";
import { ruleBoundOf } from "../../src/optim/rule_bounds.ts";
import { describe, expect, test } from "vitest";
import { type Approx, Bounds, exact } from "../../src/kernel/bound.ts";
import { type Rule, rules } from "../../src/optim/index.ts";
import { loaded } from "../../src/optim/bounds.ts";
import { ruleNamed, type Values } from "../../src/optim/rule.ts";
import { Exactly, flushed, Roughly } from "../harness/rounded.ts";
import { known } from "./support/rules.known.ts";

/** Numbers in [0, 1), the same every time (Lehmer's generator, modulus 2^31 - 1). */
function numbers(seed: number): () => number {
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

interface Sample {
  readonly u: number;
  readonly p: number;
  readonly fields: Values;
  readonly state: readonly number[];
}

/** u, p and state of many magnitudes, f32; at t = 1 the state is 0. States that sum squares are not negative. */
function samples(rule: Rule): Sample[] {
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
function bounded(
  rule: Rule,
  by: Bounds,
  { u, p, fields, state }: Sample,
  read: (v: number) => Approx = exact,
): Approx[] {
  const f = Object.fromEntries(Object.entries(fields).map(([name, v]) => [name, exact(v)]));
  const s = state.map(read);
  const result = ruleBoundOf(rule)(by, read(u), read(p), f, s);
  return [result, ...s];
}

function referred(rule: Rule, { u, p, fields, state }: Sample): number[] {
  const s = [...state];
  const result = rule.reference(u, p, fields, s);
  return [result, ...s];
}

describe.each([...rules.keys()])("%s", (name) => {
  const rule = ruleNamed(name);

  test("without rounding, the bound computes what the reference does", () => {
    const wrong = samples(rule).filter((sample) => {
      const want = referred(rule, sample);
      return bounded(rule, new Exactly(), sample).some(({ v }, i) => {
        const x = want[i] as number;
        return !(Math.abs(v - x) <= 1e-9 * Math.max(1, Math.abs(x)));
      });
    });
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  test("f32 with errors as WGSL allows them stays within the bound", () => {
    const draw = numbers(7);
    const by = new Bounds({ u: 2 ** -24 });
    const errors = [() => 0, () => 1, () => -1, () => 2 * draw() - 1];
    const wrong = samples(rule).filter((sample) => {
      const want = referred(rule, sample);
      const allowed = bounded(rule, by, sample, (v) => loaded(v, 0));
      return errors.some((error) =>
        bounded(rule, new Roughly(error), sample, (v) => exact(flushed(v))).some(
          ({ v }, i) => !(Math.abs(v - (want[i] as number)) <= (allowed[i] as Approx).e),
        ),
      );
    });
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  test("inputs that come with errors, some large enough to change a sign or a branch, stay within the bound", () => {
    const draw = numbers(11);
    const by = new Bounds({ u: 2 ** -24 });
    const wrong = samples(rule).filter((sample) => {
      const want = referred(rule, sample);
      const share = [1e-6, 1e-2, 1.5][Math.floor(3 * draw())] as number;
      const allowed = bounded(rule, by, sample, (v) => ({ v, e: share * Math.abs(v) }));
      const off = (v: number) => exact(v * (1 + share * (2 * draw() - 1) * (1 - 2 ** -20)));
      return [1, 2, 3].some(() =>
        bounded(rule, new Roughly(), sample, off).some(
          ({ v }, i) => Number.isFinite(v) && !(Math.abs(v - (want[i] as number)) <= (allowed[i] as Approx).e),
        ),
      );
    });
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  test("the bound is small where nothing cancels or branches", () => {
    const by = new Bounds({ u: 2 ** -24 });
    const shares = samples(rule)
      .map((sample) => ({ want: referred(rule, sample)[0] as number, e: bounded(rule, by, sample)[0]?.e as number }))
      .filter(({ want }) => want !== 0)
      .map(({ want, e }) => e / Math.abs(want))
      .sort((a, b) => a - b);
    expect(shares[Math.floor(shares.length / 2)]).toBeLessThan(1e-5);
  });
});
