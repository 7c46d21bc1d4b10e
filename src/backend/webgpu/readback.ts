// Rings of staging buffers: results are copied at the end of a submit and mapped when the GPU gets there. Made once, used again.
import { FallLineError } from "../../core/check.ts";
import { unless } from "../../core/unless.ts";

/** How long a lost device may take to say so after a map has failed, in milliseconds (measured: 25 to 125). */
const PATIENCE = 1000;

/**
 * The work's result, or DeviceLost when the device goes: on a lost device a map says only that it was aborted, and a buffer
 * made with contents that it is too large.
 */
export async function unlessLost<T>(work: Promise<T>, lost: Promise<never>): Promise<T> {
  try {
    return await unless(work, lost);
  } catch (error) {
    if (error instanceof FallLineError) throw error;
    const patience = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE));
    await unless(patience, lost);
    throw error;
  }
}

export class Staging {
  readonly #device: GPUDevice;
  readonly #size: number;
  readonly #free: GPUBuffer[] = [];
  readonly #all: GPUBuffer[] = [];

  /** Room for `size` bytes, `ready` times at once before another buffer is made. */
  constructor(device: GPUDevice, size: number, ready: number) {
    this.#device = device;
    this.#size = Math.ceil(size / 16) * 16;
    for (let i = 0; i < ready; i++) this.#free.push(this.#make());
  }

  #make(): GPUBuffer {
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
    const buffer = this.#device.createBuffer({ label: "staging", size: this.#size, usage });
    this.#all.push(buffer);
    return buffer;
  }

  /** Records the copy; call the result after the submit to get the bytes. */
  copy(encoder: GPUCommandEncoder, from: GPUBuffer, bytes: number): () => Promise<ArrayBuffer> {
    const staging = this.#free.pop() ?? this.#make();
    encoder.copyBufferToBuffer(from, 0, staging, 0, bytes);
    return async () => {
      await staging.mapAsync(GPUMapMode.READ, 0, bytes);
      const result = staging.getMappedRange(0, bytes).slice(0);
      staging.unmap();
      this.#free.push(staging);
      return result;
    };
  }

  dispose(): void {
    for (const buffer of this.#all) buffer.destroy();
  }
}
