import { expect, it } from "vitest";
import drawsWgsl from "../../shaders/lib/draws.wgsl?raw";
import orderWgsl from "../../shaders/lib/order.wgsl?raw";
import randomWgsl from "../../shaders/lib/random.wgsl?raw";
import { draw, order, permutation } from "../../src/core/order.ts";
import { block, gaussian, hash, streams, uniform } from "../../src/core/random.ts";
import { requireAdapter } from "../harness/adapter.ts";

const openDevice = async (): Promise<GPUDevice> => (await requireAdapter()).requestDevice();

/** Evaluates a WGSL expression of q (vec4u) over the questions, one u32 answer each. */
async function answers(device: GPUDevice, expression: string, questions: readonly number[][]): Promise<Uint32Array> {
  const code = `
    @group(0) @binding(0) var<storage, read> questions: array<vec4u>;
    @group(0) @binding(1) var<storage, read_write> results: array<u32>;
    @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) at: vec3u) {
      if (at.x >= arrayLength(&results)) { return; }
      let q = questions[at.x];
      results[at.x] = ${expression};
    }
    ${randomWgsl}
    ${drawsWgsl}
    ${orderWgsl}`;
  const pipeline = await device.createComputePipelineAsync({
    layout: "auto",
    compute: { module: device.createShaderModule({ code }), entryPoint: "main" },
  });
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const input = device.createBuffer({ size: questions.length * 16, usage: STORAGE | COPY_DST });
  const output = device.createBuffer({ size: questions.length * 4, usage: STORAGE | COPY_SRC });
  const staging = device.createBuffer({ size: questions.length * 4, usage: MAP_READ | COPY_DST });
  device.queue.writeBuffer(input, 0, Uint32Array.from(questions.flat()));
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  const entries = [input, output].map((buffer, binding) => ({ binding, resource: { buffer } }));
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(Math.ceil(questions.length / 64));
  pass.end();
  encoder.copyBufferToBuffer(output, 0, staging, 0, questions.length * 4);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const result = new Uint32Array(staging.getMappedRange().slice(0));
  for (const buffer of [input, output, staging]) buffer.destroy();
  return result;
}

const edges = [0, 1, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff];
const keys: number[][] = [
  ...edges.flatMap((a) =>
    edges.flatMap((b) => [
      [a, b, 0, 1],
      [3, a, b, 2],
      [1, 2, a, b],
    ]),
  ),
  ...Array.from({ length: 4096 }, (_, i) => block(i, 5, 6, 7)),
];

it("hash, block and uniform are bit-equal to the CPU's", async () => {
  const device = await openDevice();
  const want = (f: (...q: [number, number, number, number]) => number) =>
    Uint32Array.from(keys.map((q) => f(...(q as [number, number, number, number]))));
  expect(await answers(device, "random_hash(q.x, q.y, q.z, q.w)", keys)).toEqual(want(hash));
  for (const [i, word] of ["x", "y", "z", "w"].entries()) {
    expect(await answers(device, `random_block(q.x, q.y, q.z, q.w).${word}`, keys)).toEqual(
      want((...q) => block(...q)[i] as number),
    );
  }
  const bits = new Float32Array(
    (await answers(device, "bitcast<u32>(random_uniform(q.x, q.y, q.z, q.w))", keys)).buffer,
  );
  expect(bits).toEqual(
    Float32Array.from(
      want((...q) => uniform(...q) * 2 ** 24),
      (v) => v * 2 ** -24,
    ),
  );
  device.destroy();
});

it("random_gaussian is bit-equal", async () => {
  const device = await openDevice();
  const bits = await answers(device, "bitcast<u32>(random_gaussian(q.x, q.y, q.z, q.w))", keys);
  const want = Float32Array.from(keys, (q) => gaussian(...(q as [number, number, number, number])));
  expect(new Float32Array(bits.buffer)).toEqual(want);
  device.destroy();
});

it("order_rank and order_at are bit-equal for every count from 1 to 300 and for large ones", async () => {
  const device = await openDevice();
  const questions: number[][] = [];
  const want: number[] = [];
  for (const [seed, epoch] of [
    [1, 0],
    [2 ** 32 - 1, 77],
  ] as const) {
    for (let count = 1; count <= 300; count++) {
      for (const [position, value] of permutation(count, seed, epoch).entries()) {
        questions.push([position, count, seed, epoch]);
        want.push(value);
      }
    }
  }
  for (const count of [65_535, 65_536, 65_537, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 1]) {
    for (let i = 0; i < 2000; i++) {
      const position = hash(i, count, 0, 0) % count;
      questions.push([position, count, i >>> 8, i & 255]);
      want.push(order(position, count, i >>> 8, i & 255));
    }
  }
  const [few, many] = ["order_rank(q.x, q.y, q.z, q.w)", "order_at(q.x, q.y, order_key(q.z, q.w))"];
  expect(await answers(device, `select(${many}, ${few}, q.y <= ORDER_SORTED)`, questions)).toEqual(
    Uint32Array.from(want),
  );
  device.destroy();
});

it("draw_index is bit-equal", async () => {
  const device = await openDevice();
  const questions = keys.map(([position = 0, count = 0, seed = 0]) => [position, Math.max(1, count), seed, 0]);
  const want = questions.map(([position = 0, count = 0, seed = 0]) => draw(position, count, seed));
  expect(await answers(device, "draw_index(q.x, q.y, q.z)", questions)).toEqual(Uint32Array.from(want));
  device.destroy();
});

it("the reserved streams are the same in both", async () => {
  const device = await openDevice();
  expect([
    ...(await answers(device, "select(ORDER_DRAW_STREAM, ORDER_STREAM, q.x == 0u)", [
      [0, 0, 0, 0],
      [1, 0, 0, 0],
    ])),
  ]).toEqual([streams.order, streams.draw]);
  device.destroy();
});
