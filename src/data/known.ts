// Made-up sets whose answer is known: a linear function, and a network (the teacher) for another to learn.
// Parameters are rounded to f32 before they answer, so that a model that has them answers the same to f32 rounding.
import { checkInteger, checkNumber, fail } from "../core/check.ts";
import { normal, streams } from "../core/random.ts";
import { type Dataset, dataset } from "./dataset.ts";
import { common, type SyntheticOptions } from "./synthetic.ts";

/** x [count, features]: standard normal, x_ij = normal(seed, points, j, i). */
function inputs(seed: number, count: number, features: number): Float32Array {
  return Float32Array.from({ length: count * features }, (_, at) =>
    normal(seed, streams.points, at % features, Math.floor(at / features)),
  );
}

/** `size` draws from N(0, deviation^2), rounded to f32: part p of a truth is normal(seed, truth, p, index). */
const drawn = (seed: number, part: number, size: number, deviation: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => deviation * normal(seed, streams.truth, part, i));

export interface LinearDataOptions extends SyntheticOptions {
  /** Width of x; 8 by default, or as many as `weights`. */
  readonly features?: number;
  /** The truth; by default drawn by the seed from a standard normal, as is the bias. */
  readonly weights?: readonly number[];
  readonly bias?: number;
}

/** The truth of {@link linearData} under the names that `[linear(1)]` gives its parameters: layer1.w [features, 1], layer1.b [1]. */
export function linearParameters({
  features,
  weights,
  bias,
  seed = 0,
}: LinearDataOptions = {}): Map<string, Float32Array> {
  const width = checkInteger("linear", "features", features ?? weights?.length ?? 8, { min: 1 });
  if (weights && weights.length !== width) fail("linear", `there are ${weights.length} weights for ${width} features`);
  for (const [i, weight] of (weights ?? []).entries()) checkNumber("linear", `weights[${i}]`, weight);
  if (bias !== undefined) checkNumber("linear", "bias", bias);
  return new Map([
    ["layer1.w", weights ? Float32Array.from(weights) : drawn(seed, 0, width, 1)],
    ["layer1.b", bias === undefined ? drawn(seed, 1, 1, 1) : Float32Array.of(bias)],
  ]);
}

/**
 * Regression on a linear function: y = x w + b + noise n, x and n standard normal. 8 features, noise 0.1. The answer is
 * {@link linearParameters} of the same options; without noise the least loss is 0, with it noise^2.
 */
export function linearData(options: LinearDataOptions = {}): Dataset {
  const { count, noise, seed, split } = common("linear", options, 0.1, ["features", "weights", "bias"]);
  const truth = linearParameters({ ...options, seed });
  const [w, b] = [truth.get("layer1.w"), truth.get("layer1.b")] as [Float32Array, Float32Array];
  const features = w.length;
  const x = inputs(seed, count, features);
  const y = Float32Array.from({ length: count }, (_, i) => {
    const answer = w.reduce((sum, weight, j) => sum + weight * (x[i * features + j] ?? 0), b[0] ?? 0);
    return answer + noise * normal(seed, streams.noise, 0, i);
  });
  return dataset({ name: "linear", x, y, outputs: 1, seed, ...(split && { split }) });
}

export interface TeacherOptions extends SyntheticOptions {
  /** Width of x; 8 by default. */
  readonly features?: number;
  /** Hidden units of the teacher; 16 by default. */
  readonly hidden?: number;
  /** Width of the target; 1 by default. */
  readonly outputs?: number;
  /** Classification instead: the label is the largest of so many outputs. */
  readonly classes?: number;
}

function widths({ features = 8, hidden = 16, outputs = 1, classes }: TeacherOptions): [number, number, number] {
  if (classes !== undefined) checkInteger("teacher", "classes", classes, { min: 2 });
  return [
    checkInteger("teacher", "features", features, { min: 1 }),
    checkInteger("teacher", "hidden", hidden, { min: 1 }),
    classes ?? checkInteger("teacher", "outputs", outputs, { min: 1 }),
  ];
}

/**
 * The teacher under the names that `[linear(hidden), tanh(), linear(outputs)]` gives its parameters, each [in, out]: weights from
 * N(0, 1 / in), biases from N(0, 1/100).
 */
export function teacherParameters(options: TeacherOptions = {}): Map<string, Float32Array> {
  const { seed = 0 } = options;
  const [features, hidden, outputs] = widths(options);
  return new Map([
    ["layer1.w", drawn(seed, 0, features * hidden, features ** -0.5)],
    ["layer1.b", drawn(seed, 1, hidden, 0.1)],
    ["layer3.w", drawn(seed, 2, hidden * outputs, hidden ** -0.5)],
    ["layer3.b", drawn(seed, 3, outputs, 0.1)],
  ]);
}

/** x w + b for one row. */
function layer(x: ArrayLike<number>, w: Float32Array, b: Float32Array): Float64Array {
  return Float64Array.from(b, (bias, k) => {
    let sum = bias;
    for (let j = 0; j < x.length; j++) sum += (x[j] ?? 0) * (w[j * b.length + k] ?? 0);
    return sum;
  });
}

const largest = (values: Float64Array): number => values.indexOf(Math.max(...values));

/**
 * What a network (the teacher) says of standard normal x: y = tanh(x w1 + b1) w2 + b2 + noise n, in f64; or with `classes` the
 * largest of these. 8 features, 16 hidden units, 1 output, no noise. The answer is {@link teacherParameters} of the same options: a
 * student of its shape can reach a loss of noise^2, and, hidden units being interchangeable, in more than one way.
 */
export function teacher(options: TeacherOptions = {}): Dataset {
  const { count, noise, seed, split } = common("teacher", options, 0, ["features", "hidden", "outputs", "classes"]);
  if (options.classes !== undefined && options.outputs !== undefined) {
    fail("teacher", "outputs and classes are both given", "leave one of them out");
  }
  const [features, , outputs] = widths(options);
  const [w1, b1, w2, b2] = [...teacherParameters({ ...options, seed }).values()] as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const x = inputs(seed, count, features);
  const answers = Array.from({ length: count }, (_, i) => {
    const hidden = layer(x.subarray(i * features, (i + 1) * features), w1, b1).map(Math.tanh);
    return layer(hidden, w2, b2).map((value, k) => value + noise * normal(seed, streams.noise, k, i));
  });
  const y =
    options.classes === undefined
      ? Float32Array.from(answers.flatMap((row) => [...row]))
      : Uint32Array.from(answers, largest);
  return dataset({ name: "teacher", x, y, outputs, seed, ...(split && { split }) });
}
