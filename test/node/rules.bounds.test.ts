// The error bounds of rules: the same computation as the reference, and never less than what f32 machines of all kinds
// do.
import { describe, expect, test } from "vitest";
import { type Approx, Bounds, exact } from "../../src/kernel/bound.ts";
import { rules } from "../../src/optim/index.ts";
import { loaded } from "../../src/optim/bounds.ts";
import { ruleNamed } from "../../src/optim/rule.ts";
import { Exactly, flushed, Roughly } from "../harness/rounded.ts";
import { bounded, numbers, referred, samples } from "./support/samples.ts";

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
      const allowed = bounded(rule, by, sample, { read: (v) => loaded(v, 0) });
      return errors.some((error) =>
        bounded(rule, new Roughly(error), sample, { read: (v) => exact(flushed(v)) }).some(
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
      const allowed = bounded(rule, by, sample, { read: (v) => ({ v, e: share * Math.abs(v) }) });
      const off = (v: number) => exact(v * (1 + share * (2 * draw() - 1) * (1 - 2 ** -20)));
      return [1, 2, 3].some(() =>
        bounded(rule, new Roughly(), sample, { read: off }).some(
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
