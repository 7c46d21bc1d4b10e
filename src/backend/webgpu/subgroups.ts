// Whether subgroups can be used on a device: the feature, and lanes numbered as the workgroup numbers them, which WGSL leaves open.
import "../../ops/block_sums_subgroup.ts";
import wgsl from "../../../shaders/backend/subgroups.wgsl?raw";

const LANES = 64;

/**
 * Asks the device by a kernel: every lane tells its number in its subgroup and the subgroup's size. True where subgroups are
 * consecutive lanes of the workgroup in order, and their size a power of two; else reductions stay with workgroup-free trees.
 */
export async function subgroupsInOrder(device: GPUDevice): Promise<boolean> {
  if (!device.features.has("subgroups")) return false;
  const size = 8 * LANES;
  const [found, staging] = [
    device.createBuffer({ size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC }),
    device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST }),
  ];
  const compute = { module: device.createShaderModule({ code: wgsl }), entryPoint: "main" };
  const pipeline = await device.createComputePipelineAsync({ layout: "auto", compute });
  const entries = [{ binding: 0, resource: { buffer: found } }];
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(1);
  pass.end();
  encoder.copyBufferToBuffer(found, 0, staging, 0, size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const words = new Uint32Array(staging.getMappedRange().slice(0));
  found.destroy();
  staging.destroy();
  return inOrder(words);
}

/** [number in the subgroup, size of the subgroup] of every lane. */
export function inOrder(words: Uint32Array): boolean {
  const [, width = 0] = words;
  if (width === 0 || (width & (width - 1)) !== 0) return false;
  return words.every((word, i) => word === (i % 2 === 1 ? width : (i >> 1) % width));
}
