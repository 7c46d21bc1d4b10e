import { expect, test } from "vitest";
import { describeAdapter, requireAdapter } from "../harness/adapter.ts";

test("there is an adapter with a name", async () => {
  expect(describeAdapter(await requireAdapter())).toMatch(/\w+ \((software adapter|real GPU)\)$/);
});

test("a kernel doubles 100 numbers", async () => {
  const device = await (await requireAdapter()).requestDevice();
  const code = /* wgsl */ `
    @group(0) @binding(0) var<storage, read_write> x: array<f32>;
    @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
      if (id.x < arrayLength(&x)) { x[id.x] = 2 * x[id.x]; }
    }`;
  const module = device.createShaderModule({ code });
  const pipeline = await device.createComputePipelineAsync({ layout: "auto", compute: { module } });
  const want = Array.from({ length: 100 }, (_, i) => 2 * i);
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const x = device.createBuffer({ size: 400, usage: STORAGE | COPY_SRC | COPY_DST });
  const out = device.createBuffer({ size: 400, usage: MAP_READ | COPY_DST });
  device.queue.writeBuffer(
    x,
    0,
    Float32Array.from(want, (value) => value / 2),
  );
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  const entries = [{ binding: 0, resource: { buffer: x } }];
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(2);
  pass.end();
  encoder.copyBufferToBuffer(x, 0, out, 0, 400);
  device.queue.submit([encoder.finish()]);
  await out.mapAsync(GPUMapMode.READ);
  expect([...new Float32Array(out.getMappedRange())]).toEqual(want);
  device.destroy();
});
