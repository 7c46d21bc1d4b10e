// The kinds a worker can build from plain data. Listed by value: a bundler keeps only modules whose exports are used.
import {
  constantInit,
  crossEntropy,
  dropout,
  elu,
  flatten,
  gelu,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  leakyRelu,
  lecunNormal,
  lecunUniform,
  linear,
  meanSquaredError,
  normal,
  orthogonal,
  relu,
  residual,
  selu,
  sequential,
  sigmoid,
  silu,
  softplus,
  tanh,
  uniform,
  zeros,
} from "../nn/index.ts";
import {
  chebyshev,
  clipByGlobalNorm,
  constantFactor,
  constantSchedule,
  cosine,
  cosineRestarts,
  cyclic,
  descend,
  exponentialDecay,
  inverseSqrt,
  inverseTime,
  linearSchedule,
  momentum,
  multiStepDecay,
  piecewise,
  plateau,
  polynomialDecay,
  productSchedule,
  rex,
  sampled,
  scaleByAdam,
  sequentialSchedule,
  stepDecay,
  warmup,
  weightDecay,
  wsd,
} from "../optim/index.ts";
import { blobs, circles, type Dataset, digits, moons, spirals, xor } from "../data/index.ts";
import { checkKeys, fail, nearest } from "../core/check.ts";
import type { DataSpec, Job } from "./protocol.ts";

const activations = { relu, leakyRelu, elu, selu, gelu, silu, softplus, sigmoid, tanh };
const layers = { linear, ...activations, dropout, flatten, residual, sequential };
const scaled = { glorotUniform, glorotNormal, heUniform, heNormal, lecunUniform, lecunNormal, orthogonal };
const initializers = { zeros, constant: constantInit, uniform, normal, ...scaled };
const losses = { crossEntropy, meanSquaredError };
const rules = { momentum, adam: scaleByAdam, weightDecay, clipByGlobalNorm, descend };
/** By kind. */
const schedules = {
  constant: constantSchedule,
  sampled,
  linear: linearSchedule,
  polynomial: polynomialDecay,
  rex,
  cosine,
  cosineRestarts,
  step: stepDecay,
  multiStep: multiStepDecay,
  constantFactor,
  exponential: exponentialDecay,
  inverseTime,
  inverseSqrt,
  piecewise,
  cyclic,
  warmup,
  sequential: sequentialSchedule,
  product: productSchedule,
  wsd,
  chebyshev,
  plateau,
};

function checkKnown(what: string, name: string, known: object): void {
  if (Object.hasOwn(known, name)) return;
  const names = Object.keys(known);
  const meant = nearest(name, names);
  fail(
    "start",
    `unknown ${what} "${name}"`,
    meant === undefined ? `known are ${names.join(", ")}` : `did you mean "${meant}"?`,
  );
}

/** Throws for a layer, loss, rule or schedule that this worker does not hold. */
export function checkKinds({ model, loss, optimizer }: Pick<Job, "model" | "loss" | "optimizer">): void {
  for (const { kind, init, bias } of model) {
    checkKnown("layer", kind, layers);
    for (const start of [init, bias]) {
      if (typeof start === "object" && start !== null && "kind" in start)
        checkKnown("initializer", String(start.kind), initializers);
    }
  }
  checkKnown("loss", loss.kind, losses);
  for (const { rule, options } of [optimizer, ...(optimizer.groups ?? [])].flatMap((part) => part.links)) {
    checkKnown("rule", rule, rules);
    for (const value of Object.values(options)) {
      if (typeof value === "object") checkKnown("schedule", value.kind, schedules);
    }
  }
}

const planes = { spirals, moons, circles, blobs, xor };

/** The data set of a spec. Rejects for an unknown kind or option, and for digits that cannot be fetched. */
export async function dataOf(spec: DataSpec): Promise<Dataset> {
  if (spec.kind === "digits") {
    checkKeys("digits", spec, ["kind", "source", "size"]);
    return digits({ source: spec.source, size: spec.size });
  }
  const { kind, ...options } = spec;
  const make = Object.hasOwn(planes, kind) ? planes[kind] : undefined;
  if (!make) fail("data", `"${kind}" is unknown, expected digits, ${Object.keys(planes).join(", ")}`);
  return make(options);
}
