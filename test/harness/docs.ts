// Writes docs/optimizers.md and docs/schedules.svg from the registries, the comments beside what they register, the
// shaders and the lists of known answers, so that the pages cannot say anything else.
import type { Link, Optimizer } from "../../src/optim/chain.ts";
import * as optim from "../../src/optim/index.ts";
import type { Rule } from "../../src/optim/index.ts";
import { type OptimizerCost, optimizerCost } from "../../src/scheduler/cost.ts";

/** A file of the project: its path and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** A known answer: the entry's name, what played it, and where the numbers come from. */
export interface Checked {
  readonly name: string;
  readonly optimizer: Optimizer;
  readonly by: string;
}

interface Documented {
  readonly name: string;
  readonly text: string;
  /** Where it begins: its parameters and what it gives. */
  readonly head: string;
}

const plain = (comment: string): string =>
  comment
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trim())
    .join(" ")
    .replace(/\{@link (\w+)\}/g, "$1")
    .trim();

/** Every exported function that has a comment, with it and its text up to the first blank line. */
function documented({ text }: Source): Documented[] {
  const found = text.matchAll(
    /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export (?:const|function) (\w+)((?:(?!\n\n)[\s\S])*)/g,
  );
  return [...found].map(([, comment = "", name = "", head = ""]) => ({ name, text: plain(comment), head }));
}

/** The comments on the options of a type, by the type's name. */
function optionsOf({ text }: Source): [string, readonly (readonly [string, string])[]][] {
  const types = text.matchAll(/(?:interface|type) (\w+)(?:<[^>]*>)?[^{\n]*\{\n([\s\S]*?)\n\}/g);
  return [...types].map(([, name = "", body = ""]) => {
    const members = body.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*readonly (\w+)/g);
    return [name, [...members].map(([, comment = "", option = ""]) => [option, plain(comment)] as const)];
  });
}

/** Markdown takes * and _ for marks. */
const escaped = (text: string): string => text.replace(/([*_<>|])/g, "\\$1");

const row = (...cells: (string | number)[]): string => `| ${cells.join(" | ")} |`;

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [row(...head), row(...head.map(() => "---")), ...rows.map((cells) => row(...cells))].join("\n");

const called = (name: string): unknown => {
  const made = (optim as Record<string, unknown>)[name];
  if (typeof made !== "function") return undefined;
  try {
    return (made as () => unknown)();
  } catch {
    return undefined;
  }
};

const isOptimizer = (made: unknown): made is Optimizer => (made as Optimizer | undefined)?.kind === "chain";
const isLink = (made: unknown): made is Link => typeof (made as Link | undefined)?.rule === "string";

const chainText = ({ links }: Optimizer): string => links.map(({ rule }) => `[${rule}](#${anchor(rule)})`).join(" > ");
const anchor = (rule: string): string => `rule-${rule.toLowerCase()}`;

/** What clipping adds to an optimizer. */
function clipping(): string {
  const [plain, clipped] = [optim.adam(), optim.adam({ clip: 1 })].map(optimizerCost) as [OptimizerCost, OptimizerCost];
  return `Clipping by the norm adds ${clipped.bytes - plain.bytes} bytes and ${clipped.dispatches - plain.dispatches} dispatches.`;
}

function optimizersPart(all: readonly Documented[]): string[] {
  const presets = [...all]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name, text }) => {
      const optimizer = called(name);
      return isOptimizer(optimizer) ? [{ name, text, optimizer, ...optimizerCost(optimizer) }] : [];
    });
  const rows = presets.map(({ name, optimizer, state, bytes, dispatches }) => {
    return [`[${name}](#${name.toLowerCase()})`, chainText(optimizer), state, bytes, dispatches];
  });
  return [
    "## Optimizers",
    `With their defaults. State: floats per parameter. Bytes: moved per parameter and step. Dispatches: per step, for a whole model and any number of runs. ${clipping()}`,
    table(["optimizer", "rules", "state", "bytes", "dispatches"], rows),
    ...presets.flatMap(({ name, text }) => [`### ${name}`, escaped(text)]),
  ];
}

const numbers = (values: Readonly<Record<string, number>>): string =>
  Object.entries(values)
    .map(([name, value]) => `\`${name}\` ${value}`)
    .join(", ") || "none";

/** The entries that play a rule, by where their numbers come from; of rules that are in many chains, how many. */
function checkedBy(rule: Rule, checked: readonly Checked[]): string {
  const playing = checked.filter(({ optimizer }) => optimizer.links.some((link) => link.rule === rule.name));
  const sources = [...new Set(playing.map(({ by }) => by))];
  if (playing.length > 25) return `${playing.length} entries`;
  const named = (by: string): string =>
    [...new Set(playing.filter((entry) => entry.by === by).map(({ name }) => `\`${name}\``))].join(", ");
  return sources.map((by) => `${escaped(by)} (${named(by)})`).join("; ");
}

/** Rules against where the numbers they gave came from, and how many answers of each. */
function checkedPart(checked: readonly Checked[]): string[] {
  const rows = [...optim.rules.values()].map((rule) => {
    const playing = checked.filter(({ optimizer }) => optimizer.links.some((link) => link.rule === rule.name));
    const counts = new Map<string, number>();
    for (const { by } of playing) counts.set(by, (counts.get(by) ?? 0) + 1);
    const sources = [...counts].sort(([, a], [, b]) => b - a).map(([by, count]) => `${escaped(by)} (${count})`);
    return [
      `[${rule.name}](#${anchor(rule.name)})`,
      playing.length,
      sources.join(", ") || "with the rule it is a part of",
    ];
  });
  return [
    "## What each rule was checked against",
    "Known answers that play the rule, on a tape of gradients of a hundred steps: f64 reference and shader text to 1e-9. On the GPU every rule is besides played kernel case by kernel case (`fall-line validate update`), over a hundred steps within its bound, alone against itself among all others, and from a snapshot (test/gpu).",
    table(["rule", "answers", "their sources"], rows),
  ];
}

function rulesPart(
  all: readonly Documented[],
  options: ReturnType<typeof optionsOf>,
  checked: readonly Checked[],
): string[] {
  const makers = all.flatMap(({ name, text, head }) => {
    const link = called(name);
    const own = options.filter(([type]) => new RegExp(`\\b${type}\\b`).test(head)).flatMap(([, members]) => members);
    return isLink(link) ? [{ name, text, rule: link.rule, options: own }] : [];
  });
  return [
    "## Rules",
    "A rule makes u of u, which is the gradient at first, and of the parameter p; its text is the shader's. `name(...)` makes a link for `chain(...)`, which ends in `descend(lr)`.",
    ...[...optim.rules.values()]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((rule) => {
        const own = makers.filter((maker) => maker.rule === rule.name);
        return [
          `### <a id="${anchor(rule.name)}"></a>${rule.name}`,
          ...own.map(({ name, text }) => `**${name}(...)** ${escaped(text)}`),
          ...own.flatMap((maker) =>
            maker.options.length === 0
              ? []
              : [maker.options.map(([name, text]) => `* \`${name}\`: ${escaped(text)}`).join("\n")],
          ),
          `\`\`\`wgsl\n${rule.wgsl.trim()}\n\`\`\``,
          [
            `* defaults: ${numbers(rule.options)}`,
            `* state: ${rule.state?.map((name) => `\`${name}\``).join(", ") ?? "none"}`,
            `* checked against: ${checkedBy(rule, checked)}`,
          ].join("\n"),
        ];
      }),
  ];
}

/** Functions that make optimizers or links of others, and so cannot be called without arguments. */
function makersPart(all: readonly Documented[]): string[] {
  const makers = all.filter(({ name, head }) => {
    const made = called(name);
    return name in optim && !isOptimizer(made) && !isLink(made) && /\):\s*(Optimizer|Link)\b/.test(head);
  });
  return ["## Composition", ...makers.map(({ name, text }) => `**${name}(...)** ${escaped(text)}`)];
}

function schedulesPart(all: readonly Documented[]): string[] {
  const makers = all.filter(({ name, head }) => name in optim && /\):\s*Schedule\b/.test(head));
  return [
    "## Schedules",
    "Any hyperparameter takes one in place of a number, or a plain function of the step t = 0, 1, ... Plain data; runs whose schedules have the same shape share its values, whatever their learning rates. All are checked against PyTorch 2.13.0 or optax 0.2.8, or, where neither has them, against their formulas (test/node/schedules.test.ts).",
    "![Every kind of schedule over a hundred steps](schedules.svg)",
    ...makers.map(({ name, text }) => `**${name}(...)** ${escaped(text)}`),
  ];
}

/** The page about optimizers, rules and schedules. */
export function optimizersPage(sources: readonly Source[], checked: readonly Checked[]): string {
  const all = sources.flatMap(documented).filter(({ name }) => name in optim);
  const schedules = sources.filter(({ path }) => /\/schedules?\b/.test(path)).flatMap(documented);
  const parts = [
    "# Optimizers and schedules",
    "*Written by `npm run docs` from the registries and the comments beside them; a test compares.*",
    `${optim.rules.size} rules, ${optim.schedules.size} kinds of schedules. A rule's f64 reference and its shader, read as f64, give the known answers to 1e-9 (test/golden); on the GPU every rule stays within its derived error bound over 100 steps with three settings (test/gpu/replay.test.ts).`,
    ...optimizersPart(all),
    ...makersPart(all),
    ...checkedPart(checked),
    ...rulesPart(all, sources.flatMap(optionsOf), checked),
    ...schedulesPart(schedules),
  ];
  return `${parts.join("\n\n")}\n`;
}
