// A rule of a user's own: what is told to one that is not right, before anything is run.
import { afterAll, describe, expect, test } from "vitest";
import { quasiHyperbolic, quasiHyperbolicRule } from "../../docs/examples/quasi_hyperbolic.ts";
import { defineRule, link, type RuleDefinition, rules } from "../../src/optim/index.ts";
import { play, tape } from "../harness/replay-reference.ts";
import { readFromShader } from "../harness/shader-in-f64.ts";

const right: RuleDefinition = {
  name: "own",
  wgsl: "struct OwnFields { beta: f32 }\nfn own_rule(u: f32, p: f32, h: OwnFields, m: ptr<function, f32>) -> f32 { return u * h.beta; }",
  options: { beta: 0.5 },
  state: ["m"],
  reference: (u, _p, { beta = 0 }) => u * beta,
};

afterAll(() => void rules.delete("own"));

const told = (change: object) => () => defineRule({ ...right, ...change } as RuleDefinition);
const wgsl = (from: string | RegExp, to: string) => ({ wgsl: right.wgsl.replace(from, to) });

describe("an error before anything is run, and no entry in the registry", () => {
  test.each([
    ["no reference", { reference: undefined }, "rule own: reference is missing; give (u, p, f, s) => u in f64"],
    ["a reference that is a number", { reference: 3 }, "rule own: reference is no function"],
    ["text that is no function", { reference: "(u, p => u" }, "rule own: reference is no function ("],
    ["text of another kind", { reference: "1 + 1" }, "rule own: reference is no function"],
    ["no shader", { wgsl: undefined }, "rule own: wgsl is no text"],
    ["no struct", wgsl(/struct.*\n/, ""), "rule own: its shader has no struct"],
    ["no function", wgsl(/fn[\s\S]*/, ""), "no function returning f32; write struct H"],
    [
      "another first argument",
      wgsl("u: f32", "u: vec4f"),
      "own_rule(vec4f, f32, OwnFields, ptr<function, f32>); write",
    ],
    ["no p", wgsl("p: f32, ", ""), "its function is own_rule(f32, OwnFields, ptr<function, f32>)"],
    ["state by value", wgsl("ptr<function, f32>", "f32"), "its function is own_rule(f32, f32, OwnFields, f32)"],
    ["a state slot too few", { state: [] }, "rule own: has 0 state slots, its function takes 1 pointers"],
    [
      "a field too many",
      wgsl("beta: f32", "beta: f32, rest: f32"),
      "makes fields beta, its struct OwnFields has beta, rest",
    ],
    ["a name that is taken", { name: "adam" }, "rule adam: there is another rule of that name"],
    ["a function that is taken", wgsl("own_rule", "adam"), "its shader's adam is also that of rule adam"],
  ] as const)("%s", (_, change, message) => {
    expect(told(change)).toThrow(message);
    expect(rules.has("own")).toBe(false);
  });

  test("an unknown hyperparameter names the nearest; one that is no number is told", () => {
    const rule = defineRule(right);
    expect(() => link(rule, { bta: 0.1 })).toThrow('own: unknown option "bta"; did you mean "beta"?');
    expect(() => link(rule, { beta: Number.NaN })).toThrow("own: beta is NaN");
    expect(defineRule(right).name).toBe("own");
  });
});

describe("the example of docs/rules.md", () => {
  test("nu 1 is the exponential mean, nu 0 is gradient descent; the shader says the same", () => {
    const means = play(quasiHyperbolic({ lr: 0.1, beta: 0.5, nu: 1 }), tape, 20);
    let [m, p] = [tape.start.map(() => 0), [...tape.start]];
    for (let t = 1; t <= 20; t++) {
      m = tape.gradient(t, p).map((g, i) => 0.5 * (m[i] as number) + 0.5 * g);
      p = p.map((x, i) => x - 0.1 * (m[i] as number));
    }
    expect(means[20]).toEqual(p.map((x) => expect.closeTo(x, 12)));
    const plain = play(quasiHyperbolic({ lr: 0.1, nu: 0 }), tape, 1);
    expect(plain[1]).toEqual(
      tape.start.map((x, i) => expect.closeTo(x - 0.1 * (tape.gradient(1, [])[i] as number), 12)),
    );
    const ruleOf = (name: string) =>
      name === "quasiHyperbolic"
        ? readFromShader(quasiHyperbolicRule)
        : (rules.get(name) as typeof quasiHyperbolicRule);
    expect(play(quasiHyperbolic(), tape, 20, { ruleOf })[20]).toEqual(
      play(quasiHyperbolic(), tape, 20)[20]?.map((x) => expect.closeTo(x, 12)),
    );
  });
});
