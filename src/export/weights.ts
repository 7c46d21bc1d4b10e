// Weights out of and into a model as safetensors: PyTorch's names and orientation, for load_state_dict.
import { fail } from "../core/check.ts";
import { canonical } from "../core/hash.ts";
import { elements, sameShape, showShape } from "../core/shape.ts";
import { sample } from "../nn/initializers.ts";
import type { Layer } from "../nn/layer.ts";
import { decodeSafetensors, encodeSafetensors, type SafeTensor } from "./safetensors.ts";
import { type TorchParameter, torchParameters } from "./torch.ts";

export interface WeightsOptions {
  readonly model: readonly Layer[];
  /** Numbers in one example. */
  readonly features: number;
  /** Plain data to keep in the file: a recipe, a step. */
  readonly about?: Readonly<Record<string, unknown>>;
}

/** [rows, cols] to [cols, rows]. */
function transpose(data: Float32Array, rows: number, cols: number): Float32Array {
  const result = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) result[j * rows + i] = data[i * cols + j] as number;
  return result;
}

const torchShape = ({ shape, transposed }: TorchParameter): readonly number[] =>
  transposed ? [...shape].reverse() : shape;

/**
 * The parameters of a training (`await run.parameters()`: layer1.w is [in, out]) as a safetensors file that a PyTorch
 * nn.Sequential of the same layers loads: "0.weight" is [out, in], numbered as the layers from 0; a residual block's inner
 * layers are "1.layers.0.weight". Throws where a parameter is missing or of another size.
 */
export function toSafetensors(
  parameters: ReadonlyMap<string, Float32Array>,
  { model, features, about = {} }: WeightsOptions,
): Uint8Array<ArrayBuffer> {
  const tensors = torchParameters(model, features).map((at): SafeTensor => {
    const { name, torch, shape, transposed } = at;
    const data = parameters.get(name) ?? fail("safetensors", `there is no parameter ${name}`);
    if (data.length !== elements(shape)) {
      fail("safetensors", `${name} has ${data.length} numbers, expected those of ${showShape(shape)}`);
    }
    const [rows = 1, cols = 1] = shape;
    return { name: torch, shape: torchShape(at), data: transposed ? transpose(data, rows, cols) : data };
  });
  const told = Object.entries(about).map(([name, value]) => [
    name,
    typeof value === "string" ? value : canonical(value),
  ]);
  return encodeSafetensors({ tensors, metadata: { format: "pt", ...Object.fromEntries(told) } });
}

/** Where a seed (u32) starts the parameters of a model: the numbers a training begins with, before its first step. */
export function startOfSeed(model: readonly Layer[], features: number, seed: number): Map<string, Float32Array> {
  return new Map(
    torchParameters(model, features).map(({ name, parameter: { init, shape, fanIn, fanOut, stream } }) => {
      return [name, sample(init, { shape, fanIn, fanOut, seed, stream })];
    }),
  );
}

/** The data of a tensor, turned as ours are; throws, naming it, where it is of another shape or not finite. */
function ownData(at: TorchParameter, found: SafeTensor): Float32Array {
  const { torch, shape, transposed } = at;
  const want = torchShape(at);
  if (!sameShape(found.shape, want)) {
    const turned = sameShape(found.shape, shape) ? "; it is stored [in, out], expected PyTorch's [out, in]" : "";
    fail("safetensors", `${torch} is ${showShape(found.shape)}, the model's is ${showShape(want)}${turned}`);
  }
  const { data } = found;
  if (!(data instanceof Float32Array)) return fail("safetensors", `${torch} holds integers, expected floats`);
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) fail("safetensors", `${torch} has ${data[bad]} at ${bad}, expected finite numbers`);
  const [rows = 1, cols = 1] = want;
  return transposed ? transpose(data, rows, cols) : data;
}

/**
 * The parameters of a model out of a safetensors file, by our names and in our orientation, for `run.begin(parameters)`. Throws,
 * naming the tensor, where one is missing, too many, of another shape, or holds a number that is not finite.
 */
export function fromSafetensors(
  bytes: Uint8Array,
  { model, features }: Omit<WeightsOptions, "about">,
): Map<string, Float32Array> {
  const { tensors } = decodeSafetensors(bytes);
  const named = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const wanted = torchParameters(model, features);
  const names = wanted.map(({ torch }) => torch);
  const other = tensors.find(({ name }) => !names.includes(name));
  if (other) fail("safetensors", `${other.name.slice(0, 80)} is not in the model`, `it has ${names.join(", ")}`);
  return new Map(
    wanted.map((at) => {
      const found = named.get(at.torch) ?? fail("safetensors", `${at.torch} is missing`, "is the model another?");
      return [at.name, ownData(at, found)];
    }),
  );
}
