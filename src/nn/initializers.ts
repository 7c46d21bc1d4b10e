// How parameters start: plain-data specs, and their samples, computed in f64 and rounded to f32 once.
// An element's value depends on (seed, stream, row-major index) alone (and, where rows are made orthogonal, on the other
// elements of its tensor): never on the arena, the pitch or the other runs.
import { checkInteger, checkKeys, checkNumber, fail, nearest } from "../core/check.ts";
import { normal as standardNormal, streams, uniform as unit } from "../core/random.ts";
import { elements, type Shape } from "../core/shape.ts";

interface Fans {
  /** Numbers that flow into one of the layer's outputs, and out of one of its inputs. */
  readonly fanIn: number;
  readonly fanOut: number;
}

const before = ({ fanIn }: Fans): number => fanIn;
const between = ({ fanIn, fanOut }: Fans): number => (fanIn + fanOut) / 2;

/** Variance gain^2 / fan: of which fan, the usual gain, and whether uniform in +-sqrt(3 variance) or normal. */
const SCALED = {
  glorotUniform: { fan: between, gain: 1, even: true },
  glorotNormal: { fan: between, gain: 1, even: false },
  heUniform: { fan: before, gain: Math.SQRT2, even: true },
  heNormal: { fan: before, gain: Math.SQRT2, even: false },
  lecunUniform: { fan: before, gain: 1, even: true },
  lecunNormal: { fan: before, gain: 1, even: false },
} as const;
type Scaled = keyof typeof SCALED;

/** Plain data: a kind and its numbers. What is left out has its default. */
export type Initializer =
  | { readonly kind: "zeros" }
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "uniform"; readonly low: number; readonly high: number }
  | { readonly kind: "normal"; readonly sigma: number; readonly mean?: number }
  | { readonly kind: Scaled | "orthogonal"; readonly gain?: number };

const GAIN = ["gain"] as const;

/** The options of every kind that is there: those beyond elementwise draws come with their modules. */
const options = new Map<string, readonly string[]>([
  ["zeros", []],
  ["constant", ["value"]],
  ["uniform", ["low", "high"]],
  ["normal", ["sigma", "mean"]],
  ...Object.keys(SCALED).map((kind): [string, readonly string[]] => [kind, GAIN]),
]);

type Whole = (gain: number, shape: Shape, draw: (index: number) => number) => Float32Array<ArrayBuffer>;
const wholes = new Map<string, Whole>();

/** Enters a kind that makes a tensor as a whole, from a gain and standard normal numbers by index. */
export function defineInitializer(kind: string, whole: Whole): void {
  options.set(kind, GAIN);
  wholes.set(kind, whole);
}

const F32_MAX = (2 - 2 ** -23) * 2 ** 127;

/** No normal sample is further than this many sigma from the mean (see core/random). */
const REACH = 6.67;

function checkNumbers(where: string, init: Initializer): void {
  const range = { min: -F32_MAX, max: F32_MAX };
  switch (init.kind) {
    case "zeros":
      return;
    case "constant":
      checkNumber(where, "value", init.value, range);
      return;
    case "uniform":
      checkNumber(where, "low", init.low, range);
      checkNumber(where, "high", init.high, { min: init.low, max: F32_MAX });
      return;
    case "normal": {
      const mean = checkNumber(where, "mean", init.mean ?? 0, range);
      checkNumber(where, "sigma", init.sigma, { min: 0, max: (F32_MAX - Math.abs(mean)) / REACH });
      return;
    }
    default:
      checkNumber(where, "gain", init.gain ?? 1, { above: 0, max: F32_MAX / REACH });
  }
}

/**
 * `value` as an initializer, or an error: an unknown kind (with the likeliest one), an unknown option, a number out of range.
 * Ranges are such that every sample is finite in f32.
 */
export function checkInitializer(where: string, value: unknown): Initializer {
  const given = value as Initializer | null | undefined;
  if (typeof given !== "object" || given === null || typeof given.kind !== "string") {
    return fail(where, `${JSON.stringify(value)} is no initializer`, "use heUniform(), normal(0.02), zeros() ...");
  }
  const known = options.get(given.kind);
  if (!known) {
    const meant = nearest(given.kind, options.keys());
    const hint = meant === undefined ? `known are ${[...options.keys()].join(", ")}` : `did you mean "${meant}"?`;
    return fail(where, `unknown initializer "${given.kind}"`, hint);
  }
  const at = `${where} ${given.kind}`;
  checkKeys(at, given, ["kind", ...known]);
  checkNumbers(at, given);
  return given;
}

function made(init: Initializer): Initializer {
  checkNumbers(init.kind, init);
  return init;
}

type Gain = { readonly gain?: number };

function scaled(kind: Scaled, options: Gain): Initializer {
  checkKeys(kind, options, GAIN);
  return made({ kind, ...options });
}

/** All 0. */
export const zeros = (): Initializer => ({ kind: "zeros" });

/** All `value`. For biases: weights that start equal stay equal. */
export const constantInit = (value: number): Initializer => made({ kind: "constant", value });

/** Uniform between low and high: low + (high - low) v, v in [0, 1). After rounding to f32 a sample may equal high. */
export const uniform = (low: number, high: number): Initializer => made({ kind: "uniform", low, high });

/** Normal with standard deviation `sigma` around `mean` (0); not truncated, no sample further than 6.67 sigma away. */
export function normal(sigma: number, options: { readonly mean?: number } = {}): Initializer {
  checkKeys("normal", options, ["mean"]);
  return made({ kind: "normal", sigma, ...options });
}

/**
 * Uniform in +-gain sqrt(6 / (in + out)): Glorot & Bengio 2010, eq. 16; for tanh and sigmoid. Gain 1; PyTorch's
 * xavier_uniform_, Keras' default.
 */
export const glorotUniform = (options: Gain = {}): Initializer => scaled("glorotUniform", options);

/** Normal, sigma = gain sqrt(2 / (in + out)): Glorot & Bengio 2010, eq. 12. Gain 1; PyTorch's xavier_normal_. */
export const glorotNormal = (options: Gain = {}): Initializer => scaled("glorotNormal", options);

/** Uniform in +-gain sqrt(3 / in): the variance of He et al. 2015, eq. 10. Gain sqrt(2), for relu; PyTorch's kaiming_uniform_. */
export const heUniform = (options: Gain = {}): Initializer => scaled("heUniform", options);

/** Normal, sigma = gain / sqrt(in): He et al. 2015, eq. 10. Gain sqrt(2), for relu; PyTorch's kaiming_normal_ (not truncated). */
export const heNormal = (options: Gain = {}): Initializer => scaled("heNormal", options);

/** Uniform in +-gain sqrt(3 / in): the variance of LeCun et al. 1998, section 4.6. Gain 1; JAX's and Keras' lecun_uniform. */
export const lecunUniform = (options: Gain = {}): Initializer => scaled("lecunUniform", options);

/** Normal, sigma = gain / sqrt(in): LeCun et al. 1998; for selu. Gain 1; JAX's and Keras' lecun_normal, but not truncated. */
export const lecunNormal = (options: Gain = {}): Initializer => scaled("lecunNormal", options);

type Draw = (seed: number, stream: number, index: number) => number;

const evenly = (low: number, high: number): Draw => {
  return (seed, stream, index) => low + (high - low) * unit(seed, stream, 0, index);
};

const around = (mean: number, sigma: number): Draw => {
  return (seed, stream, index) => mean + sigma * standardNormal(seed, stream, 0, index);
};

function drawOf(init: Initializer, fans: Fans): Draw {
  switch (init.kind) {
    case "zeros":
      return () => 0;
    case "constant":
      return () => init.value;
    case "uniform":
      return evenly(init.low, init.high);
    case "normal":
      return around(init.mean ?? 0, init.sigma);
    default: {
      const { fan, gain, even } = SCALED[init.kind as Scaled];
      const sigma = init.gain ?? gain;
      if (!even) return around(0, sigma / Math.sqrt(fan(fans)));
      const limit = sigma * Math.sqrt(3 / fan(fans));
      return evenly(-limit, limit);
    }
  }
}

export interface SampleOptions extends Fans {
  readonly shape: Shape;
  /** The run's init seed, u32. */
  readonly seed: number;
  /** The parameter's running number in the model. */
  readonly stream: number;
}

/**
 * A parameter's start: f32, `elements(shape)` numbers in logical row-major order, without pitch. A function of the spec, the
 * fans, seed, stream and the element's index. Throws for a bad spec, fans below 1, a seed that is no u32, a reserved stream.
 */
export function sample(init: Initializer, options: SampleOptions): Float32Array<ArrayBuffer> {
  const { shape, fanIn, fanOut, seed, stream } = options;
  checkInitializer("sample", init);
  checkInteger("sample", "fanIn", fanIn, { min: 1 });
  checkInteger("sample", "fanOut", fanOut, { min: 1 });
  checkInteger("sample", "seed", seed, { min: 0, max: 2 ** 32 - 1 });
  checkInteger("sample", "stream", stream, { min: 0, below: streams.order });
  const whole = wholes.get(init.kind);
  if (whole) return whole((init as Gain).gain ?? 1, shape, (index) => standardNormal(seed, stream, 0, index));
  const draw = drawOf(init, { fanIn, fanOut });
  const result = new Float32Array(elements(shape));
  for (let index = 0; index < result.length; index++) result[index] = draw(seed, stream, index);
  return result;
}
