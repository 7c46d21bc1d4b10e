// TensorFlow.js as a contender: fused dense layers, optimizer.minimize in a tidy. Batches lie on the GPU. One run only.
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients";
import "@tensorflow/tfjs-backend-webgpu";
import type { Contender, Given } from "./contender.ts";

export async function openTfjs(): Promise<void> {
  if (!(await tf.setBackend("webgpu"))) throw new Error("TensorFlow.js could not start its webgpu backend");
  await tf.ready();
}

interface Dense {
  readonly w: tf.Variable;
  readonly b: tf.Variable;
}

export class Tfjs implements Contender {
  readonly name = "TensorFlow.js";
  readonly #given: Given;
  readonly #batches: readonly { readonly x: tf.Tensor2D; readonly y: tf.Tensor2D }[];
  #layers: readonly Dense[] = [];
  #optimizer: tf.Optimizer;
  #at = 0;

  constructor(given: Given) {
    this.#given = given;
    const { problem, batches } = given;
    if (problem.runs !== 1) throw new Error("TensorFlow.js trains one run at a time");
    const { batch, widths } = problem;
    this.#batches = batches.map(({ x, y }) => ({
      x: tf.tensor2d(x, [batch, widths[0]!]),
      y: tf.tensor2d(y, [batch, widths.at(-1)!]),
    }));
    this.#optimizer = tf.train.adam(1e-3, 0.9, 0.999, 1e-8);
    this.#reset();
  }

  #reset(): void {
    const { widths } = this.#given.problem;
    for (const { w, b } of this.#layers) tf.dispose([w, b]);
    this.#optimizer.dispose();
    this.#optimizer = tf.train.adam(1e-3, 0.9, 0.999, 1e-8);
    this.#layers = this.#given.starts[0]!.map(({ w, b }, i) => ({
      w: tf.variable(tf.tensor2d(w, [widths[i]!, widths[i + 1]!])),
      b: tf.variable(tf.tensor1d(b)),
    }));
    this.#at = 0;
  }

  /** One step; the cost stays on the GPU. */
  #next(): tf.Scalar {
    const { activation, loss } = this.#given.problem;
    const { x, y } = this.#batches[this.#at++ % this.#batches.length]!;
    const cost = (): tf.Scalar => {
      let z: tf.Tensor = x;
      for (const [i, { w, b }] of this.#layers.entries()) {
        const dense = { a: z as tf.Tensor2D, b: w as tf.Tensor as tf.Tensor2D, bias: b };
        if (i === this.#layers.length - 1) z = tf.fused.matMul(dense);
        else if (activation === "relu") z = tf.fused.matMul({ ...dense, activation: "relu" });
        else z = tf.tanh(tf.fused.matMul(dense));
      }
      if (loss === "crossEntropy") return tf.losses.softmaxCrossEntropy(y, z) as tf.Scalar;
      return tf.losses.meanSquaredError(y, z) as tf.Scalar;
    };
    return this.#optimizer.minimize(cost, true) as tf.Scalar;
  }

  async first(steps: number): Promise<number[][]> {
    this.#reset();
    const losses: number[][] = [];
    for (let i = 0; i < steps; i++) {
      const cost = this.#next();
      losses.push([...(await cost.data())]);
      cost.dispose();
    }
    return losses;
  }

  readonly run = async (steps: number): Promise<readonly number[]> => {
    const host: number[] = [];
    let last: tf.Scalar | undefined;
    for (let i = 0; i < steps; i++) {
      const start = performance.now();
      last?.dispose();
      last = this.#next();
      host.push(1000 * (performance.now() - start));
    }
    // Reading a parameter waits for all of it; the loss alone would not wait for the last update.
    await Promise.all([last?.data(), this.#layers[0]?.b.data()]);
    last?.dispose();
    return host;
  };

  close(): void {
    tf.dispose([this.#batches.map(({ x, y }) => [x, y]), this.#layers.map(({ w, b }) => [w, b])] as tf.TensorContainer);
    this.#optimizer.dispose();
  }
}
