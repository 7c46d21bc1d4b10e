// The numeric fingerprint of an adapter: what it does where WGSL's accuracy table leaves it a choice. Measured, not looked up.
import wgsl from "../../shaders/validate/probe.wgsl?raw";
import { hash, uniform } from "../core/random.ts";
import type { WebGpuBackend } from "../backend/webgpu/index.ts";
import type { Rounding } from "../kernel/kernel.ts";

export interface Fingerprint {
  /** Sums and products are rounded to nearest: then a rounding costs 2^-24, else 2^-23. */
  readonly nearest: boolean;
  /** a b - c becomes one operation. */
  readonly contracts: boolean;
  /** fma() rounds once; otherwise the product is rounded before the sum. */
  readonly fused: boolean;
  /** A subnormal operand counts as 0. */
  readonly flushes: boolean;
  readonly copiesSubnormals: boolean;
  /** max(NaN, 0) is NaN. */
  readonly maxKeepsNan: boolean;
  /** x != x is true of NaN; where it is not, only the bits tell. */
  readonly seesNan: boolean;
  /** Worst of exp on [-87, 88] in units of the last place; of log on [0.5, 2] and tanh on [-20, 20], absolute. */
  readonly exp: number;
  readonly log: number;
  readonly tanh: number;
  /** Workgroup barriers order a workgroup's memory. */
  readonly barriers: boolean;
  /** Threads of a subgroup, least and most; undefined where the browser does not say. */
  readonly subgroup: readonly [number, number] | undefined;
  readonly rounding: Rounding;
}

const SAMPLES = 4096;
const FIELDS = 8;
const LANES = 64;

function sampleData(): Float32Array<ArrayBuffer> {
  const data = new Float32Array(SAMPLES * FIELDS);
  for (let i = 0; i < SAMPLES; i++) {
    const draw = (stream: number) => uniform(1, stream, 0, i);
    const [a, b] = [0, 1].map((stream) =>
      Math.fround((draw(stream) - 0.5) * 2 ** ((hash(2, stream, 0, i) % 16) - 8)),
    ) as [number, number];
    data.set([a, b, Math.fround(a * b), 175 * draw(3) - 87, 0.5 + 1.5 * draw(4), 40 * draw(5) - 20, a, b], i * FIELDS);
  }
  return data;
}

/** Bytes out of the probe: the samples' results, then the marks. */
async function measure(device: GPUDevice, samples: Float32Array<ArrayBuffer>): Promise<ArrayBuffer> {
  const module = device.createShaderModule({ code: wgsl, label: "probe" });
  const pipeline = await device.createComputePipelineAsync({ layout: "auto", compute: { module } });
  const { STORAGE, COPY_DST, COPY_SRC, MAP_READ } = GPUBufferUsage;
  const special = new Uint32Array([0x7fc00000, 71362, 0x3f800000, 0]);
  const sizes = [samples.byteLength, special.byteLength, samples.byteLength, 16];
  const buffers = sizes.map((size) => device.createBuffer({ size, usage: STORAGE | COPY_DST | COPY_SRC }));
  const [input, specials, results, marks] = buffers as [GPUBuffer, GPUBuffer, GPUBuffer, GPUBuffer];
  const staging = device.createBuffer({ size: results.size + marks.size, usage: COPY_DST | MAP_READ });
  device.queue.writeBuffer(input, 0, samples);
  device.queue.writeBuffer(specials, 0, special);
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(SAMPLES / LANES);
  pass.end();
  encoder.copyBufferToBuffer(results, 0, staging, 0, results.size);
  encoder.copyBufferToBuffer(marks, 0, staging, results.size, marks.size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const bytes = staging.getMappedRange().slice(0);
  for (const buffer of [...buffers, staging]) buffer.destroy();
  return bytes;
}

const ulp = (value: number): number => 2 ** (Math.max(-126, Math.floor(Math.log2(Math.abs(value)))) - 23);

/** What the wheel holds after eight turns. */
function turned(lane: number): number {
  let at = lane;
  for (let turn = 7; turn >= 0; turn--) at = (at + 9 * turn + 1) % LANES;
  return at;
}

/** Measures the adapter of a backend, once: well under a second, most of it compiling. */
export async function fingerprint({ device }: WebGpuBackend): Promise<Fingerprint> {
  const samples = sampleData();
  const bytes = await measure(device, samples);
  const floats = new Float32Array(bytes, 0, SAMPLES * FIELDS);
  const words = new Uint32Array(bytes, 0, SAMPLES * FIELDS);
  const marks = new Uint32Array(bytes, floats.byteLength, 4);
  const found = { nearest: true, contracts: false, fused: false, barriers: true, exp: 0, log: 0, tanh: 0 };
  for (let i = 0; i < SAMPLES; i++) {
    const [a, b, , x, y, z] = samples.subarray(i * FIELDS, i * FIELDS + FIELDS) as unknown as number[] as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const [sum, product, remainder, once, exponential, logarithm, tangent] = floats.subarray(
      i * FIELDS,
    ) as unknown as number[];
    if (sum !== Math.fround(a + b) || product !== Math.fround(a * b)) found.nearest = false;
    if (remainder !== 0) found.contracts = true;
    if (once !== 0) found.fused = true;
    found.exp = Math.max(found.exp, Math.abs(exponential! - Math.exp(x)) / ulp(Math.exp(x)));
    found.log = Math.max(found.log, Math.abs(logarithm! - Math.log(y)));
    found.tanh = Math.max(found.tanh, Math.abs(tangent! - Math.tanh(z)));
    if (words[i * FIELDS + 7] !== i - (i % LANES) + turned(i % LANES)) found.barriers = false;
  }
  const { subgroupMinSize, subgroupMaxSize } = device.adapterInfo as {
    subgroupMinSize?: number;
    subgroupMaxSize?: number;
  };
  return {
    ...found,
    flushes: marks[0] === 0,
    copiesSubnormals: marks[1] === 71362,
    maxKeepsNan: ((marks[2] as number) & 0x7fffffff) > 0x7f800000,
    seesNan: marks[3] === 1,
    subgroup: subgroupMinSize && subgroupMaxSize ? [subgroupMinSize, subgroupMaxSize] : undefined,
    rounding: { u: found.nearest ? 2 ** -24 : 2 ** -23 },
  };
}

/** The fingerprint in one line. */
export function describe(of: Fingerprint): string {
  const [least, most] = of.subgroup ?? [];
  return [
    of.nearest ? "rounds to nearest" : "does not round to nearest",
    of.contracts ? "contracts multiply-adds" : "contracts nothing",
    of.fused ? "fma rounds once" : "fma rounds twice",
    of.flushes ? "flushes subnormals" : "keeps subnormals",
    ...(of.copiesSubnormals ? [] : ["even in copies"]),
    of.maxKeepsNan ? "max keeps NaN" : "max drops NaN",
    of.seesNan ? "x != x sees NaN" : "x != x is folded",
    `exp ${of.exp.toFixed(1)} ULP`,
    `log ${of.log.toExponential(1)}`,
    `tanh ${of.tanh.toExponential(1)}`,
    of.barriers ? "barriers hold" : "BARRIERS DO NOT HOLD",
    of.subgroup ? `subgroups of ${least === most ? least : `${least} to ${most}`}` : "subgroups unknown",
  ].join(", ");
}
