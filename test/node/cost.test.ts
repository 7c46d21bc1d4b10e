// What optimizers cost by the plan of their update: state, traffic, dispatches. One dispatch for a whole model, whatever
// its tensors.
import { describe, expect, it, test } from "vitest";
import { openCpu } from "../../src/backend/cpu.ts";
import { blobs } from "../../src/data/index.ts";
import { crossEntropy, linear, relu } from "../../src/nn/index.ts";
import * as o from "../../src/optim/index.ts";
import { costOf, optimizerCost } from "../../src/scheduler/cost.ts";
import { SOFTWARE } from "../../src/scheduler/software.ts";
import { Population } from "../../src/train/population.ts";

describe("optimizers", () => {
  test.each<[string, o.Optimizer, number, number, number]>([
    ["SGD: gradient and parameter read, parameter written", o.sgd(), 0, 12, 1],
    ["momentum", o.sgd({ momentum: 0.9 }), 1, 20, 1],
    ["Adam", o.adam(), 2, 28, 1],
    ["AdamW, its decay on the way", o.adamw(), 2, 28, 1],
    ["Lion", o.lion(), 1, 20, 1],
    ["AMSGrad", o.adam({ amsgrad: true }), 3, 36, 1],
    ["Adan", o.adan(), 4, 44, 1],
    // The norm reads every gradient once; of its sums of 64 there is one float each, written and read.
    ["clipping and Adam", o.adam({ clip: 1 }), 2, 28 + 4 + 8 / 64, 3],
    [
      "clipping after Adam: the direction is written and read once more",
      o.chain(o.scaleByAdam(), o.clipByGlobalNorm(), o.descend()),
      2,
      24 + 12 + 4 + 8 / 64,
      4,
    ],
    // Adam 24 and p for the ratio's terms, of which there are two for 64 numbers, written and read; then u, p and p.
    ["LAMB: the norms' terms on the way", o.lamb(), 2, 24 + 4 + 12 + 16 / 64, 3],
    // Through g, p and m by rows and by columns; of 1024 x 1024 the rows and columns, two numbers each, are 4 in a thousand.
    ["SM3", o.sm3(), 1.004, 20 + 24 + 0.224, 3],
    // Twice through g and p, and through u and p; the direction is written and read once more.
    ["Adafactor", o.adafactor(), 0.002, 56.576, 6],
    ["adaptive clipping of SGD", o.chain(o.clipAdaptive(), o.descend()), 0.004, 36.38, 3],
    ["centralized SGD", o.chain(o.centralize(), o.descend()), 0.002, 36.2, 3],
  ])("%s", (_, optimizer, state, bytes, dispatches) => {
    expect(optimizerCost(optimizer)).toEqual({ state, bytes, dispatches });
  });

  it("no rule costs more than one dispatch, its state twice, and 12 bytes, unless it reduces", () => {
    for (const rule of o.rules.values()) {
      if (rule.reduces || rule.borrows || rule.recalls || rule.matrix || rule.name === "descend") continue;
      const optimizer: o.Optimizer = {
        kind: "chain",
        links: rule.after
          ? [o.descend(), { rule: rule.name, options: rule.options }]
          : [{ rule: rule.name, options: rule.options }, o.descend()],
      };
      const { slots } = rule;
      expect(optimizerCost(optimizer), rule.name).toEqual({ state: slots, bytes: 12 + 8 * slots, dispatches: 1 });
    }
  });
});

describe("in a training", () => {
  const task = {
    data: blobs({ count: 60, seed: 5 }),
    model: [linear(16), relu(), linear(16), relu(), linear(3)],
    loss: crossEntropy(),
  };
  const runs = [0.1, 0.2, 0.3].map((lr, init) => ({ optimizer: o.adam({ lr }), init, order: 0 }));

  it("the update of all tensors of all runs of a chain is one dispatch of just those bytes", async () => {
    const tuning = { ...SOFTWARE, updateInGradient: 0 };
    const population = await Population.open(openCpu(), task, { batch: 4, steps: 1, runs, tuning });
    const updates = population.program.each.filter(({ kernel }) => kernel === "update");
    expect(updates.length).toBe(1);
    // Padding of rows is moved as well; what lies between tensors is not.
    const { segments, size } = population.arenas;
    const moved = segments.reduce((total, { rows, pitch }) => total + rows * pitch, 0);
    expect(moved).toBeLessThan(size);
    expect(updates.map(costOf)[0]?.bytes).toBe(28 * 3 * moved);
    population.dispose();
  });

  it("in the gradients' stores it is 24 bytes a parameter, beside what the products read", async () => {
    const population = await Population.open(openCpu(), task, { batch: 4, steps: 1, runs });
    const joined = population.program.each.filter(({ name }) => name.includes("update"));
    const operands = [
      [2, 16],
      [16, 16],
      [16, 3],
    ].map(([m = 0, n = 0]) => 4 * (m + n));
    // At a pitch of 4: 2 x 16 and 16, 16 x 16 and 16, 16 x 4 and 4.
    const parameters = [48, 272, 68];
    expect(joined.map((at) => costOf(at).bytes)).toEqual(
      operands.map((numbers, i) => 3 * (4 * numbers + 24 * (parameters[i] as number))),
    );
    population.dispose();
  });
});
