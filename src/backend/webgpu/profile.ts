// GPU time by dispatch: each in a pass of its own between two timestamps, where the adapter has timestamp-query.
export class Profiler {
  readonly #device: GPUDevice;
  readonly #queries: GPUQuerySet;
  readonly #resolved: GPUBuffer;
  readonly #staging: GPUBuffer;
  readonly #count: number;

  /** Undefined where the adapter has no timestamp-query. */
  static make(device: GPUDevice, dispatches: number): Profiler | undefined {
    return device.features.has("timestamp-query") ? new Profiler(device, dispatches) : undefined;
  }

  private constructor(device: GPUDevice, dispatches: number) {
    this.#device = device;
    this.#count = 2 * dispatches;
    this.#queries = device.createQuerySet({ type: "timestamp", count: this.#count });
    const size = 8 * this.#count;
    this.#resolved = device.createBuffer({ size, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC });
    this.#staging = device.createBuffer({ size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  }

  /** Records every dispatch in a pass of its own, submits, and gives each one's milliseconds. */
  async measure(record: (pass: GPUComputePassEncoder, index: number) => void): Promise<number[]> {
    const encoder = this.#device.createCommandEncoder();
    const dispatches = this.#count / 2;
    for (let i = 0; i < dispatches; i++) {
      const timestampWrites = {
        querySet: this.#queries,
        beginningOfPassWriteIndex: 2 * i,
        endOfPassWriteIndex: 2 * i + 1,
      };
      const pass = encoder.beginComputePass({ timestampWrites });
      record(pass, i);
      pass.end();
    }
    encoder.resolveQuerySet(this.#queries, 0, this.#count, this.#resolved, 0);
    encoder.copyBufferToBuffer(this.#resolved, 0, this.#staging, 0, 8 * this.#count);
    this.#device.queue.submit([encoder.finish()]);
    await this.#staging.mapAsync(GPUMapMode.READ);
    const times = new BigUint64Array(this.#staging.getMappedRange().slice(0));
    this.#staging.unmap();
    return Array.from(
      { length: dispatches },
      (_, i) => Number((times[2 * i + 1] as bigint) - (times[2 * i] as bigint)) / 1e6,
    );
  }

  dispose(): void {
    this.#queries.destroy();
    this.#resolved.destroy();
    this.#staging.destroy();
  }
}
