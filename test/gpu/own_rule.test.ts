// validate(gpu, rule): a rule of a user's own, by module and as text, through the checks that ours pass; and faults planted in it.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as example from "../../docs/examples/quasi_hyperbolic.ts";
import type { WebGpuBackend } from "../../src/backend/webgpu/index.ts";
import { adam, defineRule, drawUniform, lamb, rules } from "../../src/optim/index.ts";
import { rowText } from "../../src/validate/report.ts";
import { validate, type ValidationRow } from "../../src/validate/validate.ts";
import { replay } from "../../src/train/replay.ts";
import { expectNoUncapturedErrors, sharedBackend } from "./support/backend.ts";

expectNoUncapturedErrors();

let backend: WebGpuBackend;
beforeAll(async () => {
  backend = await sharedBackend();
});

const own = new Set<string>();
afterAll(() => {
  for (const name of own) rules.delete(name);
});

/** A sign that remembers, as text: its shader's function and its reference. */
function asText(name: string, change: (wgsl: string) => string = (wgsl) => wgsl, more: object = {}) {
  own.add(name);
  const wgsl = `struct H_${name} { beta: f32, rest: f32, eps: f32 }
fn ${name}(u: f32, p: f32, h: H_${name}, m: ptr<function, f32>) -> f32 {
  *m = h.beta * *m + h.rest * u;
  return *m / (abs(*m) + h.eps);
}`;
  return defineRule({
    name,
    wgsl: change(wgsl),
    options: { beta: 0.9, eps: 0.5 },
    state: ["m"],
    fields: "({ beta, eps }) => ({ beta, rest: 1 - beta, eps })",
    reference: "(u, p, f, s) => { s[0] = f.beta * s[0] + f.rest * u; return s[0] / (Math.abs(s[0]) + f.eps); }",
    ...more,
  });
}

const failing = (rows: readonly ValidationRow[]): string[] =>
  rows.filter(({ message }) => message !== undefined).map(({ kernel }) => kernel);

describe("a rule of the user's own", () => {
  test("from a module agrees: its kernel's cases, a hundred steps with three settings, padding", async () => {
    const rows = await validate(backend, example.quasiHyperbolicRule);
    expect(rows.map(({ kernel }) => kernel)).toEqual([
      "quasiHyperbolic: update",
      "quasiHyperbolic: 100 steps",
      "quasiHyperbolic: padding",
    ]);
    expect(failing(rows)).toEqual([]);
    expect(rows[0]?.cases).toBeGreaterThan(15);
    expect(rowText(rows[1] as ValidationRow)).toMatch(
      /^quasiHyperbolic: 100 steps: 3 of 3 cases agree, worst .* at \{setting/,
    );
  });

  test("as text agrees, with settings of its own", async () => {
    const settings = [
      { beta: 0.5, eps: 1 },
      { beta: 0, eps: 0.1 },
    ];
    const rows = await validate(backend, asText("soft_sign"), { settings });
    expect(failing(rows)).toEqual([]);
    expect(rows[1]).toMatchObject({ cases: 2, agreed: 2 });
    expect(rows[1]?.worst).toBeGreaterThan(0);
  });

  test("with a bound of its own: too narrow a one is told", async () => {
    const exactly = (
      _by: unknown,
      u: { v: number },
      _p: unknown,
      f: Record<string, { v: number }>,
      s: { v: number; e: number }[],
    ) => {
      const m = (f.beta?.v ?? 0) * (s[0]?.v ?? 0) + (f.rest?.v ?? 0) * u.v;
      s[0] = { v: m, e: 0 };
      return { v: m / (Math.abs(m) + (f.eps?.v ?? 0)), e: 0 };
    };
    const rows = await validate(backend, asText("narrow_sign", undefined, { bound: exactly }));
    expect(failing(rows)).toContain("narrow_sign: update");
  });

  test("that draws numbers: the same ones on both sides, none in padding", async () => {
    const dithered = (name: string, noise: string) =>
      asText(
        name,
        () => `struct H_${name} { width: f32, noise: f32 }
fn ${name}(u: f32, p: f32, h: H_${name}) -> f32 { return u + h.width * ${noise}; }`,
        {
          ...{ options: { width: 0.5 }, state: [], fields: "({ width }) => ({ width })", draws: drawUniform },
          reference: "(u, p, f) => u + f.width * f.noise",
        },
      );
    const rows = await validate(backend, dithered("dithered", "h.noise"));
    expect(rows.map(({ kernel }) => kernel)).toEqual(["dithered: update", "dithered: 100 steps"]);
    expect(failing(rows)).toEqual([]);
    const wrong = await validate(backend, dithered("undithered", "(h.noise - 0.01)"));
    expect(failing(wrong)).toEqual(["undithered: update", "undithered: 100 steps"]);
  });

  test("drives a training as ours do", async () => {
    const gradients = [[1, -2]];
    const { positions } = await replay(backend, example.quasiHyperbolic({ lr: 0.5, beta: 0.5, nu: 0.5 }), {
      start: [1, 1],
      gradients,
    });
    expect(positions[1]).toEqual([1 - 0.5 * 0.75, 1 + 0.75]);
  });
});

describe("faults in its shader", () => {
  test.each([
    ["a wrong sign", (text: string) => text.replace("*m /", "-*m /"), ["update", "100 steps"]],
    ["beta for 1 - beta", (text: string) => text.replace("h.rest * u", "h.beta * u"), ["update", "100 steps"]],
    [
      "a number where there was none",
      (text: string) => text.replace("return ", "return 1e-3 + "),
      ["update", "100 steps", "padding"],
    ],
    ["a small relative error", (text: string) => text.replace("return ", "return 1.00001 * "), ["update", "100 steps"]],
  ] as const)("%s", async (what, change, caught) => {
    const name = what.replaceAll(/\W/g, "_").toLowerCase();
    const rows = await validate(backend, asText(name, change));
    expect(failing(rows)).toEqual(caught.map((part) => `${name}: ${part}`));
    expect(rows[1]?.message).toMatch(/setting 0, step \d+, number \d: want .*, got .*, allowed /);
  });

  test("text that does not compile is a row with the compiler's words", async () => {
    const rows = await validate(
      backend,
      asText("uncompiled", (text) => text.replace("abs(*m)", "abs(true)")),
      {},
    );
    expect(failing(rows)).toEqual(["uncompiled: update", "uncompiled: 100 steps"]);
  });
});

test("an optimizer is validated as the rules of its chain, in all its phases", async () => {
  const rows = [...(await validate(backend, adam())), ...(await validate(backend, lamb()))];
  expect(rows.map(({ kernel }) => kernel)).toContain("adam > trustRatio > descend: update");
  expect(failing(rows)).toEqual([]);
});
