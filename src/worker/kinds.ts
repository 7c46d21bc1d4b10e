// The kinds a worker can build from plain data. Listed by value: a bundler keeps only modules whose exports are used.
import {
  crossEntropy,
  flatten,
  gelu,
  linear,
  meanSquaredError,
  relu,
  residual,
  sequential,
  sigmoid,
  tanh,
} from "../nn/index.ts";
import { clipByGlobalNorm, descend, momentum, scaleByAdam, weightDecay } from "../optim/index.ts";
import { blobs, circles, type Dataset, digits, moons, spirals, xor } from "../data/index.ts";
import { checkKeys, fail, nearest } from "../core/check.ts";
import type { DataSpec, Job } from "./protocol.ts";

const layers = { linear, relu, tanh, sigmoid, gelu, flatten, residual, sequential };
const losses = { crossEntropy, meanSquaredError };
const rules = { momentum, adam: scaleByAdam, weightDecay, clipByGlobalNorm, descend };

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

/** Throws for a layer, loss or rule that this worker does not hold. */
export function checkKinds({ model, loss, optimizer }: Pick<Job, "model" | "loss" | "optimizer">): void {
  for (const { kind } of model) checkKnown("layer", kind, layers);
  checkKnown("loss", loss.kind, losses);
  const links = [optimizer, ...(optimizer.groups ?? [])].flatMap((part) => part.links);
  for (const { rule } of links) checkKnown("rule", rule, rules);
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
