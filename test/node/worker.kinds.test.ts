// The page's worker knows every rule and schedule there is, in a build too, where bundlers leave out what nothing uses.
import { fileURLToPath } from "node:url";
import { build, type Rollup } from "vite";
import { expect, test } from "vitest";
import { wgsl } from "../../scripts/wgsl.mjs";
import { cosine, link, linearSchedule, type Optimizer, rules, schedules } from "../../src/optim/index.ts";
import { checkKinds } from "../../src/worker/kinds.ts";

const job = (links: Optimizer["links"]) =>
  ({ model: [], loss: { kind: "crossEntropy" }, optimizer: { kind: "chain", links } }) as const;

test("every rule, with any schedule of its hyperparameters; others are told", () => {
  for (const rule of rules.values()) checkKinds(job([link(rule)]));
  checkKinds(
    job([
      { rule: "descend", options: { lr: cosine(1, 5) } },
      { rule: "adam", options: { beta1: linearSchedule(0.9, 5) } },
    ]),
  );
  expect(() => checkKinds(job([{ rule: "adm", options: {} }]))).toThrow(
    'start: unknown rule "adm"; did you mean "adam"?',
  );
  const odd = { kind: "cosin", value: 1 };
  expect(() => checkKinds(job([{ rule: "adam", options: { beta1: odd } }]))).toThrow(
    'unknown schedule "cosin"; did you mean',
  );
});

test("a bundle of it holds them all", async () => {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const result = (await build({
    ...{ root, configFile: false, logLevel: "silent" },
    plugins: [wgsl()],
    build: {
      write: false,
      minify: false,
      target: "es2023",
      lib: { entry: `${root}src/worker/kinds.ts`, formats: ["es"] },
    },
  })) as Rollup.RollupOutput[];
  const code = [result]
    .flat()
    .flatMap(({ output }) => output.map((part) => (part.type === "chunk" ? part.code : "")))
    .join("\n");
  expect([...rules.keys()].filter((name) => !code.includes(`name: "${name}"`))).toEqual([]);
  expect([...schedules.keys()].filter((kind) => !code.includes(`kind: "${kind}"`))).toEqual([]);
});
