// Worked numbers of course notes on optimizers, recomputed in f64 (test/golden/worked.json), by the engine's own ops and derivatives.
import { describe, expect, it } from "vitest";
import { sigmoidOf } from "../../src/activations/index.ts";
import { gradient } from "../../src/autodiff.ts";
import { openCpu } from "../../src/backend/cpu.ts";
import { dataset, standardize } from "../../src/data/index.ts";
import { constant, input, type Node, parameter, variable } from "../../src/graph/node.ts";
import { build, crossEntropy, linear, lossOf, meanSquaredError } from "../../src/nn/index.ts";
import { add } from "../../src/ops/add.ts";
import { gather } from "../../src/ops/gather.ts";
import { matmul } from "../../src/ops/matmul.ts";
import { multiply } from "../../src/ops/multiply.ts";
import { meanSquaredError as meanSquaredErrorOf } from "../../src/ops/squared_error.ts";
import { squaredNorm } from "../../src/ops/sum.ts";
import { sgd } from "../../src/optim/index.ts";
import { Population } from "../../src/train/population.ts";
import json from "../golden/worked.json?raw";
import { evaluate, Machine } from "./support/evaluate.ts";
import { worst } from "./support/numbers.ts";
import { replay } from "./support/replay.ts";

type Matrix = number[][];

interface Worked {
  readonly 1: { readonly at: number[]; readonly s: number; readonly f: number };
  readonly 2: { readonly gradient: number[] };
  readonly 3: {
    readonly x: number[];
    readonly w: number[];
    readonly y: number;
    readonly loss: number;
    readonly dw: number[];
  };
  readonly 4: { readonly lr: number; readonly w: number[] };
  readonly 5: Readonly<
    Record<"x" | "y" | "w1" | "w2" | "w3" | "h1" | "h2" | "prediction" | "dw1" | "dw2" | "dw3", Matrix>
  > &
    Readonly<Record<"b1" | "b2" | "b3" | "db1" | "db2" | "db3", number[]>> & { readonly loss: number };
  readonly 6: Readonly<Record<"n6" | "n7" | "y" | "prediction", number[]>> &
    Readonly<Record<"w6" | "w7" | "bias" | "dw6" | "dw7" | "dbias", number>>;
  readonly 7: { readonly value: number };
  readonly 9: { readonly n: number; readonly sorted: number[] };
  readonly 12: Readonly<Record<"train" | "test" | "trainZ" | "testZ", Matrix>> & Readonly<Record<"testMean", number[]>>;
}
const worked = JSON.parse(json) as Worked;

/** f64 rounding of a few dozen operations. */
const F64 = 1e-14;

function close(got: ArrayLike<number>, want: ArrayLike<number>, relative = F64): void {
  const found = worst(got, want, (w) => relative * Math.max(Math.abs(w), 1e-3));
  expect(found.over, JSON.stringify(found)).toBeLessThanOrEqual(0);
}

/** To the digits the notes print. */
const printed = (got: number | undefined, want: number, digits = 9): void => expect(got).toBeCloseTo(want, digits);

const transpose = (matrix: Matrix): Matrix =>
  (matrix[0] as number[]).map((_, j) => matrix.map((row) => row[j] as number));

describe("worked numbers", () => {
  it("1, 2: f = sigmoid((0.5 x + 0.1 y) 3 z) and its gradient", () => {
    const [x, y, z] = ["x", "y", "z"].map((name) => parameter(name, [])) as [Node, Node, Node];
    const s = multiply(add(multiply(constant(0.5), x), multiply(constant(0.1), y)), multiply(constant(3), z));
    const f = sigmoidOf(s);
    const given = new Map([x, y, z].map((leaf, i) => [leaf, [worked[1].at[i] as number]]));
    const [S, F, ...slope] = evaluate([s, f, ...gradient(f, [x, y, z])], given) as number[][];
    close([S?.[0] as number, F?.[0] as number], [worked[1].s, worked[1].f]);
    close(slope.flat(), worked[2].gradient);
    printed(F?.[0], 0.574442517);
    // The notes drop the factor 3 of df/dz and say -0.0611.
    [-0.146674987, -0.029334997, -0.183343734].forEach((want, i) => void printed(slope[i]?.[0], want));
  });

  it("3, 4: one neuron, its loss and gradient, one step of SGD", () => {
    const { x: xs, w: ws, y, loss, dw } = worked[3];
    const [x, w] = [input("x", [1, 2]), parameter("w", [2, 1])];
    const prediction = sigmoidOf(matmul(x, w));
    const half = multiply(constant(0.5), squaredNorm(prediction));
    const given = new Map<Node, number[]>([
      [x, xs],
      [w, ws],
    ]);
    const [Y, L, slope] = evaluate([prediction, half, ...gradient(half, [w])], given) as [number[], number[], number[]];
    close([Y[0] as number, L[0] as number, ...slope], [y, loss, ...dw]);
    [0.07585818, 0.002877232].forEach((want, i) => void printed([Y[0], L[0]][i], want, 8));
    [0.0265897, 0.0531794].forEach((want, i) => void printed(slope[i], want, 7));
    const [next] = replay(sgd({ lr: worked[4].lr }), ws, 1, () => slope) as [number[]];
    close(next, worked[4].w);
    [0.48936412, -0.52127176].forEach((want, i) => void printed(next[i], want, 8));
  });

  it("5: a 2-3-2-1 linear network, all seventeen gradients", () => {
    const { x: xs, y: ys, w1, w2, w3, b1, b2, b3, loss: want } = worked[5];
    const [x, y] = [input("x", [3, 2]), input("y", [3, 1])];
    const { output, parameters } = build([linear(3), linear(2), linear(1)], x);
    const loss = lossOf(meanSquaredError(), output, y);
    // Weights are printed [out, in]; ours are [in, out].
    const starts = [transpose(w1).flat(), b1, transpose(w2).flat(), b2, transpose(w3).flat(), b3];
    const given = new Map<Node, number[]>([
      [x, xs.flat()],
      [y, ys.flat()],
    ]);
    parameters.forEach(({ node }, i) => void given.set(node, starts[i] as number[]));
    const roots = [
      output,
      loss,
      ...gradient(
        loss,
        parameters.map(({ node }) => node),
      ),
    ];
    const [prediction, L, ...slopes] = evaluate(roots, given) as number[][];
    close(prediction as number[], worked[5].prediction.flat());
    // 1 / 3 and 2 / 3 are rounded to f32 once: half a unit in the last place, 2^-24, relative.
    const rounded = 2 ** -24 + F64;
    close(L as number[], [want], rounded);
    const { dw1, dw2, dw3, db1, db2, db3 } = worked[5];
    [transpose(dw1).flat(), db1, transpose(dw2).flat(), db2, transpose(dw3).flat(), db3].forEach((slope, i) => {
      close(slopes[i] as number[], slope, rounded);
    });
    expect(L?.[0]).toBeCloseTo(585.96054, 4);
  });

  it("6: its last layer by hand", () => {
    const { n6, n7, y: ys, w6, w7, bias, prediction, dw6, dw7, dbias } = worked[6];
    const [n, y] = [input("n", [3, 2]), input("y", [3, 1])];
    const { output, parameters } = build([linear(1)], n);
    const [w, b] = parameters.map(({ node }) => node) as [Node, Node];
    const loss = meanSquaredErrorOf(output, y);
    const rows = n6.flatMap((value, i) => [value, n7[i] as number]);
    const given = new Map<Node, number[]>([
      [n, rows],
      [y, ys],
      [w, [w6, w7]],
      [b, [bias]],
    ]);
    const [got, dw, db] = evaluate([output, ...gradient(loss, [w, b])], given) as [number[], number[], number[]];
    close(got, prediction);
    close([...dw, ...db], [dw6, dw7, dbias], 2 ** -24 + F64);
    [0.24090589, 0.35940748, 0.29240797].forEach((want, i) => void printed(got[i], want, 8));
    // The factor 2 / 3 in f32 leaves six digits of the nine that the notes print.
    [-24.18780056, -30.76423504, -38.73818578].forEach((want, i) => void printed([...dw, ...db][i], want, 5));
  });

  it("7: an exponential moving average, 0.9 * 0 + 0.1 * 0.1", () => {
    const machine = new Machine();
    const average = machine.leaf(variable("average", []), [0]);
    const home = machine.homeOf(average);
    const next = add(multiply(constant(0.9), average), multiply(constant(0.1), constant(0.1)));
    machine.run(machine.plan([{ node: next, home }]));
    expect(machine.read(average)).toEqual([worked[7].value]);
    printed(worked[7].value, 0.01, 15);
  });

  it("9: without replacement every index comes exactly once in an epoch", async () => {
    const { n, sorted } = worked[9];
    const batch = 5;
    const data = dataset({
      x: new Float32Array(n),
      y: Uint32Array.from({ length: n }, (_, i) => i % 2),
      split: { train: n },
    });
    const task = { data, model: [linear(2)], loss: crossEntropy() };
    const runs = [1, 2].map((order) => ({ optimizer: sgd(), init: 1, order }));
    const perEpoch = n / batch;
    const population = await Population.open(openCpu(), task, {
      batch,
      steps: 2 * perEpoch,
      runs,
      stepsPerSubmit: 2 * perEpoch,
    });
    await population.advance(0, 2 * perEpoch);
    const all = Array.from(await population.storage.read("train.rows"));
    const pitch = all.length / (2 * perEpoch * runs.length);
    const seen = new Set<string>();
    for (const run of [0, 1]) {
      for (const epoch of [0, 1]) {
        const rows = Array.from({ length: perEpoch }, (_, i) => {
          const from = ((epoch * perEpoch + i) * runs.length + run) * pitch;
          return all.slice(from, from + batch);
        }).flat();
        expect(rows.toSorted((a, b) => a - b)).toEqual(sorted);
        seen.add(rows.join());
      }
    }
    // Another seed and another epoch are other orders.
    expect(seen.size).toBe(4);
    population.dispose();
  });

  it("12: z-scores by the training set's mean and sigma; the test set keeps a mean of its own", () => {
    const { train, test, trainZ, testZ, testMean } = worked[12];
    const raw = [...train, ...test];
    const data = standardize(
      dataset({
        x: Float32Array.from(raw.flat()),
        y: Float32Array.from(raw, () => 0),
        split: { train: train.length, test: test.length },
        shuffle: false,
      }),
    );
    const source = {
      data: input("data", [raw.length, 3]),
      rows: input("rows", [raw.length], "u32"),
      scale: input("scale", [3]),
      shift: input("shift", [3]),
    };
    const given = new Map<Node, ArrayLike<number>>([
      [source.data, data.x],
      [source.rows, raw.map((_, i) => i)],
      [source.scale, data.scale],
      [source.shift, data.shift],
    ]);
    const [z] = evaluate([gather(source)], given) as [number[]];
    const want = [...trainZ, ...testZ].flat();
    // x scale + shift with scale and shift in f32: x |scale| and |shift| off by 2^-24 of themselves, shift through scale too.
    const allowed = (_: number, i: number) =>
      2 ** -24 *
        ((raw.flat()[i] as number) * (data.scale[i % 3] as number) + 2 * Math.abs(data.shift[i % 3] as number)) +
      F64;
    const found = worst(z, want, allowed);
    expect(found.over, JSON.stringify(found)).toBeLessThanOrEqual(0);
    const mean = [0, 1, 2].map((j) => ((z[12 + j] as number) + (z[15 + j] as number)) / 2);
    mean.forEach((value, j) => {
      expect(value).toBeCloseTo(testMean[j] as number, 5);
      expect(Math.abs(value)).toBeGreaterThan(0.4);
    });
  });
});
