// Every elementwise rule against the numbers of other libraries: f64 references, hyperparameters not rounded.
import { describe, expect, test } from "vitest";
import { type Rule, rules } from "../../src/optim/index.ts";
import { readFromShader } from "../harness/shader-in-f64.ts";
import { apart, elsewhere, faults, known, names, TOLERANCE, tapeOf } from "./support/rules.known.ts";

describe("the reference gives the known answer", () => {
  test.each(known)("$name", (entry) => {
    expect(entry.want.length).toBeGreaterThan(1);
    expect(apart(entry)).toBeLessThan(TOLERANCE);
  });

  test.each(Object.entries(faults))("%s is told from the rule it is a fault of", (name, optimizer) => {
    expect(apart({ name, optimizer, on: "tape", want: tapeOf(name) })).toBeGreaterThan(1e-6);
  });
});

describe("the shader's text, read as f64, gives the known answer", () => {
  const read = new Map([...rules.values()].map((rule) => [rule.name, readFromShader(rule)]));

  test.each(known)("$name", (entry) => {
    expect(apart(entry, { ruleOf: (name) => read.get(name) as Rule })).toBeLessThan(TOLERANCE);
  });
});

test("every entry of the files is played, or is listed with the reason why not", () => {
  const played = known.map(({ name }) => name).filter((name) => names.includes(name));
  const listed = [...played, ...Object.keys(faults), ...Object.keys(elsewhere)];
  expect(listed.slice().sort()).toEqual([...names].sort());
});

test("every rule has a known answer", () => {
  const linked = known.flatMap(({ optimizer }) => optimizer.links.map(({ rule }) => rule));
  const played = new Set(linked.flatMap((name) => [name, rules.get(name)?.view]));
  expect([...rules.keys()].filter((name) => !played.has(name))).toEqual([]);
});
