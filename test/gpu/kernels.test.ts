import { expect, test } from "vitest";
import { openWebGpu } from "../../src/backend/webgpu/index.ts";
import { catalogue } from "../../src/validate/registry.ts";
import { runCases } from "../../src/validate/run.ts";
import { summary } from "../harness/summary.ts";

test("all", async () => {
  const backend = await openWebGpu();
  const byKernel = new Map<string, number[]>();
  const bad = new Map<string, string[]>();
  for (const set of catalogue()) {
    const t0 = performance.now();
    const outcomes = await runCases(backend, set.cases, { u: 2 ** -24 });
    const dt = performance.now() - t0;
    const e = byKernel.get(set.kernel) ?? [0, 0, 0, 0];
    e[0]! += outcomes.length; e[1]! += dt; e[2] = Math.max(e[2]!, ...outcomes.map((o) => o.comparison.ratio));
    e[3]! += outcomes.filter((o) => o.message).length;
    byKernel.set(set.kernel, e);
    for (const o of outcomes) if (o.message) bad.set(set.kernel, [...(bad.get(set.kernel) ?? []), `${o.message} fill ${JSON.stringify(o.at.fill)} shared ${o.at.shared} place ${o.at.place} merge ${o.at.merge} slices ${o.at.slices} runs ${o.at.runs.first}+${o.at.runs.count} ${o.comparison.ratio}`]);
    if (set.cases[0]!.runs.count > 1000) console.log("many", set.kernel, dt | 0);
  }
  for (const [k, [n, dt, r, b]] of byKernel) console.log(k, n, "ms", (dt as number) | 0, "worst", r, "bad", b);
  for (const [k, list] of bad) console.log(k, list.length, list.slice(0, 6).join("\n   "));
  console.log("pipelines", backend.pipelines.count);
  expect(true).toBe(true);
  summary("x");
});
