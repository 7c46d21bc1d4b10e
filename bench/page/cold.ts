// A cold start: from the call that begins a training, on a device just opened in a browser just started, to its first loss.
import { openWebGpu } from "../../src/backend/webgpu/index.ts";
import { uniform } from "../../src/core/random.ts";
import { train } from "../../src/train/train.ts";
import { type ColdResult, roundsOf } from "../result.ts";
import { batchesOf, type Contender, type Given, type Start } from "./contender.ts";
import { MEDIUM, type Problem, taskOf } from "./problems.ts";

/** Starts of about the right size. Made here, so that no device has worked before the clock starts. */
function startsOf({ widths }: Problem): Start[] {
  const made = (length: number, fanIn: number): Float32Array => {
    return Float32Array.from({ length }, (_, i) => (2 * uniform(1, 1, fanIn, i) - 1) / Math.sqrt(fanIn));
  };
  return widths.slice(1).map((width, i) => {
    const fanIn = widths[i] as number;
    return { w: made(fanIn * width, fanIn), b: made(width, fanIn) };
  });
}

/** Labels of the pipelines made from here on. */
function watchPipelines(): string[] {
  const labels: string[] = [];
  const { prototype } = GPUDevice;
  const { createComputePipeline: make, createComputePipelineAsync: makeAsync } = prototype;
  prototype.createComputePipeline = function (given) {
    labels.push(given.label ?? "");
    return make.call(this, given);
  };
  prototype.createComputePipelineAsync = function (given) {
    labels.push(given.label ?? "");
    return makeAsync.call(this, given);
  };
  return labels;
}

const result = (name: string, millis: number, labels: readonly string[]): ColdResult => ({
  name,
  problem: MEDIUM.name,
  millis: roundsOf([millis]),
  pipelines: labels.map((label, i) => label || `pipeline ${i + 1}`),
});

export async function coldOurs(): Promise<ColdResult> {
  const backend = await openWebGpu();
  const { data, model, loss } = taskOf(MEDIUM);
  const labels = watchPipelines();
  const start = performance.now();
  // One step a submit: the first loss is then the first step's.
  const { batch, optimizer } = MEDIUM;
  const training = train(backend, { data, model, loss, optimizer, batch, steps: 1, stepsPerSubmit: 1 });
  await training.finish();
  const millis = performance.now() - start;
  // Waits for the planned pipelines, so that all are listed.
  await training.profile();
  return result("fall-line", millis, labels);
}

async function coldPeer(open: () => Promise<(given: Given) => Contender>): Promise<ColdResult> {
  const make = await open();
  const given: Given = {
    problem: MEDIUM,
    starts: [startsOf(MEDIUM)],
    batches: batchesOf(MEDIUM, taskOf(MEDIUM).data).slice(0, 1),
  };
  const labels = watchPipelines();
  const start = performance.now();
  const contender = make(given);
  await contender.run(1);
  return result(contender.name, performance.now() - start, labels);
}

export const coldJax = (): Promise<ColdResult> =>
  coldPeer(async () => {
    const { Jax, openJax } = await import("./jax.ts");
    await openJax();
    return (given) => new Jax(given);
  });

export const coldTfjs = (): Promise<ColdResult> =>
  coldPeer(async () => {
    const { openTfjs, Tfjs } = await import("./tfjs.ts");
    await openTfjs();
    return (given) => new Tfjs(given);
  });
