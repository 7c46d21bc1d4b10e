// The text generated for every optimizer's kernels, as it was when it was last looked at: test/node/support/rules.text.wgsl.
import { describe, expect, test } from "vitest";
import type { Optimizer } from "../../src/optim/chain.ts";
import { compileNow } from "../../src/optim/compile_now.ts";
import { parameter } from "../../src/graph/node.ts";
import { arenas } from "../../src/scheduler/arenas.ts";
import { updateWork } from "../../src/scheduler/parts.ts";
import type { Work } from "../../src/scheduler/work.ts";
import { everything } from "../harness/everything.ts";

const nodes = (["layer1.w", "layer1.b", "layer3.w", "layer3.b"] as const).map((name, i) => ({
  name,
  node: parameter(name, i % 2 === 0 ? [5, 3] : [3]),
}));

/** The dispatches of a chain's step on a small model. */
function workOf(optimizer: Optimizer): Work[] {
  const chain = compileNow(optimizer);
  const { slots, reduced, lines } = chain;
  const of = arenas(nodes, { runs: 1, orders: 1, slots, scalars: chain.scalars.length, reduced, lines });
  return (chain.viewed ? (["aside", "step", "view"] as const) : (["aside", "step"] as const)).flatMap((kind) =>
    updateWork(of, { chain, range: { first: 0, count: 1 } }, { kind }),
  );
}

/** Lines of the lanes y, z and w, which are x's with another letter; the test below holds them to that. */
const ofLane = (line: string, x: string): boolean => new RegExp(`_${x}\\b`).test(line) && !/vec4f\(/.test(line);

function lanes(text: string): Record<"x" | "y" | "z" | "w", string[]> {
  const lines = text.split("\n");
  const of = (x: string) =>
    lines.filter((line) => ofLane(line, x)).map((line) => line.replaceAll(new RegExp(`([_.])${x}\\b`, "g"), "$1x"));
  return { x: of("x"), y: of("y"), z: of("z"), w: of("w") };
}

/** What is generated of a dispatch: its hooks, one lane of four, and the struct of its hyperparameters. */
function generated({ kernel, variant }: Work): string {
  const hooks = Object.values(variant.hooks ?? {}).map((text) =>
    text
      .split("\n")
      .filter((line) => !["y", "z", "w"].some((x) => ofLane(line, x)))
      .join("\n"),
  );
  const own = (variant.fragments ?? []).filter((text) => /hyper_now/.test(text)).map((text) => text.trim());
  return [`// ${kernel}: ${variant.label ?? "plain"}`, ...own, ...hooks].join("\n");
}

const all = Object.entries(everything).map(([name, optimizer]) => ({ name, work: workOf(optimizer) }));

test("of every rule, preset, wrapper and transform", async () => {
  const texts = new Map<string, string[]>();
  for (const { name, work } of all)
    for (const text of work.map(generated)) texts.set(text, [...new Set([...(texts.get(text) ?? []), name])]);
  const parts = [...texts].map(
    ([text, names]) =>
      `// Of ${names.slice(0, 6).join(", ")}${names.length > 6 ? ` and ${names.length - 6} more` : ""}.\n${text}`,
  );
  const head =
    "// Hooks generated for each optimizer's kernels; the lanes y, z and w of a quad, which repeat x, are left out.";
  await expect(`${[head, ...parts].join("\n\n")}\n`).toMatchFileSnapshot("./support/rules.text.wgsl");
});

describe("lanes", () => {
  test("of a quad differ in their letter alone", () => {
    const hooks = all.flatMap(({ work }) => work.flatMap(({ variant }) => Object.values(variant.hooks ?? {})));
    expect(hooks.length).toBeGreaterThan(100);
    for (const text of hooks) {
      const { x, y, z, w } = lanes(text);
      // A draw names its lane by number.
      const plain = (lines: string[]) => lines.map((line) => line.replace(/(_drawn\(.*), \du\)/, "$1, lane)"));
      for (const other of [y, z, w]) expect(plain(other)).toEqual(plain(x));
    }
  });
});
