// jax-js as a contender: the whole step (loss, gradients, Adam) in one jit, over all runs by vmap. Batches lie on the GPU.
import * as jax from "@jax-js/jax";
import { numpy as np, nn } from "@jax-js/jax";
import type { Contender, Given } from "./contender.ts";
import type { Problem } from "./problems.ts";

type Layers = { w: np.Array; b: np.Array }[];
type State = { params: Layers; m: Layers; v: Layers; t: np.Array };

/** Mean loss of a batch for one run. Every use of an array but the last takes a reference: that is jax-js' memory model. */
function lossOf({ activation, loss, batch, widths }: Problem): (params: Layers, x: np.Array, y: np.Array) => np.Array {
  return (params, x, y) => {
    let z = x;
    params.forEach(({ w, b }, i) => {
      if (i > 0) z = activation === "relu" ? nn.relu(z) : np.tanh(z);
      z = np.matmul(z, w).add(b);
    });
    if (loss === "crossEntropy")
      return nn
        .logSoftmax(z)
        .mul(y)
        .sum()
        .mul(-1 / batch);
    return np
      .square(z.sub(y))
      .sum()
      .mul(1 / (batch * (widths.at(-1) as number)));
  };
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const LR = 1e-3;
const EPS = 1e-8;

/** Adam (Kingma & Ba 2015, algorithm 1) on a tree; t counts from 1 and stays on the GPU. */
function adamStep(grads: Layers, { params, m, v, t }: State): State {
  const now = t.add(1);
  const scale1 = np.reciprocal(np.expm1(now.ref.mul(Math.log(BETA1))).mul(-1));
  const scale2 = np.reciprocal(np.expm1(now.ref.mul(Math.log(BETA2))).mul(-1));
  const next: State = { params: [], m: [], v: [], t: now };
  const one = (g: np.Array, p: np.Array, m0: np.Array, v0: np.Array): np.Array[] => {
    const m1 = m0.mul(BETA1).add(g.ref.mul(1 - BETA1));
    const v1 = v0.mul(BETA2).add(np.square(g).mul(1 - BETA2));
    const u = m1.ref.mul(scale1.ref).div(np.sqrt(v1.ref.mul(scale2.ref)).add(EPS));
    return [p.sub(u.mul(LR)), m1, v1];
  };
  grads.forEach((g, i) => {
    const [w, b] = (["w", "b"] as const).map((key) => one(g[key], params[i]![key], m[i]![key], v[i]![key]));
    next.params.push({ w: w![0]!, b: b![0]! });
    next.m.push({ w: w![1]!, b: b![1]! });
    next.v.push({ w: w![2]!, b: b![2]! });
  });
  scale1.dispose();
  scale2.dispose();
  return next;
}

const onGpu = (data: Float32Array<ArrayBuffer>, shape: number[]): np.Array => np.array(data, { shape });

/** Starts of all runs laid one behind the other; for one run without the leading axis. */
function stacked({ problem: { runs, widths }, starts }: Given, pick: "w" | "b", layer: number): np.Array {
  const tensors = starts.map((start) => start[layer]![pick]);
  const size = tensors[0]!.length;
  const all = new Float32Array(runs * size);
  for (const [i, tensor] of tensors.entries()) all.set(tensor, i * size);
  const shape = pick === "w" ? [widths[layer]!, widths[layer + 1]!] : [widths[layer + 1]!];
  return onGpu(all, runs === 1 ? shape : [runs, ...shape]);
}

export async function openJax(): Promise<GPUDevice> {
  const found = await jax.init("webgpu");
  if (!found.includes("webgpu")) throw new Error("jax-js found no WebGPU");
  jax.defaultDevice("webgpu");
  return jax.getWebGPUDevice();
}

export class Jax implements Contender {
  readonly name = "jax-js";
  readonly #given: Given;
  readonly #step: (state: State, x: np.Array, y: np.Array) => [State, np.Array];
  readonly #batches: readonly { x: np.Array; y: np.Array }[];
  #state: State;
  #at = 0;

  constructor(given: Given) {
    this.#given = given;
    const { problem, batches } = given;
    const { runs, batch, widths } = problem;
    const lead = runs === 1 ? [batch] : [runs, batch];
    this.#batches = batches.map(({ x, y }) => ({
      x: onGpu(x as Float32Array<ArrayBuffer>, [...lead, widths[0]!]),
      y: onGpu(y as Float32Array<ArrayBuffer>, [...lead, widths.at(-1)!]),
    }));
    const graded = jax.valueAndGrad(lossOf(problem));
    const each = runs === 1 ? graded : jax.vmap(graded);
    const step = (state: State, x: np.Array, y: np.Array): [State, np.Array] => {
      const [loss, grads] = each(jax.tree.ref(state.params), x, y) as [np.Array, Layers];
      return [adamStep(grads, state), loss];
    };
    this.#step = jax.jit(step) as typeof step;
    this.#state = this.#start();
  }

  #start(): State {
    const { widths } = this.#given.problem;
    const layers = (zero: boolean): Layers =>
      widths.slice(1).map((_, i) => {
        const [w, b] = [stacked(this.#given, "w", i), stacked(this.#given, "b", i)];
        return zero ? { w: np.zerosLike(w), b: np.zerosLike(b) } : { w, b };
      });
    return { params: layers(false), m: layers(true), v: layers(true), t: np.array([0]) };
  }

  #next(): np.Array {
    const { x, y } = this.#batches[this.#at++ % this.#batches.length]!;
    const [state, loss] = this.#step(this.#state, x.ref, y.ref);
    this.#state = state;
    // jax-js records lazily and its lists grow with every step; this submits what is recorded and waits for nothing.
    loss.ref.gpuBufferSync();
    return loss;
  }

  async first(steps: number): Promise<number[][]> {
    jax.tree.dispose(this.#state);
    this.#state = this.#start();
    this.#at = 0;
    const losses: number[][] = [];
    for (let i = 0; i < steps; i++) losses.push([...((await this.#next().data()) as Float32Array)]);
    return losses;
  }

  readonly run = async (steps: number): Promise<readonly number[]> => {
    const host: number[] = [];
    let last: np.Array | undefined;
    for (let i = 0; i < steps; i++) {
      const start = performance.now();
      last?.dispose();
      last = this.#next();
      host.push(1000 * (performance.now() - start));
    }
    await jax.blockUntilReady([this.#state.params, last]);
    await last?.data();
    return host;
  };

  close(): void {
    jax.tree.dispose(this.#state);
    for (const { x, y } of this.#batches) {
      x.dispose();
      y.dispose();
    }
  }
}
