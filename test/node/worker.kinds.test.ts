// A worker knows every rule, schedule and layer there is, in a build too, where bundlers leave out what nothing uses.
import { fileURLToPath } from "node:url";
import { build, type Rollup } from "vite";
import { expect, test } from "vitest";
import { wgsl } from "../../scripts/wgsl.mjs";
import { layers } from "../../src/nn/index.ts";
import { cosine, link, linearSchedule, type Optimizer, rules, schedules } from "../../src/optim/index.ts";
import { checkKinds } from "../../src/worker/known.ts";

const job = (links: Optimizer["links"]) => ({ optimizer: { kind: "chain", links } });

test("every rule, with any schedule of its hyperparameters; others are told", () => {
  for (const rule of rules.values()) checkKinds(job([link(rule)]));
  const scheduled = [
    { rule: "descend", options: { lr: cosine(1, 5) } },
    { rule: "adam", options: { beta1: linearSchedule(0.9, 5) } },
  ];
  checkKinds(job(scheduled));
  checkKinds({ entries: { one: job(scheduled).optimizer } });
  expect(() => checkKinds(job([{ rule: "adm", options: {} }]))).toThrow(
    'worker: knows no rule "adm"; did you mean "adam"?',
  );
  const odd = { kind: "cosin", value: 1 };
  const entries = { one: job([{ rule: "adam", options: { beta1: odd } }]).optimizer };
  expect(() => checkKinds({ entries })).toThrow('worker: knows no schedule "cosin"; did you mean "cosine"?');
});

test("a bundle of it holds them all, though nothing imports from it", async () => {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const result = (await build({
    ...{ root, configFile: false, logLevel: "silent" },
    plugins: [wgsl()],
    build: { write: false, minify: false, target: "es2023", rolldownOptions: { input: `${root}src/worker/worker.ts` } },
  })) as Rollup.RollupOutput;
  const code = result.output.map((part) => (part.type === "chunk" ? part.code : "")).join("\n");
  expect(rules.size + schedules.size + layers.size).toBeGreaterThan(60);
  expect([...rules.keys()].filter((name) => !code.includes(`name: "${name}"`))).toEqual([]);
  for (const kinds of [schedules, layers])
    expect(
      [...kinds.keys()].filter((kind) => !code.includes(`kind: "${kind}"`) && !code.includes(`"${kind}"`)),
    ).toEqual([]);
});
