// Cases of whole networks in one dispatch, as the scheduler plans them from graphs of a few layers: every activation, bytes and floats.
import { gradient } from "../autodiff.ts";
import { columnsOf } from "../core/shape.ts";
import { constant, input, type Node, node, parameter } from "../graph/node.ts";
import { type CaseSet, caseSet, FOLDS, type KernelCases, type Lie, PLACES, RUNS } from "../kernel/cases.ts";
import { activations } from "../ops/activation.ts";
import { biasAdd } from "../ops/bias.ts";
import { softmaxCrossEntropy } from "../ops/cross_entropy.ts";
import { gather, take } from "../ops/gather.ts";
import { huber } from "../ops/huber.ts";
import { metricsOf } from "../ops/loss.ts";
import { matmul } from "../ops/matmul.ts";
import { meanSquaredError } from "../ops/squared_error.ts";
import { fuseNetwork } from "../scheduler/fuse_network.ts";
import { lower } from "../scheduler/lower.ts";
import type { Home, Value, Work } from "../scheduler/work.ts";
import { caseOfWork, dataLie, PICKS, ROWS } from "./work.ts";

interface Network {
  readonly widths: readonly number[];
  /** Activations between the layers. */
  readonly functions: readonly string[];
  readonly loss: "crossEntropy" | "squaredError" | "huber";
  readonly bytes?: boolean;
}

/** The loss of a network on picked rows, and its leaves with their places. */
function graphOf({ widths, functions, loss, bytes }: Network, batch: number) {
  const homes = new Map<Node, Home>();
  const placed = (leaf: Node, home: Partial<Home> = {}): Node => {
    homes.set(leaf, { buffer: leaf.name, offset: 0, run: 0, ...home });
    return leaf;
  };
  const [features = 1] = widths;
  const outputs = widths.at(-1) as number;
  const rows = placed(input("picks", [batch], "u32"));
  const columns = (name: string, width: number, numbers: readonly number[]): Node =>
    placed(input(name, [width]), { numbers });
  const scale = Array.from({ length: features }, (_, j) => Math.fround((bytes ? 1 / 255 : 1) + j / 64));
  const shift = Array.from({ length: features }, (_, j) => Math.fround(0.3 - j / 8));
  const data = placed(input("data", [ROWS, features], bytes ? "u8" : "f32"));
  let y = gather({ data, rows, scale: columns("scale", features, scale), shift: columns("shift", features, shift) });
  const parameters = widths.slice(1).flatMap((width, i) => {
    const [w, b] = [parameter(`w${i}`, [widths[i] as number, width]), parameter(`b${i}`, [width])];
    y = biasAdd(matmul(y, w), b);
    const f = functions[i];
    if (f !== undefined) y = node(f, y.shape, { inputs: [y] });
    return [w, b].map((leaf, k) => placed(leaf, { buffer: "parameters", offset: 128 * i + 64 * k }));
  });
  const targets = (): Node => {
    const [one, none] = [constant(1, [outputs]), constant(0, [outputs])];
    return gather({ data: placed(input("answers", [ROWS, outputs])), rows, scale: one, shift: none }, "targets");
  };
  const made = {
    crossEntropy: () => softmaxCrossEntropy(y, take(placed(input("answers", [ROWS], "u32")), rows)),
    squaredError: () => meanSquaredError(y, targets()),
    huber: () => huber(y, targets(), 0.3),
  }[loss]();
  return { made, parameters, homes };
}

/** Work whose tensors have names of their own, as a case's must. */
function named(work: readonly Work[]): Work[] {
  const known = new Map<Value, Value>();
  const own = (value: Value): Value => {
    const leaf = value.home && value.home.buffer !== "gradients";
    const made = known.get(value) ?? { ...value, name: leaf ? value.name : `t${known.size}` };
    known.set(value, made);
    return made;
  };
  return work.map((at) => ({
    ...at,
    tensors: Object.fromEntries(Object.entries(at.tensors).map(([name, value]) => [name, own(value)])),
  }));
}

/** What the leaves hold where it matters, and which of them all runs share. */
function liesOf(values: readonly Value[], outputs: number): { lies: Record<string, Lie>; shared: string[] } {
  const lies: Record<string, Lie> = { picks: PICKS };
  const shared: string[] = [];
  for (const value of values) {
    const { name, shape, fill, home } = value;
    if (name === "picks" || home?.buffer === "parameters" || home?.buffer === "gradients") continue;
    if (!home && fill === undefined) continue;
    shared.push(name);
    if (fill !== undefined) lies[name] = { fill: { values: [fill] } };
    else if (home?.numbers) lies[name] = { fill: { values: Array.from(home.numbers) } };
    else if (value.dtype === "u32") lies[name] = { shape, fill: { below: outputs } };
    else lies[name] = dataLie(value);
  }
  return { lies, shared };
}

function networks(of: Network): CaseSet {
  const axes = {
    ...{ batch: [5, 8], missing: [0, 1, 100], index: [0, 2], orders: [[], ["picks"]] },
    ...{ runs: RUNS, place: PLACES, fold: FOLDS },
  };
  return caseSet("network", axes, ({ batch, missing, index, orders, ...choice }) => {
    const { made, parameters, homes } = graphOf(of, batch);
    const roots = gradient(made, parameters).map((at, i) => ({
      node: at,
      home: { buffer: "gradients", offset: 64 * i, run: 0 },
    }));
    const metrics = metricsOf(made);
    const work = named(lower([...roots, { node: metrics }], homes, { first: 0, count: 1 }).work);
    const values = [...new Set(work.flatMap(({ tensors }) => Object.values(tensors)))];
    const kept = values.filter(({ home }) => home?.buffer === "gradients");
    const told = work.flatMap(({ tensors }) => tensors.metrics ?? []);
    const fused = fuseNetwork(work, new Set([...kept, ...told]), { network: ALL });
    const { lies, shared } = liesOf(values, columnsOf([of.widths.at(-1) as number]));
    const arenas = values.filter(({ home }) => ["parameters", "gradients"].includes(home?.buffer ?? ""));
    return caseOfWork(fused, {
      ...choice,
      fill: "normal",
      step: { t: 3, index, valid: Math.max(0, batch - missing), values: [1] },
      lies: { ...lies, ...Object.fromEntries(told.map(({ name }) => [name, { stepped: true }])) },
      shared: [...shared, ...orders],
      merge: arenas.map(({ name }) => name),
    });
  });
}

const ALL = { leastRuns: 1, most: Number.MAX_SAFE_INTEGER };

export const cases: KernelCases = () => [
  ...[...activations.keys()].map((f) => networks({ widths: [3, 6, 2], functions: [f], loss: "squaredError" })),
  networks({ widths: [2, 5, 3], functions: ["tanh"], loss: "crossEntropy" }),
  networks({ widths: [5, 6, 3, 1], functions: ["relu", "gelu"], loss: "squaredError" }),
  networks({ widths: [9, 5, 6], functions: ["relu"], loss: "crossEntropy", bytes: true }),
  networks({ widths: [4, 3], functions: [], loss: "huber" }),
];
