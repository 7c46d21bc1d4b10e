// Bounds derived from a shader's text: for every rule of ours the same computation as its reference, wide enough for f32, and
// about as narrow as the bound written by hand.
import { describe, expect, test } from "vitest";
import { type Approx, Bounds, exact } from "../../src/kernel/bound.ts";
import { loaded } from "../../src/optim/bounds.ts";
import { defineRule, rules } from "../../src/optim/index.ts";
import { type Rule, ruleNamed } from "../../src/optim/rule.ts";
import { derivedBound } from "../../src/validate/derive.ts";
import { functionsOf } from "../../src/validate/expressions.ts";
import { Exactly, flushed, Roughly } from "../harness/rounded.ts";
import { bounded, numbers, referred, samples } from "./support/samples.ts";

const ours = [...rules.keys()];

describe.each(ours)("%s", (name) => {
  const rule = ruleNamed(name);
  const bound = derivedBound(rule);

  test("without rounding, the text computes what the reference does", () => {
    const wrong = samples(rule).filter((sample) => {
      const want = referred(rule, sample);
      return bounded(rule, new Exactly(), sample, { bound }).some(({ v }, i) => {
        const x = want[i] as number;
        return !(Math.abs(v - x) <= 1e-6 * Math.max(1, Math.abs(x)));
      });
    });
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  test("f32 with errors as WGSL allows them stays within the derived bound", () => {
    const draw = numbers(7);
    const by = new Bounds({ u: 2 ** -24 });
    const wrong = samples(rule).filter((sample) => {
      const want = referred(rule, sample);
      const allowed = bounded(rule, by, sample, { bound, read: (v) => loaded(v, 0) });
      return [() => 0, () => 1, () => -1, () => 2 * draw() - 1].some((error) =>
        bounded(rule, new Roughly(error), sample, { read: (v) => exact(flushed(v)) }).some(
          ({ v }, i) => !(Math.abs(v - (want[i] as number)) <= (allowed[i] as Approx).e),
        ),
      );
    });
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  test("the derived bound is small where nothing cancels or branches", () => {
    const by = new Bounds({ u: 2 ** -24 });
    const shares = samples(rule)
      .map((sample) => {
        const [first] = bounded(rule, by, sample, { bound });
        return { want: referred(rule, sample)[0] as number, e: (first as Approx).e };
      })
      .filter(({ want }) => want !== 0)
      .map(({ want, e }) => e / Math.abs(want))
      .sort((a, b) => a - b);
    expect(shares[Math.floor(shares.length / 2)]).toBeLessThan(1e-5);
  });
});

describe("a rule of one's own", () => {
  const own = (name: string, body: string): Rule =>
    defineRule({
      name,
      wgsl: `struct Own_${name} { rate: f32 }\nfn own_${name}(u: f32, p: f32, h: Own_${name}, m: ptr<function, f32>) -> f32 {${body}}`,
      options: { rate: 0.5 },
      state: ["m"],
      reference: (u) => u,
    });
  const by = new Bounds({ u: 2 ** -24 });
  const played = (rule: Rule, u: Approx): Approx[] => {
    const s = [exact(2)];
    return [derivedBound(rule)(by, u, exact(1), { rate: exact(0.5) }, s), ...s];
  };

  test("with branches: the one taken, or both where an error leaves it open", () => {
    const rule = own("branches", "if (u > 0.0) { *m += u; return 3.0; } else { *m = 5.0; } return *m * h.rate;");
    const [up, down, open] = [exact(1), exact(-1), { v: 0.25, e: 0.5 }].map((u) => played(rule, u)) as Approx[][];
    expect(up?.map(({ v }) => v)).toEqual([3, 3]);
    expect(down?.map(({ v }) => v)).toEqual([2.5, 5]);
    expect(open?.[0]).toEqual({ v: 3, e: expect.closeTo(0.5, 5) });
    expect(open?.[1]?.v).toBe(2.25);
    expect(open?.[1]?.e).toBeGreaterThanOrEqual(2.75);
  });

  test("with functions of its own, precedence, hexadecimal and suffixed numbers", () => {
    const text =
      "fn twice(x: f32) -> f32 { return x + x; }\nfn f(a: f32) -> f32 { return -twice(a) * 2f + 0x1p-2 - 6.0 / 3.0; }";
    expect([...functionsOf("text", text).keys()]).toEqual(["twice", "f"]);
    const rule = { ...own("calls", "return u;"), wgsl: text, call: "f" };
    expect(derivedBound(rule)(by, exact(3), exact(0), {}, []).v).toBe(-13.75);
  });

  test("that cannot be read, or that WGSL leaves open, is told so", () => {
    expect(() => played(own("unknown", "return frobnicate(u);"), exact(1))).toThrow(
      "no bound is known for frobnicate()",
    );
    expect(() => played(own("missing", "return u * h.beta;"), exact(1))).toThrow("h.beta, which is no field");
    expect(() => derivedBound(own("loops", "for (var i = 0; i < 2; i++) { } return u;"))).toThrow(
      "rule loops: its shader",
    );
  });
});
