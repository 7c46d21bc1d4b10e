// Plays cases on WebGPU: many in one submit and one readback, with the pipelines and Params that training has.
import { fail } from "../core/check.ts";
import { unless } from "../core/unless.ts";
import type { WebGpuBackend } from "../backend/webgpu/index.ts";
import { type Launch, launchOf } from "../backend/webgpu/params.ts";
import type { Pipeline } from "../backend/webgpu/pipelines.ts";
import type { Case } from "../kernel/cases.ts";
import type { Rounding } from "../kernel/kernel.ts";
import type { Dispatch } from "../scheduler/plan.ts";
import { STEP_HEADER } from "../scheduler/steps.ts";
import { type Batch, judge, type Outcome, prepare } from "./batch.ts";

const ALIGNMENT = 256;
const align = (bytes: number): number => Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);

export type PipelineOf = (dispatch: Dispatch) => Promise<Pipeline>;

/** Buffers of one play, destroyed together. */
class Buffers {
  readonly #device: GPUDevice;
  readonly #all: GPUBuffer[] = [];

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  make(size: number, usage: number, words?: Uint32Array<ArrayBuffer>): GPUBuffer {
    const buffer = this.#device.createBuffer({ size, usage });
    if (words) this.#device.queue.writeBuffer(buffer, 0, words);
    this.#all.push(buffer);
    return buffer;
  }

  destroy(): void {
    for (const buffer of this.#all) buffer.destroy();
  }
}

/** The steps' slots: t, index, valid, flags and the series' values of every case. */
function stepWords({ cases }: Batch): { words: Uint32Array<ArrayBuffer>; slot: number } {
  const slot = align(4 * (STEP_HEADER + Math.max(...cases.map(({ at }) => at.step.values.length))));
  const words = new Uint32Array((slot / 4) * cases.length);
  const floats = new Float32Array(words.buffer);
  cases.forEach(({ at: { step } }, i) => {
    words.set([step.t, step.index, step.valid, 0], (i * slot) / 4);
    floats.set(step.values, (i * slot) / 4 + STEP_HEADER);
  });
  return { words, slot };
}

/** The grid folded early: the last of its rows is filled up with workgroups that have nothing to do. */
function folded([x, y]: Launch["groups"], fold: number): [number, number] {
  return fold > 0 && y === 1 && x > fold ? [fold, Math.ceil(x / fold)] : [x, y];
}

/** Encodes every case's dispatch. */
function encode(
  batch: Batch,
  pipelines: readonly Pipeline[],
  pass: GPUComputePassEncoder,
  gpu: { device: GPUDevice; buffers: Buffers; data: ReadonlyMap<string, GPUBuffer> },
): void {
  const { device, buffers, data } = gpu;
  const launches = batch.cases.map(({ dispatch }, i) => launchOf(dispatch, pipelines[i] as Pipeline));
  const room = align(Math.max(...launches.map(({ words }) => words.byteLength)));
  const table = new Uint32Array((room / 4) * launches.length);
  for (const [i, { words }] of launches.entries()) table.set(words, (i * room) / 4);
  const { STORAGE, UNIFORM, COPY_DST } = GPUBufferUsage;
  const params = buffers.make(table.byteLength, UNIFORM | COPY_DST, table);
  const { words, slot } = stepWords(batch);
  const steps = buffers.make(words.byteLength, STORAGE | COPY_DST, words);
  const runs = buffers.make(batch.runs.byteLength, STORAGE | COPY_DST, batch.runs);
  batch.cases.forEach(({ at, dispatch }, i) => {
    const { pipeline, layout, bindings } = pipelines[i] as Pipeline;
    const resource = (name: string): GPUBufferBinding => {
      if (name === "params") return { buffer: params, offset: i * room, size: room };
      if (name === "step") return { buffer: steps, size: slot };
      if (name === "runs") return { buffer: runs };
      const binding = dispatch.bindings[name] ?? fail(dispatch.name, `nothing is bound to ${name}`);
      return { buffer: data.get(binding.buffer) as GPUBuffer };
    };
    const entries = bindings.map(({ name }, binding) => ({ binding, resource: resource(name) }));
    pass.setPipeline(pipeline);
    const stepped = bindings.some(({ name }) => name === "step");
    pass.setBindGroup(0, device.createBindGroup({ layout, entries }), stepped ? [i * slot] : []);
    pass.dispatchWorkgroups(...folded((launches[i] as Launch).groups, at.fold));
  });
}

/** Plays a batch on the GPU: the bits of every buffer it writes. Throws on any validation error. */
export async function play(
  backend: WebGpuBackend,
  batch: Batch,
  pipelineOf: PipelineOf,
): Promise<Map<string, Uint32Array>> {
  const { device } = backend;
  const pipelines = await Promise.all(batch.cases.map(({ dispatch }) => pipelineOf(dispatch)));
  const buffers = new Buffers(device);
  const { STORAGE, COPY_DST, COPY_SRC, MAP_READ } = GPUBufferUsage;
  device.pushErrorScope("validation");
  const data = new Map<string, GPUBuffer>();
  for (const [name, { words, part }] of batch.buffers) {
    if (!part) data.set(name, buffers.make(words.byteLength, STORAGE | COPY_DST | COPY_SRC, words));
  }
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  encode(batch, pipelines, pass, { device, buffers, data });
  pass.end();
  const sizes = batch.written.map((name) => (data.get(name) as GPUBuffer).size);
  const staging = buffers.make(
    sizes.reduce((total, size) => total + size, 0),
    COPY_DST | MAP_READ,
  );
  let offset = 0;
  batch.written.forEach((name, i) => {
    encoder.copyBufferToBuffer(data.get(name) as GPUBuffer, 0, staging, offset, sizes[i] as number);
    offset += sizes[i] as number;
  });
  device.queue.submit([encoder.finish()]);
  const invalid = device.popErrorScope();
  await unless(staging.mapAsync(GPUMapMode.READ), backend.lost);
  const error = await invalid;
  if (error) fail("validate", error.message, "this is an error of the engine or of the case's sizes");
  const all = new Uint32Array(staging.getMappedRange().slice(0));
  buffers.destroy();
  offset = 0;
  const results = batch.written.map((name, i): [string, Uint32Array] => {
    const words = (sizes[i] as number) / 4;
    offset += words;
    return [name, all.subarray(offset - words, offset)];
  });
  return new Map(results);
}

/** Elements that go into one submit, by a rough count; a case of its own where one alone is larger. */
const MOST = 2 ** 19;

const weight = ({ runs, slices, sizes }: Case): number =>
  runs.count * slices * Math.max(64, ...Object.values(sizes)) +
  Object.values(sizes).reduce((product, n) => product * Math.max(1, n), 1);

function chunks(cases: readonly Case[]): Case[][] {
  const result: Case[][] = [];
  let room = 0;
  for (const at of cases) {
    if (room < weight(at) || (result.at(-1)?.length ?? 0) >= 256) {
      result.push([]);
      room = MOST;
    }
    result.at(-1)?.push(at);
    room -= weight(at);
  }
  return result;
}

/** Plays cases on the GPU and compares every output with its reference: an outcome a case, in order. */
export async function runCases(
  backend: WebGpuBackend,
  cases: readonly Case[],
  rounding: Rounding,
  pipelineOf: PipelineOf = (dispatch) => backend.pipelines.get(dispatch),
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const chunk of chunks(cases)) {
    const batch = prepare(chunk, rounding);
    outcomes.push(...judge(batch, await play(backend, batch, pipelineOf)));
  }
  return outcomes;
}
