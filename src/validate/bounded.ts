// A backend that plays the f64 references and carries a bound on what an f32 machine may have made of every number, from
// step to step.
import "../ops/bounds.ts";
import "../optim/update.bounds.ts";
import type { Backend, Program } from "../backend/backend.ts";
import { CpuStorage, openCpu } from "../backend/cpu.ts";
import { execute } from "../backend/execute.ts";
import type { Numbers } from "../core/tensor.ts";
import type { Rounding } from "../kernel/kernel.ts";
import type { BufferSpec, Dispatch } from "../scheduler/plan.ts";
import type { StepProgram } from "../scheduler/program.ts";
import { type Series, validRows } from "../scheduler/steps.ts";

class BoundedStorage extends CpuStorage {
  readonly errors = new Map<string, Float64Array>();
  readonly #read: "values" | "errors";

  constructor(read: "values" | "errors") {
    super(64);
    this.#read = read;
  }

  override ensure(buffers: readonly BufferSpec[]): void {
    super.ensure(buffers);
    for (const { name, dtype, length } of buffers) {
      if (dtype === "f32" && !this.errors.has(name)) this.errors.set(name, new Float64Array(length));
    }
  }

  /** What is written from outside is exact. */
  override write(name: string, data: Numbers, offset = 0): void {
    super.write(name, data, offset);
    this.errors.get(name)?.fill(0, offset, offset + data.length);
  }

  override async read(name: string): Promise<Numbers> {
    const errors = this.#read === "errors" ? this.errors.get(name) : undefined;
    return errors?.slice() ?? super.read(name);
  }
}

const programOf = (program: StepProgram, storage: BoundedStorage, series: Series, rounding: Rounding): Program => ({
  program,
  settled: Promise.resolve(),
  async run(t, count) {
    const memory = { data: storage.data, errors: (name: string) => storage.errors.get(name) };
    for (let i = 0; i < count; i++) {
      const values = series.at.map((at) => Math.fround(at(t + i)));
      const step = { t: t + i, index: i, valid: validRows(program, t + i), values };
      for (const dispatch of program.each) execute(dispatch, memory, step, rounding);
    }
    return new Float32Array(0);
  },
  async runOne(t, dispatch) {
    const memory = { data: storage.data, errors: (name: string) => storage.errors.get(name) };
    const step = { t, index: 0, valid: validRows(program, t), values: series.at.map((at) => Math.fround(at(t))) };
    execute([...program.before, ...program.each][dispatch] as Dispatch, memory, step, rounding);
  },
  profile: async () => undefined,
  dispose() {},
});

/** Reads give the f64 values, or the bounds on the difference an f32 machine of this rounding may have to them. */
export const openBounded = (read: "values" | "errors", rounding: Rounding = { u: 2 ** -24 }): Backend => ({
  ...openCpu({ precision: 64 }),
  storage: () => new BoundedStorage(read),
  program: async (program, storage, series) => {
    storage.ensure(program.buffers, program.runs);
    return programOf(program, storage as BoundedStorage, series, rounding);
  },
});
