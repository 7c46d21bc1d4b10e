// Eight small graphs that stand for what training methods ask of the core: lowering, assignment, phases, norms.
import { describe, expect, it } from "vitest";
import { tanhOf } from "../../src/activations/index.ts";
import { gradient } from "../../src/autodiff.ts";
import { constant, input, type Node, parameter, variable } from "../../src/graph/node.ts";
import { add } from "../../src/ops/add.ts";
import { columnSums } from "../../src/ops/bias.ts";
import { softmaxCrossEntropy } from "../../src/ops/cross_entropy.ts";
import { gather, take } from "../../src/ops/gather.ts";
import { metricsOf } from "../../src/ops/loss.ts";
import { matmul } from "../../src/ops/matmul.ts";
import { multiply } from "../../src/ops/multiply.ts";
import { scale, spread } from "../../src/ops/scale.ts";
import { meanSquaredError } from "../../src/ops/squared_error.ts";
import { squaredNorm, sum } from "../../src/ops/sum.ts";
import { compileChain } from "../../src/optim/compile.ts";
import { lamb } from "../../src/optim/index.ts";
import { arenas } from "../../src/scheduler/arenas.ts";
import { hyperWords, seriesOf } from "../../src/scheduler/steps.ts";
import { updateWork } from "../../src/scheduler/parts.ts";
import extra from "../golden/rules_extra.json?raw";
import { evaluate, Machine, stepView } from "./support/evaluate.ts";
import { lambByHand } from "./support/lamb.ts";
import { awayFromZero, normals, worst } from "./support/numbers.ts";
import { divide, larger, root } from "./support/ops.ts";
import { tapeGradient } from "./support/replay.ts";

interface Entry {
  readonly hyperparameters: Readonly<Record<string, number>>;
  readonly tape: Readonly<Record<string, readonly number[]>>;
}
const golden = JSON.parse(extra) as { entries: Record<string, Entry>; rosenbrock: { entries: Record<string, Entry> } };

/** Every number within `allowed` of what it should be. */
function close(got: ArrayLike<number>, want: ArrayLike<number>, allowed = 1e-13): void {
  const found = worst(got, want, (w) => allowed * Math.max(1, Math.abs(w)));
  expect(found.over, JSON.stringify(found)).toBeLessThanOrEqual(0);
}

const subtract = (a: Node, b: Node): Node => add(a, scale(b, -1));
/** A number of full precision: `scale` rounds its factor to f32, a constant of the references' f64 does not. */
const times = (factor: number, x: Node): Node => multiply(constant(factor, x.shape), x);

describe("graphs", () => {
  it("a diamond: gradients at a fork are added", () => {
    // y = tanh x is used three times: L = sum(2 y . y y), dL/dx = 6 y^2 (1 - y^2).
    const x = parameter("x", [3, 5]);
    const y = tanhOf(x);
    const loss = sum(multiply(scale(y, 2), multiply(y, y)));
    const start = awayFromZero(x.shape, 1);
    const [l, dx] = evaluate([loss, ...gradient(loss, [x])], new Map([[x, start]])) as [number[], number[]];
    close(l, [start.reduce((total, v) => total + 2 * Math.tanh(v) ** 3, 0)]);
    close(
      dx,
      start.map((v) => 6 * Math.tanh(v) ** 2 * (1 - Math.tanh(v) ** 2)),
    );
  });

  it("tied weights: an autoencoder whose decoder is the encoder transposed", () => {
    const [rows, features, hidden] = [4, 3, 2];
    const [x, w] = [input("x", [rows, features]), parameter("w", [features, hidden])];
    const h = tanhOf(matmul(x, w));
    const loss = meanSquaredError(matmul(h, w, { layout: "nt" }), x);
    const [xs, ws] = [awayFromZero(x.shape, 1), awayFromZero(w.shape, 2)];
    const [dw] = evaluate(
      gradient(loss, [w]),
      new Map([
        [x, xs],
        [w, ws],
      ]),
    ) as [number[]];
    // By hand: dz = 2 (h w' - x) / (rows features), dw = dz' h + x' ((dz w) (1 - h^2)). The factor is rounded to f32.
    const X = (i: number, j: number) => xs[i * features + j] as number;
    const W = (j: number, k: number) => ws[j * hidden + k] as number;
    const of = (n: number, f: (i: number) => number) =>
      Array.from({ length: n }, (_, i) => f(i)).reduce((a, b) => a + b, 0);
    const H = (i: number, k: number) => Math.tanh(of(features, (j) => X(i, j) * W(j, k)));
    const factor = Math.fround(2 / (rows * features));
    const dz = (i: number, j: number) => factor * (of(hidden, (k) => H(i, k) * W(j, k)) - X(i, j));
    const dh = (i: number, k: number) => of(features, (j) => dz(i, j) * W(j, k)) * (1 - H(i, k) ** 2);
    const want = ws.map((_, at) => {
      const [j, k] = [Math.floor(at / hidden), at % hidden];
      return of(rows, (i) => dz(i, j) * H(i, k) + X(i, j) * dh(i, k));
    });
    close(dw, want);
  });

  it("two inputs with two losses on shared weights", () => {
    const [x1, x2, w] = [input("x1", [4, 3]), input("x2", [8, 3]), parameter("w", [3, 2])];
    const [labels, targets] = [input("labels", [4], "u32"), input("targets", [8, 2])];
    const first = softmaxCrossEntropy(matmul(x1, w), labels);
    const second = meanSquaredError(matmul(x2, w), targets);
    const both = add(first, scale(second, 0.5));
    const given = new Map<Node, ArrayLike<number>>([
      [x1, awayFromZero(x1.shape, 1)],
      [x2, awayFromZero(x2.shape, 2)],
      [w, awayFromZero(w.shape, 3)],
      [labels, [1, 0, 0, 1]],
      [targets, awayFromZero(targets.shape, 4)],
    ]);
    const roots = [both, ...gradient(both, [w]), metricsOf(first), metricsOf(second)];
    const [l, dw, m1, m2] = evaluate(roots, given) as [number[], number[], number[], number[]];
    const apart = [first, second].map(
      (loss) => evaluate([loss, ...gradient(loss, [w])], given) as [number[], number[]],
    );
    const [[l1, dw1], [l2, dw2]] = apart as [[number[], number[]], [number[], number[]]];
    close(l, [(l1[0] as number) + 0.5 * (l2[0] as number)]);
    close(
      dw,
      dw1.map((d, i) => d + 0.5 * (dw2[i] as number)),
    );
    const mean = (metrics: number[], rows: number) => metrics.slice(0, rows).reduce((a, b) => a + b, 0) / rows;
    close([mean(m1, 4), mean(m2, 8)], [l1[0] as number, l2[0] as number]);
  });

  it("accumulation: the mean gradient of two half batches is the gradient of the whole", () => {
    const machine = new Machine();
    const w = machine.leaf(parameter("w", [3, 3]), awayFromZero([3, 3], 1));
    const data = machine.leaf(input("data", [8, 3]), awayFromZero([8, 3], 2));
    const words = machine.leaf(input("words", [8], "u32"), [0, 1, 2, 0, 1, 2, 2, 1]);
    const accumulated = machine.leaf(variable("accumulated", [3, 3]), new Array(9).fill(0));
    const dw = (batch: number): { rows: Node; node: Node } => {
      const rows = machine.leaf(input("rows", [batch], "u32"), new Array(batch).fill(0));
      const x = gather({ data, rows, scale: constant(1, [3]), shift: constant(0, [3]) });
      const loss = softmaxCrossEntropy(matmul(x, w), take(words, rows));
      return { rows, node: gradient(loss, [w])[0] as Node };
    };
    const [half, whole] = [dw(4), dw(8)];
    const home = machine.homeOf(accumulated);
    const step = machine.plan([{ node: add(accumulated, scale(half.node, 0.5)), home }]);
    const forget = machine.plan([{ node: constant(0, [3, 3]), home }]);
    machine.write(whole.rows, [7, 6, 5, 4, 3, 2, 1, 0]);
    const [want] = machine.run(machine.plan([whole.node])) as [number[]];
    for (let again = 0; again < 2; again++) {
      for (const rows of [
        [7, 6, 5, 4],
        [3, 2, 1, 0],
      ]) {
        machine.write(half.rows, rows);
        machine.run(step);
      }
      close(machine.read(accumulated), want);
      machine.run(forget);
      expect(machine.read(accumulated)).toEqual(new Array(9).fill(0));
    }
  });

  it("SAM: perturb by rho g / |g|, a second gradient there, restore, descend (known answers on Rosenbrock)", () => {
    const { hyperparameters, tape } = golden.rosenbrock.entries.sam_sgd as Entry;
    const { rho = 0, lr = 0 } = hyperparameters;
    const machine = new Machine();
    const x = machine.leaf(parameter("x", []), [-1.2]);
    const y = machine.leaf(parameter("y", []), [1]);
    const kept = [x, y].map(({ name }) => machine.leaf(variable(`kept ${name}`, []), [0]));
    const homeOf = (leaf: Node) => machine.homeOf(leaf);
    const [a, b] = [subtract(constant(1), x), subtract(y, multiply(x, x))];
    const loss = add(multiply(a, a), times(100, multiply(b, b)));
    const slope = gradient(loss, [x, y]);
    const norm = root(slope.map(squaredNorm).reduce(add));
    const perturb = machine.plan([
      ...[x, y].map((p, i) => ({ node: p, home: homeOf(kept[i] as Node) })),
      ...[x, y].map((p, i) => ({ node: add(p, times(rho, divide(slope[i] as Node, norm))), home: homeOf(p) })),
    ]);
    const descendFrom = machine.plan(
      [x, y].map((p, i) => ({ node: subtract(kept[i] as Node, times(lr, slope[i] as Node)), home: homeOf(p) })),
    );
    for (let t = 1; t <= 100; t++) {
      machine.run(perturb);
      machine.run(descendFrom);
      const want = tape[t];
      if (want) close([machine.read(x)[0] as number, machine.read(y)[0] as number], want, 1e-9);
    }
  });

  it("LAMB: the chain is cut after Adam; norms of every tensor by one segment sum; known answers", () => {
    const { hyperparameters, tape } = golden.entries.lamb_two_tensors as Entry;
    const { lr = 0, beta1 = 0, beta2 = 0, eps = 0, weightDecay: decay = 0 } = hyperparameters;
    const chain = compileChain(lamb({ lr, beta1, beta2, eps, weightDecay: decay }));
    expect(chain.phases.map(({ links: rules }) => rules.map(({ rule }) => rule))).toEqual([
      ["adam", "weightDecay"],
      ["trustRatio", "descend"],
    ]);
    const nodes = ["a", "b"].map((name) => parameter(name, [2]));
    const made = arenas(
      nodes.map((node) => ({ node, name: node.name })),
      { runs: 1, orders: 1, slots: chain.slots, scalars: chain.scalars.length, reduced: chain.reduced },
    );
    const machine = new Machine();
    machine.storage.ensure(made.buffers);
    nodes.forEach((node, i) => void machine.leaf(node, i === 0 ? [1, -2] : [3, 0.5], made.homes.get(node)));
    const series = seriesOf([chain]);
    machine.storage.write("hyper", Uint32Array.from(hyperWords(chain.scalars, series)));
    const work = updateWork(made, { chain, range: { first: 0, count: 1 } }, { fused: false });
    expect(work.map(({ kernel }) => kernel)).toEqual(["update", "block_terms", "settle", "update"]);
    const step = machine.plan([], work);
    // The same in f64 from the formula: with numbers as given it must meet the golden ones, rounded as the engine's our own.
    const exactly = lambByHand((v) => v, { lr, beta1, beta2, eps, decay });
    const rounded = lambByHand(Math.fround, { lr, beta1, beta2, eps, decay });
    for (let t = 1; t <= 100; t++) {
      const g = tapeGradient(t);
      machine.storage.write("gradients", Float64Array.from(g.slice(0, 2)));
      machine.storage.write("gradients", Float64Array.from(g.slice(2)), made.segments[1]?.offset);
      machine.run(
        step,
        stepView(
          t - 1,
          series.at.map((at) => Math.fround(at(t - 1))),
        ),
      );
      exactly.step(g, t);
      rounded.step(g, t);
      const got = nodes.flatMap((node) => machine.read(node));
      close(got, rounded.x, 1e-12);
      const want = tape[t];
      if (want) close(exactly.x, want, 1e-12);
    }
  });

  it("factored state: Adafactor keeps a row and a column of the squared gradients (known answers)", () => {
    const { hyperparameters, tape } = golden.entries.adafactor_torch as Entry;
    const { lr = 0, eps1 = 0, eps2 = 0, decayPower = 0, clip = 0 } = hyperparameters;
    const machine = new Machine();
    const w = machine.leaf(parameter("w", [2, 2]), [1, -2, 3, 0.5]);
    const g = machine.leaf(input("g", [2, 2]), [0, 0, 0, 0]);
    const rows = machine.leaf(variable("rows", [2, 1]), [0, 0]);
    const columns = machine.leaf(variable("columns", [1, 2]), [0, 0]);
    const [keep, most] = ["keep", "most"].map((name) => machine.leaf(input(name, []), [0])) as [Node, Node];
    const homeOf = (leaf: Node) => machine.homeOf(leaf);
    const square = multiply(g, g);
    const mixed = (state: Node, fresh: Node): Node =>
      add(
        multiply(spread(keep, state.shape), state),
        multiply(spread(subtract(constant(1), keep), state.shape), fresh),
      );
    const nextRows = mixed(rows, matmul(square, constant(0.5, [2, 1])));
    const nextColumns = mixed(columns, matmul(constant(0.5, [1, 2]), square));
    const product = matmul(nextRows, nextColumns);
    const mean = spread(larger(sum(nextRows, 0.5), constant(eps1)), [2, 2]);
    const direction = divide(g, root(larger(divide(product, mean), constant(eps1 ** 2, [2, 2]))));
    const rms = (x: Node): Node => root(sum(multiply(x, x), 0.25));
    const clipped = divide(direction, spread(larger(constant(1), times(1 / clip, rms(direction))), [2, 2]));
    const alpha = multiply(larger(constant(eps2), rms(w)), most);
    const step = machine.plan([
      { node: subtract(w, multiply(spread(alpha, [2, 2]), clipped)), home: homeOf(w) },
      { node: nextRows, home: homeOf(rows) },
      { node: nextColumns, home: homeOf(columns) },
    ]);
    for (let t = 1; t <= 100; t++) {
      machine.write(g, tapeGradient(t));
      machine.write(keep, [1 - t ** -decayPower]);
      machine.write(most, [Math.min(lr, 1 / Math.sqrt(t))]);
      machine.run(step);
      const want = tape[t];
      if (want) close(machine.read(w), want, 1e-9);
    }
  });

  it("running statistics: assigned after the step, read as they were within it", () => {
    const machine = new Machine();
    const x = machine.leaf(input("x", [4, 3]), new Array(12).fill(0));
    const mean = machine.leaf(variable("mean", [3]), [1, 2, 3]);
    const home = machine.homeOf(mean);
    const next = add(times(0.9, mean), times(0.1 / 4, columnSums(x)));
    // Twice around the assignment among the roots: each reads the old value.
    const before = scale(mean, 2);
    const after = scale(mean, 3);
    const step = machine.plan([before, { node: next, home }, after, { node: mean, home: machine.home("old mean", 4) }]);
    let old = [1, 2, 3];
    for (let t = 0; t < 3; t++) {
      const batch = normals([4, 3], t);
      machine.write(x, batch);
      const [twice, assigned, thrice, copied] = machine.run(step) as [number[], number[], number[], number[]];
      expect(copied).toEqual(old);
      close(
        twice,
        old.map((v) => 2 * v),
      );
      close(
        thrice,
        old.map((v) => 3 * v),
      );
      old = old.map(
        (v, j) => 0.9 * v + 0.025 * [0, 1, 2, 3].reduce((total, i) => total + (batch[i * 3 + j] as number), 0),
      );
      close(assigned, old);
      close(machine.read(mean), old);
    }
  });

  it("assigns all at once: variables that take each other's values", () => {
    const machine = new Machine();
    const leaves = [[1], [2], [3]].map((values, i) => machine.leaf(variable(`v${i}`, [1]), values));
    const homes = leaves.map((leaf) => machine.homeOf(leaf));
    const turn = machine.plan(
      leaves.map((_, i) => ({ node: leaves[(i + 1) % 3] as Node, home: homes[i] as (typeof homes)[number] })),
    );
    machine.run(turn);
    expect(leaves.map((leaf) => machine.read(leaf)[0])).toEqual([2, 3, 1]);
    machine.run(turn);
    expect(leaves.map((leaf) => machine.read(leaf)[0])).toEqual([3, 1, 2]);
  });
});
