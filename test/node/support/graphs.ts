// Random graphs: every op there is on small matrices, with variables that are assigned.
import * as activations from "../../../src/activations/index.ts";
import { gradient } from "../../../src/autodiff.ts";
import { hash } from "../../../src/core/random.ts";
import { sameShape } from "../../../src/core/shape.ts";
import { constant, input, type Node, parameter, variable } from "../../../src/graph/node.ts";
import { add } from "../../../src/ops/add.ts";
import { biasAdd, columnSums } from "../../../src/ops/bias.ts";
import { softmaxCrossEntropy } from "../../../src/ops/cross_entropy.ts";
import { gather, take } from "../../../src/ops/gather.ts";
import { metricsOf } from "../../../src/ops/loss.ts";
import { matmul } from "../../../src/ops/matmul.ts";
import { multiply } from "../../../src/ops/multiply.ts";
import { scale, spread } from "../../../src/ops/scale.ts";
import { softmax } from "../../../src/ops/softmax.ts";
import { sum } from "../../../src/ops/sum.ts";
import type { Root } from "../../../src/scheduler/lower.ts";
import type { Machine } from "./evaluate.ts";
import { awayFromZero } from "./numbers.ts";

const SIZES = [3, 4, 6];
const ACTIVATIONS: readonly ((x: Node) => Node)[] = Object.values(activations);

/** Leaves, `count` more nodes, and roots: two without a home, and up to three variables that take new values. */
export function randomGraph(machine: Machine, seed: number, count: number): { roots: (Node | Root)[] } {
  let drawn = 0;
  const pick = <T>(from: readonly T[]): T => from[hash(seed, 77, 0, drawn++) % from.length] as T;
  const shape = () => [pick(SIZES), pick(SIZES)];
  const leaves = Array.from({ length: 6 }, (_, i) => {
    const made = i < 3 ? parameter(`p${i}`, shape()) : variable(`v${i}`, shape());
    return machine.leaf(made, awayFromZero(made.shape, seed, i));
  });
  const nodes: Node[] = [...leaves, constant(0.5, [4, 4])];
  const matrices = () => nodes.filter((at) => at.shape.length === 2);
  const near = (x: Node): Node => (pick([true, false, false]) ? scale(x, 1 / 4) : x);
  const makers: (() => Node)[] = [
    () => {
      const a = pick(matrices());
      const b = pick(
        matrices()
          .filter((other) => other.shape[0] === a.shape[1])
          .concat(constant(0.25, [a.shape[1] as number, 3])),
      );
      return near(matmul(a, b));
    },
    () => {
      const a = pick(matrices());
      return near(matmul(a, pick(matrices().filter((other) => other.shape[0] === a.shape[0])), { layout: "tn" }));
    },
    () => {
      const a = pick(matrices());
      return pick([add, multiply])(a, pick(matrices().filter((other) => sameShape(other.shape, a.shape))));
    },
    () => pick(ACTIVATIONS)(pick(matrices())),
    () => {
      const x = pick(matrices());
      return biasAdd(x, columnSums(pick(matrices().filter((other) => other.shape[1] === x.shape[1]))));
    },
    () => softmax(pick(matrices())),
    () => spread(sum(pick(matrices()), 0.125), shape()),
  ];
  for (let i = 0; i < count; i++) nodes.push(pick(makers)());
  const made = nodes.slice(leaves.length + 1);
  const variables = leaves.slice(3);
  const assigned = variables.flatMap((leaf): Root[] => {
    const fits = [...made, ...variables].filter((other) => other !== leaf && sameShape(other.shape, leaf.shape));
    const home = machine.homes.get(leaf);
    return fits.length > 0 && home ? [{ node: pick(fits), home }] : [];
  });
  return { roots: [pick(made), ...assigned, made[made.length - 1] as Node, ...randomClassifier(machine, seed)] };
}

/** A small classifier on gathered rows: its metrics and the gradients of all parameters. */
function randomClassifier(machine: Machine, seed: number): Node[] {
  const draw = (i: number, most: number): number => hash(seed, 78, 0, i) % most;
  const [rows, batch, features, classes] = [7, 4, 2 + draw(0, 4), 2 + draw(1, 4)];
  const data = machine.leaf(input("data", [rows, features]), awayFromZero([rows, features], seed, 20));
  const words = machine.leaf(
    input("words", [rows], "u32"),
    Array.from({ length: rows }, (_, i) => draw(10 + i, classes)),
  );
  const picks = machine.leaf(
    input("rows", [batch], "u32"),
    Array.from({ length: batch }, (_, i) => draw(20 + i, rows)),
  );
  const parameters: Node[] = [];
  const weights = (...shape: number[]): Node => {
    const made = parameter(`w${parameters.length}`, shape);
    parameters.push(machine.leaf(made, awayFromZero(shape, seed, 30 + parameters.length)));
    return made;
  };
  let x = gather({ data, rows: picks, scale: constant(0.5, [features]), shift: constant(0.1, [features]) });
  for (let layer = 0; layer <= draw(2, 3); layer++) {
    const width = 3 + draw(3 + layer, 5);
    const product = matmul(x, weights(x.shape[1] as number, width));
    const act = ACTIVATIONS[draw(6 + layer, ACTIVATIONS.length)] as (x: Node) => Node;
    x = act(draw(40 + layer, 3) > 0 ? biasAdd(product, weights(width)) : product);
  }
  // One or two heads on the same hidden layer; now and then the logits are wanted too.
  const heads = Array.from({ length: 1 + draw(50, 2) }, (_, head) => {
    const product = matmul(x, weights(x.shape[1] as number, classes));
    const logits = draw(51 + head, 4) > 0 ? biasAdd(product, weights(classes)) : product;
    return { logits, loss: softmaxCrossEntropy(logits, take(words, picks)) };
  });
  const loss = heads.map((head) => head.loss).reduce(add);
  const wanted = draw(55, 3) > 0 ? [] : heads.map(({ logits }) => logits);
  return [...heads.map((head) => metricsOf(head.loss)), ...gradient(loss, parameters), ...wanted];
}
