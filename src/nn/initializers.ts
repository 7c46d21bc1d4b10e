// How parameters start: plain-data specs, and their samples, computed in f64 and rounded to f32 once.
// An element's value depends on (seed, stream, row-major index) alone: never on the arena, the pitch or the other runs.
import { checkInteger, checkKeys, checkNumber, fail, nearest } from "../core/check.ts";
import { normal as standardNormal, streams, uniform as unit } from "../core/random.ts";
import { elements, type Shape } from "../core/shape.ts";

const SCALED = ["glorotUniform", "glorotNormal", "heUniform", "heNormal"] as const;

/** Plain data: a kind and its numbers. What is left out has its default. */
export type Initializer =
  | { readonly kind: "zeros" }
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "uniform"; readonly low: number; readonly high: number }
  | { readonly kind: "normal"; readonly sigma: number; readonly mean?: number }
  | { readonly kind: (typeof SCALED)[number]; readonly gain?: number };

const OPTIONS: Readonly<Record<Initializer["kind"], readonly string[]>> = {
  zeros: [],
  constant: ["value"],
  uniform: ["low", "high"],
  normal: ["sigma", "mean"],
  glorotUniform: ["gain"],
  glorotNormal: ["gain"],
  heUniform: ["gain"],
  heNormal: ["gain"],
};

const F32_MAX = (2 - 2 ** -23) * 2 ** 127;

/** No normal sample is further than this many sigma from the mean (see core/random). */
const REACH = 6.67;

const HE_GAIN = Math.SQRT2;

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
    case "glorotUniform":
    case "glorotNormal":
    case "heUniform":
    case "heNormal":
      checkNumber(where, "gain", init.gain ?? 1, { above: 0, max: F32_MAX / REACH });
      return;
    default:
      init satisfies never;
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
  if (!Object.hasOwn(OPTIONS, given.kind)) {
    const meant = nearest(given.kind, Object.keys(OPTIONS));
    const hint = meant === undefined ? `known are ${Object.keys(OPTIONS).join(", ")}` : `did you mean "${meant}"?`;
    fail(where, `unknown initializer "${given.kind}"`, hint);
  }
  const at = `${where} ${given.kind}`;
  checkKeys(at, given, ["kind", ...OPTIONS[given.kind]]);
  checkNumbers(at, given);
  return given;
}

function made(init: Initializer): Initializer {
  checkNumbers(init.kind, init);
  return init;
}

type Gain = { readonly gain?: number };

function scaled(kind: (typeof SCALED)[number], options: Gain): Initializer {
  checkKeys(kind, options, OPTIONS[kind]);
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

interface Fans {
  /** Numbers that flow into one of the layer's outputs, and out of one of its inputs. */
  readonly fanIn: number;
  readonly fanOut: number;
}

type Draw = (seed: number, stream: number, index: number) => number;

const between = (low: number, high: number): Draw => {
  return (seed, stream, index) => low + (high - low) * unit(seed, stream, 0, index);
};

const around = (mean: number, sigma: number): Draw => {
  return (seed, stream, index) => mean + sigma * standardNormal(seed, stream, 0, index);
};

function drawOf(init: Initializer, { fanIn, fanOut }: Fans): Draw {
  switch (init.kind) {
    case "zeros":
      return () => 0;
    case "constant":
      return () => init.value;
    case "uniform":
      return between(init.low, init.high);
    case "normal":
      return around(init.mean ?? 0, init.sigma);
    case "glorotUniform": {
      const limit = (init.gain ?? 1) * Math.sqrt(6 / (fanIn + fanOut));
      return between(-limit, limit);
    }
    case "glorotNormal":
      return around(0, (init.gain ?? 1) * Math.sqrt(2 / (fanIn + fanOut)));
    case "heUniform": {
      const limit = (init.gain ?? HE_GAIN) * Math.sqrt(3 / fanIn);
      return between(-limit, limit);
    }
    case "heNormal":
      return around(0, (init.gain ?? HE_GAIN) / Math.sqrt(fanIn));
    default:
      return init satisfies never;
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
  const draw = drawOf(init, { fanIn, fanOut });
  const result = new Float32Array(elements(shape));
  for (let index = 0; index < result.length; index++) result[index] = draw(seed, stream, index);
  return result;
}
