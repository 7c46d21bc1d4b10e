// The pages in docs/ are what the registries and comments say now. npm run docs writes them.
import { expect, test } from "vitest";
import * as optim from "../../src/optim/index.ts";
import extraText from "../golden/rules_extra.json?raw";
import rulesText from "../golden/rules.json?raw";
import { type Checked, optimizersPage } from "../harness/docs.ts";
import { plots } from "../harness/plots.ts";
import { EXAMPLE_STEPS, examples } from "../harness/schedules.ts";
import { known } from "./support/rules.known.ts";
import { filesOf, read } from "./support/sources.ts";

const { rules } = JSON.parse(rulesText) as { rules: Record<string, { verified_against: string }> };
const { entries } = JSON.parse(extraText) as { entries: Record<string, { library: string; version: string }> };

/** Where the numbers of an entry come from: by its name, whose first word tells the file. */
function sourceOf(name: string): string {
  if (name.startsWith("option ")) return "the formula, worked out in rules_options.py";
  if (name.startsWith("formula ")) return "the formula, in rules.known.ts";
  const extra = entries[name.replace(/^extra |, evaluated$/g, "")];
  if (name.startsWith("extra ") && extra) return extra.library === "torch" ? "PyTorch" : extra.library;
  return rules[name]?.verified_against.replace(/\btorch/g, "PyTorch") ?? "unknown";
}

const checked: Checked[] = known
  .filter(({ on }) => on === "tape")
  .map(({ name, optimizer }) => ({
    name: name.replace(/^(extra|option|formula) /, ""),
    optimizer,
    by: sourceOf(name),
  }));

const sources = filesOf("src/optim", ".ts").map((path) => ({ path, text: read(path) }));
const page = optimizersPage(sources, checked);

test("docs/optimizers.md is what the registries say", async () => {
  await expect(page).toMatchFileSnapshot("../../docs/optimizers.md");
});

test("docs/schedules.svg draws an example of every kind", async () => {
  await expect(plots(examples, EXAMPLE_STEPS)).toMatchFileSnapshot("../../docs/schedules.svg");
});

test("the page names every rule, every optimizer and every source of numbers", () => {
  for (const name of optim.rules.keys()) expect(page).toContain(`</a>${name}\n`);
  for (const name of ["sgd", "adamw", "lion", "rmsprop", "cosine", "plateau", "wsd"]) expect(page).toContain(name);
  expect(checked.filter(({ by }) => by === "unknown")).toEqual([]);
  const [, rows = ""] = page.split("## What each rule was checked against");
  for (const name of optim.rules.keys()) expect(rows).toContain(`| [${name}](#rule-`);
  expect(page).not.toContain("undefined");
});
