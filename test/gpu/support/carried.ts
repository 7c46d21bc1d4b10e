// Plays a program in f64 with every error bound carried from dispatch to dispatch: what f32 may make of a whole step, derived.
import "../../../src/ops/bounds.ts";
import "../../../src/optim/update.bounds.ts";
import type { Storage } from "../../../src/backend/backend.ts";
import { execute, type Memory } from "../../../src/backend/execute.ts";
import type { Numbers } from "../../../src/core/tensor.ts";
import type { StepProgram } from "../../../src/scheduler/program.ts";
import { type Series, validRows } from "../../../src/scheduler/steps.ts";

const ROUNDING = { u: 2 ** -24 };

export class Carried implements Memory {
  readonly #data = new Map<string, Numbers>();
  readonly #errors = new Map<string, Float64Array>();

  /** Takes the buffers of a program as they are in a storage, exact. */
  async load(storage: Storage, program: StepProgram): Promise<void> {
    for (const { name, role, length } of program.buffers) {
      if (this.#data.has(name)) continue;
      const data = role === "part" ? new Float64Array(length) : await storage.read(name);
      this.#data.set(name, data instanceof Float32Array ? Float64Array.from(data) : data);
      this.#errors.set(name, new Float64Array(length));
    }
  }

  data = (name: string): Numbers => this.#data.get(name) as Numbers;
  errors = (name: string): Float64Array => this.#errors.get(name) as Float64Array;

  /** One submit: steps t .. t + count - 1. */
  run(program: StepProgram, series: Series, t: number, count: number): void {
    const { before, each, after } = program;
    const view = (index: number) => {
      const values = series.at.map((at) => Math.fround(at(t + index)));
      return { t: t + index, index, valid: validRows(program, t + index), values };
    };
    for (const dispatch of before) execute(dispatch, this, view(0), ROUNDING);
    for (let i = 0; i < count; i++) for (const dispatch of each) execute(dispatch, this, view(i), ROUNDING);
    for (const dispatch of after) execute(dispatch, this, view(0), ROUNDING);
  }
}
