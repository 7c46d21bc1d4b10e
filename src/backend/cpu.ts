// The CPU backend: every plan through the references, in f64 between loads and stores. Oracle of the GPU, fallback without one.
import { fail } from "../core/check.ts";
import type { Numbers } from "../core/tensor.ts";
import type { Dtype } from "../core/shape.ts";
import type { BufferSpec } from "../scheduler/plan.ts";
import type { StepProgram } from "../scheduler/program.ts";
import { type Series, validRows } from "../scheduler/steps.ts";
import { SOFTWARE } from "../scheduler/software.ts";
import { type Backend, checkHeld, noBuffer, type Program, type Storage } from "./backend.ts";
import { execute, type StepView } from "./execute.ts";

/** Bits a stored f32 tensor keeps on the CPU: 32 as on the GPU, or 64 to check derivatives. */
export type Precision = 32 | 64;

function room({ dtype, length, fill, words }: BufferSpec, precision: Precision): Numbers {
  const data = numbers(dtype, length, precision);
  if (fill !== undefined) data.fill(fill);
  if (words) data.set(words);
  return data;
}

function numbers(dtype: Dtype, length: number, precision: Precision): Numbers {
  switch (dtype) {
    case "f32":
      return precision === 64 ? new Float64Array(length) : new Float32Array(length);
    case "u32":
      return new Uint32Array(length);
    case "u8":
      return new Uint8Array(length);
    default:
      return dtype satisfies never;
  }
}

export class CpuStorage implements Storage {
  readonly buffers = new Map<string, Numbers>();
  readonly #precision: Precision;

  constructor(precision: Precision) {
    this.#precision = precision;
  }

  ensure(buffers: readonly BufferSpec[]): void {
    for (const spec of buffers) checkHeld(spec, this.buffers.get(spec.name)?.length ?? spec.length);
    for (const spec of buffers)
      if (!this.buffers.has(spec.name)) this.buffers.set(spec.name, room(spec, this.#precision));
  }

  has(name: string): boolean {
    return this.buffers.has(name);
  }

  data = (name: string): Numbers => this.buffers.get(name) ?? noBuffer(name);

  write(name: string, data: Numbers, offset = 0): void {
    this.data(name).set(data, offset);
  }

  async read(name: string): Promise<Numbers> {
    return this.data(name).slice();
  }

  dispose(): void {
    this.buffers.clear();
  }
}

class CpuProgram implements Program {
  readonly program: StepProgram;
  readonly settled = Promise.resolve();
  readonly #storage: CpuStorage;
  readonly #series: Series;

  constructor(program: StepProgram, storage: CpuStorage, series: Series) {
    this.program = program;
    this.#storage = storage;
    this.#series = series;
  }

  async run(t: number, count: number): Promise<Float32Array> {
    const { before, each, after, stepsPerSubmit, metrics } = this.program;
    if (count > stepsPerSubmit) fail("run", `${count} steps, at most ${stepsPerSubmit} a submit`);
    const memory = { data: this.#storage.data };
    const first = this.#step(t, 0);
    for (const dispatch of before) execute(dispatch, memory, first);
    for (let i = 0; i < count; i++) {
      const step = this.#step(t + i, i);
      for (const dispatch of each) execute(dispatch, memory, step);
    }
    for (const dispatch of after) execute(dispatch, memory, first);
    if (!metrics) return new Float32Array(0);
    return Float32Array.from(
      this.#storage.data(metrics.buffer).subarray(0, count * this.program.runs * metrics.stride),
    );
  }

  async runOne(t: number, dispatch: number, index = 0): Promise<void> {
    const { before, each, after } = this.program;
    const at = [...before, ...each, ...after][dispatch] ?? fail("run", `there is no dispatch ${dispatch}`);
    execute(at, { data: this.#storage.data }, each.includes(at) ? this.#step(t + index, index) : this.#step(t, 0));
  }

  #step(t: number, index: number): StepView {
    const values = this.#series.at.map((at) => Math.fround(at(t)));
    return { t, index, valid: validRows(this.program, t), values };
  }

  async profile(): Promise<undefined> {
    return undefined;
  }

  dispose(): void {}
}

/** The references as a backend. `precision: 64` keeps stored tensors in f64. */
export function openCpu(options: { precision?: Precision } = {}): Backend {
  const { precision = 32 } = options;
  return {
    kind: "cpu",
    adapter: { description: "CPU references", vendor: "fall-line", architecture: "cpu", software: true },
    limits: { binding: 2 ** 31, buffer: 2 ** 31 },
    tuning: SOFTWARE,
    lost: new Promise<never>(() => {}),
    storage: () => new CpuStorage(precision),
    program: async (program, storage, series, { meanwhile } = {}) => {
      storage.ensure(program.buffers, program.runs);
      meanwhile?.();
      return new CpuProgram(program, storage as CpuStorage, series);
    },
    close() {},
  };
}
