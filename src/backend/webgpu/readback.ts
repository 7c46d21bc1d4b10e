// A ring of staging buffers: results are copied at the end of a submit and mapped when the GPU gets there.
export class Staging {
  readonly #device: GPUDevice;
  readonly #size: number;
  readonly #free: GPUBuffer[] = [];
  readonly #all: GPUBuffer[] = [];

  constructor(device: GPUDevice, size: number) {
    this.#device = device;
    this.#size = Math.ceil(size / 16) * 16;
    for (let i = 0; i < 3; i++) this.#free.push(this.#make());
  }

  #make(): GPUBuffer {
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
    const buffer = this.#device.createBuffer({ label: "staging", size: this.#size, usage });
    this.#all.push(buffer);
    return buffer;
  }

  /** Records the copy; call the result after the submit to get the floats. */
  copy(encoder: GPUCommandEncoder, from: GPUBuffer, bytes: number): () => Promise<Float32Array> {
    const staging = this.#free.pop() ?? this.#make();
    encoder.copyBufferToBuffer(from, 0, staging, 0, bytes);
    return async () => {
      await staging.mapAsync(GPUMapMode.READ, 0, bytes);
      const result = new Float32Array(staging.getMappedRange(0, bytes).slice(0));
      staging.unmap();
      this.#free.push(staging);
      return result;
    };
  }

  dispose(): void {
    for (const buffer of this.#all) buffer.destroy();
  }
}
