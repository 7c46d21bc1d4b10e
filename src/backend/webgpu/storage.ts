// Named GPU buffers, shared by the programs of a population; every limit is checked before any is made.
import type { Numbers } from "../../core/tensor.ts";
import { bytesOf, checkMemory, type Limits } from "../../scheduler/check.ts";
import type { BufferSpec } from "../../scheduler/plan.ts";
import { checkHeld, noBuffer, type Storage } from "../backend.ts";
import { Staging, unlessLost } from "./readback.ts";

export class GpuStorage implements Storage {
  readonly #device: GPUDevice;
  readonly #limits: Limits;
  readonly #lost: Promise<never>;
  readonly #buffers = new Map<string, { buffer: GPUBuffer; spec: BufferSpec }>();
  /** Made at a buffer's first reading and used again, so that later snapshots make none. */
  readonly #staging = new Map<string, Staging>();

  constructor(device: GPUDevice, limits: Limits, lost: Promise<never>) {
    this.#device = device;
    this.#limits = limits;
    this.#lost = lost;
  }

  ensure(buffers: readonly BufferSpec[], runs: number): void {
    for (const spec of buffers) checkHeld(spec, this.#buffers.get(spec.name)?.spec.length ?? spec.length);
    const missing = buffers.filter(({ name, role }) => role !== "part" && !this.#buffers.has(name));
    checkMemory(missing, this.#limits, runs);
    for (const spec of missing) {
      const size = Math.max(16, Math.ceil(bytesOf(spec) / 16) * 16);
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
      const mapped = spec.fill !== undefined || spec.words !== undefined;
      const buffer = this.#device.createBuffer({ label: spec.name, size, usage, mappedAtCreation: mapped });
      if (spec.fill !== undefined) new Float32Array(buffer.getMappedRange()).fill(spec.fill);
      if (spec.words) new (spec.dtype === "f32" ? Float32Array : Uint32Array)(buffer.getMappedRange()).set(spec.words);
      if (mapped) buffer.unmap();
      this.#buffers.set(spec.name, { buffer, spec });
    }
  }

  has(name: string): boolean {
    return this.#buffers.has(name);
  }

  buffer(name: string): GPUBuffer {
    return (this.#buffers.get(name) ?? noBuffer(name)).buffer;
  }

  write(name: string, data: Numbers, offset = 0): void {
    const { buffer, spec } = this.#buffers.get(name) ?? noBuffer(name);
    const bytes = data instanceof Float64Array ? new Float32Array(data) : data;
    const padded = bytes.byteLength % 4 === 0 ? bytes : padBytes(bytes);
    const at = offset * (spec.dtype === "u8" ? 1 : 4);
    this.#device.queue.writeBuffer(buffer, at, padded as GPUAllowSharedBufferSource);
  }

  async read(name: string): Promise<Numbers> {
    const { buffer, spec } = this.#buffers.get(name) ?? noBuffer(name);
    const staging = this.#staging.get(name) ?? new Staging(this.#device, buffer.size, 1);
    this.#staging.set(name, staging);
    const encoder = this.#device.createCommandEncoder();
    const copied = staging.copy(encoder, buffer, buffer.size);
    this.#device.queue.submit([encoder.finish()]);
    const bytes = await unlessLost(copied(), this.#lost);
    switch (spec.dtype) {
      case "f32":
        return new Float32Array(bytes).subarray(0, spec.length);
      case "u32":
        return new Uint32Array(bytes).subarray(0, spec.length);
      case "u8":
        return new Uint8Array(bytes).subarray(0, spec.length);
      default:
        return spec.dtype satisfies never;
    }
  }

  dispose(): void {
    for (const { buffer } of this.#buffers.values()) buffer.destroy();
    for (const staging of this.#staging.values()) staging.dispose();
    this.#buffers.clear();
    this.#staging.clear();
  }
}

function padBytes(data: ArrayBufferView): Uint8Array {
  const result = new Uint8Array(Math.ceil(data.byteLength / 4) * 4);
  result.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return result;
}
