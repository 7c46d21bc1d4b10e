// Layer norm: every row less its mean, over the root of its variance plus eps, times a gain plus a bias; and its gradients.
import forwardWgsl from "../../shaders/ops/layer_norm.wgsl?raw";
import backWgsl from "../../shaders/ops/layer_norm_back.wgsl?raw";
import sumsWgsl from "../../shaders/ops/layer_norm_sums.wgsl?raw";
import { checkNumber, fail } from "../core/check.ts";
import { type Shape, showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { type Node, node } from "../graph/node.ts";
import { defineKernel, read, type Sizes, type Tensors, write } from "../kernel/kernel.ts";
import { defineOp, matrix, output } from "./op.ts";

type Named = Readonly<Record<string, Tensor>>;

function forward(tensors: Tensors, { rows = 0, cols = 1, eps = 0 }: Sizes): void {
  const { x, gain, bias, y, stats } = tensors as Named;
  for (let i = 0; i < rows; i++) {
    let [mean, variance] = [0, 0];
    for (let j = 0; j < cols; j++) mean += x!.at(i, j) / cols;
    for (let j = 0; j < cols; j++) variance += (x!.at(i, j) - mean) ** 2 / cols;
    const rstd = 1 / Math.sqrt(variance + eps);
    for (let j = 0; j < cols; j++) y!.set((x!.at(i, j) - mean) * rstd * gain!.at(j) + bias!.at(j), i, j);
    stats!.set(mean, 0, i);
    stats!.set(rstd, 1, i);
  }
}

function back(tensors: Tensors, { rows = 0, cols = 1 }: Sizes): void {
  const { dy, x, gain, stats, dx } = tensors as Named;
  for (let i = 0; i < rows; i++) {
    const [mean, rstd] = [stats!.at(0, i), stats!.at(1, i)];
    const t = (j: number): number => dy!.at(i, j) * gain!.at(j);
    const n = (j: number): number => (x!.at(i, j) - mean) * rstd;
    let [plain, along] = [0, 0];
    for (let j = 0; j < cols; j++) {
      plain += t(j) / cols;
      along += (t(j) * n(j)) / cols;
    }
    for (let j = 0; j < cols; j++) dx!.set(rstd * (t(j) - plain - n(j) * along), i, j);
  }
}

function sums(tensors: Tensors, { rows = 0, cols = 0 }: Sizes): void {
  const { dy, x, stats, dgain, dbias } = tensors as Named;
  for (let j = 0; j < cols; j++) {
    let [gains, biases] = [0, 0];
    for (let i = 0; i < rows; i++) {
      gains += dy!.at(i, j) * (x!.at(i, j) - stats!.at(0, i)) * stats!.at(1, i);
      biases += dy!.at(i, j);
    }
    dgain!.set(gains, j);
    dbias!.set(biases, j);
  }
}

/** 1 / cols as the shaders multiply by it: a division by a constant of the text need not have a division's bits. */
export const shareOf = (cols: number): number => Math.fround(1 / cols);

defineKernel({
  name: "layer_norm",
  wgsl: forwardWgsl,
  params: ["rows", "cols", "eps", "share"],
  bindings: ({ rows = 0, cols = 0 }) => ({
    ...{ x: read(rows, cols), gain: read(cols), bias: read(cols) },
    ...{ y: write(rows, cols), stats: write(2, rows) },
  }),
  threads: ({ rows = 0 }) => [rows],
  reference: forward,
});

defineKernel({
  name: "layer_norm_back",
  wgsl: backWgsl,
  params: ["rows", "cols", "share"],
  bindings: ({ rows = 0, cols = 0 }) => ({
    ...{ dy: read(rows, cols), x: read(rows, cols), gain: read(cols), stats: read(2, rows) },
    dx: write(rows, cols),
  }),
  threads: ({ rows = 0 }) => [rows],
  reference: back,
});

defineKernel({
  name: "layer_norm_sums",
  wgsl: sumsWgsl,
  params: ["rows", "cols"],
  bindings: ({ rows = 0, cols = 0 }) => ({
    ...{ dy: read(rows, cols), x: read(rows, cols), stats: read(2, rows) },
    ...{ dgain: write(cols), dbias: write(cols) },
  }),
  threads: ({ cols = 0 }) => [Math.ceil(cols / 4)],
  reference: sums,
});

/**
 * (x - mean) / sqrt(variance + eps) gain + bias for every row of x [rows, cols], with the variance over cols (not cols - 1), gain and bias
 * [cols]. eps is rounded to f32. Throws where widths differ or eps is not above 0.
 */
export function layerNormOf(x: Node, gain: Node, bias: Node, eps: number): Node {
  const wrong = [gain, bias].find(({ shape }) => shape.length !== 1 || shape[0] !== x.shape[1]);
  if (x.shape.length !== 2) fail("layerNorm", `${x.name} ${showShape(x.shape)} is no matrix`);
  if (wrong)
    fail(
      "layerNorm",
      `${wrong.name} ${showShape(wrong.shape)} does not fit the rows of ${x.name} ${showShape(x.shape)}`,
    );
  checkNumber("layerNorm", "eps", eps, { above: 0 });
  return node("layerNorm", x.shape, { inputs: [x, gain, bias], attributes: { eps: Math.fround(eps) } });
}

defineOp({
  name: "layerNorm",
  outputs: (at): readonly Shape[] => [at.shape, [2, at.shape[0] as number]],
  calls: (at) => [
    {
      kernel: "layer_norm",
      sizes: { ...matrix(at.shape), eps: at.attributes.eps as number, share: shareOf(at.shape[1] as number) },
      tensors: { x: { input: 0 }, gain: { input: 1 }, bias: { input: 2 }, y: { output: 0 }, stats: { output: 1 } },
    },
  ],
  derivative: (at, dy) => {
    const [x, gain] = at.inputs as [Node, Node];
    const stats = output(at, 1, "stats");
    const dx = node("layerNormBack", x.shape, { inputs: [dy, x, gain, stats] });
    const dgain = node("layerNormSums", gain.shape, { inputs: [dy, x, stats] });
    return [dx, dgain, output(dgain, 1, "dbias")];
  },
});

defineOp({
  name: "layerNormBack",
  calls: (at) => [
    {
      kernel: "layer_norm_back",
      sizes: { ...matrix(at.shape), share: shareOf(at.shape[1] as number) },
      tensors: { dy: { input: 0 }, x: { input: 1 }, gain: { input: 2 }, stats: { input: 3 }, dx: { output: 0 } },
    },
  ],
});

defineOp({
  name: "layerNormSums",
  outputs: (at): readonly Shape[] => [at.shape, at.shape],
  calls: (at) => [
    {
      kernel: "layer_norm_sums",
      sizes: matrix((at.inputs[0] as Node).shape),
      tensors: { dy: { input: 0 }, x: { input: 1 }, stats: { input: 2 }, dgain: { output: 0 }, dbias: { output: 1 } },
    },
  ],
});
