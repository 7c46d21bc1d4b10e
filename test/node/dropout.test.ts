// Dropout: what its masks depend on, what they do to a variance, and that runs of a race keep their own.
import { describe, expect, it } from "vitest";
import { openCpu } from "../../src/backend/cpu.ts";
import { blobs } from "../../src/data/index.ts";
import { input, type Node } from "../../src/graph/node.ts";
import { crossEntropy, dropout, linear, relu } from "../../src/nn/index.ts";
import { build } from "../../src/nn/layer.ts";
import { dropoutOf } from "../../src/ops/dropout.ts";
import { matmul } from "../../src/ops/matmul.ts";
import { adam, sgd } from "../../src/optim/index.ts";
import { Population } from "../../src/train/population.ts";
import { Machine, stepView } from "./support/evaluate.ts";

/** What is left of ones, row after row, at a step, for a run's seed. */
function masked(
  shape: readonly [number, number],
  { rate, stream = 0, seed = 1, t = 0 }: { rate: number; stream?: number; seed?: number; t?: number },
): number[] {
  const machine = new Machine();
  machine.storage.write("runs", Uint32Array.of(0, 0, seed, 0));
  const x = machine.leaf(input("x", shape), new Float64Array(shape[0] * shape[1]).fill(1));
  return machine.run(machine.plan([dropoutOf(x, { rate, stream })]), stepView(t))[0] as number[];
}

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

describe("a mask", () => {
  it.each([0.1, 0.5, 0.9])("drops the share %f and scales what is left, within 5 standard errors", (rate) => {
    const values = masked([400, 50], { rate });
    const scale = Math.fround(1 / (1 - rate));
    expect(new Set(values)).toEqual(new Set([0, scale]));
    const dropped = values.filter((value) => value === 0).length / values.length;
    expect(Math.abs(dropped - rate)).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / values.length));
  });

  it("is another for another seed, layer, step: as far apart as independent ones", () => {
    const rate = 0.3;
    const one = masked([100, 100], { rate });
    for (const other of [{ seed: 2 }, { stream: 1 }, { t: 1 }].map((key) => masked([100, 100], { rate, ...key }))) {
      const both = one.filter((value, i) => value === 0 && other[i] === 0).length / one.length;
      expect(Math.abs(both - rate ** 2)).toBeLessThan(5 * Math.sqrt((rate ** 2 * (1 - rate ** 2)) / one.length));
    }
    expect(masked([100, 100], { rate })).toEqual(one);
  });

  it("of neighbours in a row, and of a column, is independent", () => {
    const [rows, cols, rate] = [300, 7, 0.5];
    const values = masked([rows, cols], { rate });
    for (const apart of [1, 2, 3, 4, cols]) {
      const pairs = values.slice(apart).map((value, i) => (value === 0) === (values[i] === 0));
      expect(Math.abs(mean(pairs.map(Number)) - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / pairs.length));
    }
  });

  it("of a batch's first rows does not depend on how many follow", () => {
    expect(masked([9, 6], { rate: 0.5 }).slice(0, 24)).toEqual(masked([4, 6], { rate: 0.5 }));
  });
});

// Worked number 11: sigma = 1, 1/2, 1/3 at keep probabilities .5, .8, .9.
describe("worked number 11: dropout is noise of variance (1 - p) / p", () => {
  const x = [0.5, -1.25, 2, 0.75, -0.5, 1, 3, -2];
  const w = [1, 0.5, -0.75, 2, 1.5, -1, 0.25, 0.5];

  it.each([
    [0.5, 1],
    [0.8, 1 / 2],
    [0.9, 1 / 3],
  ])("keep probability %f: the output's variance over 10,000 masks", (keep, sigma) => {
    expect(Math.sqrt((1 - keep) / keep)).toBeCloseTo(sigma, 14);
    const count = 10_000;
    const machine = new Machine();
    const rows = machine.leaf(input("x", [count, 8]), Array.from({ length: count }, () => x).flat());
    const weights = machine.leaf(input("w", [8, 1]), w);
    const y = matmul(dropoutOf(rows, { rate: 1 - keep, stream: 0 }), weights);
    const [values] = machine.run(machine.plan([y])) as [number[]];
    const terms = x.map((value, j) => value * (w[j] as number));
    const predicted = terms.reduce((sum, term) => sum + sigma ** 2 * term ** 2, 0);
    const middle = terms.reduce((sum, term) => sum + term, 0);
    const squares = values.map((value) => (value - middle) ** 2);
    const variance = mean(squares);
    // The standard errors of a mean and of a variance around a known mean, from the sample itself.
    expect(Math.abs(mean(values) - middle)).toBeLessThan(5 * Math.sqrt(variance / count));
    const spread = Math.sqrt(mean(squares.map((square) => (square - variance) ** 2)) / count);
    expect(Math.abs(variance - predicted)).toBeLessThan(5 * spread);
    expect(spread).toBeLessThan(0.05 * predicted);
  });
});

describe("a layer of dropout", () => {
  const x = input("x", [4, 6]);
  const opsOf = (node: Node): string[] => [node.op, ...node.inputs.flatMap(opsOf)];

  it("is there in training and nothing otherwise", () => {
    const model = [linear(5), dropout(0.5), relu(), dropout(0.25)];
    expect(build(model, x).output.op).toBe("relu");
    const { output } = build(model, x, { training: true });
    expect(opsOf(output).filter((op) => op === "dropout").length).toBe(2);
    expect(output.attributes).toEqual({ rate: 0.25, stream: 1 });
    expect(build([dropout(0)], x, { training: true }).output).toBe(x);
  });

  it.each([1, -0.1, Number.NaN, "half"])("refuses the rate %s", (rate) => {
    expect(() => dropout(rate as number)).toThrow(/dropout: rate is .*, expected a finite number >= 0 and < 1/);
  });
});

describe("runs with dropout, on the references", () => {
  const task = {
    data: blobs({ count: 60, seed: 3 }),
    model: [linear(9), relu(), dropout(0.4), linear(8), dropout(0.2), linear(3)],
    loss: crossEntropy(),
  };
  const runs = [
    { optimizer: adam({ lr: 0.01 }), init: 5, order: 1 },
    { optimizer: sgd({ lr: 0.1 }), init: 5, order: 1 },
    { optimizer: adam({ lr: 0.01 }), init: 6, order: 1 },
  ];
  async function losses(which: readonly number[], options: { fused?: boolean } = {}) {
    const population = await Population.open(openCpu(), task, {
      ...{ batch: 8, steps: 6, runs: which.map((i) => runs[i]!), ...options },
    });
    const metrics = await population.advance(0, 6);
    const evaluated = await population.evaluate("train");
    const again = await population.evaluate("train");
    expect(again).toEqual(evaluated);
    population.dispose();
    return which.map((_, run) => metrics.map(({ loss }) => loss[run]));
  }

  it("each equals that run alone, whatever its place; entries of one seed begin with one mask", async () => {
    const together = await losses([0, 1, 2]);
    expect(await losses([2, 0])).toEqual([together[2], together[0]]);
    for (const run of [0, 1, 2]) expect(await losses([run])).toEqual([together[run]]);
    expect(together[0]?.[0]).toBe(together[1]?.[0]);
    expect(together[0]?.[0]).not.toBe(together[2]?.[0]);
  });

  it("fused and unfused plans agree", async () => {
    expect(await losses([0, 1], { fused: false })).toEqual(await losses([0, 1]));
  });
});
