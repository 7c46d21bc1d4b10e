import { expect, test } from "vitest";
import { openWebGpu } from "../../src/backend/webgpu/index.ts";
import { blobs } from "../../src/data/index.ts";
import { crossEntropy, linear, relu } from "../../src/nn/index.ts";
import { adamw, sgd } from "../../src/optim/index.ts";
import { Population } from "../../src/train/population.ts";
import { print } from "../../src/scheduler/print.ts";

test("trains", async () => {
  const data = blobs({ count: 200, seed: 1 });
  const task = { data, model: [linear(8), relu(), linear(data.outputs)], loss: crossEntropy() };
  for (const fused of [false, true]) {
    const p = await Population.open(await openWebGpu(), task, { batch: 16, steps: 40, fused, runs: [{ optimizer: adamw({ lr: 0.05, clip: 1 }), init: 1, order: 1 }, { optimizer: sgd({ lr: 0.1, momentum: 0.9 }), init: 1, order: 1 }] });
    let last;
    for (let t = 0; t < 32; t += 16) { const m = await p.advance(t, 16); console.log(m[0]!.loss, m[15]!.loss); last = m[15]!; }
    console.log(await p.evaluate("test"));
    expect(last!.loss[0]).toBeLessThan(1);
  }
});
