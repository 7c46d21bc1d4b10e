// Prediction: rows of the caller's own through the model, probabilities (or outputs) back.
import { fail } from "../core/check.ts";
import { pitchOf } from "../core/shape.ts";
import type { Program } from "../backend/backend.ts";
import { build } from "../nn/layer.ts";
import { gather } from "../ops/gather.ts";
import { softmax } from "../ops/softmax.ts";
import type { BufferSpec } from "../scheduler/plan.ts";
import { type StepProgram, type StepSpec, stepProgram } from "../scheduler/program.ts";
import type { Population } from "./population.ts";
import { type Prediction, prediction } from "./prediction.ts";
import { dataBuffers, hasLabels, isBytes, pitched, sourceOf } from "./task.ts";

const BATCH = 256;
const X = "predict.data.x";
const Y = "predict.y";

export class Predictor {
  readonly #population: Population;
  /** By name: before the first step and after it the parameters may be found in different places. */
  readonly #programs = new Map<string, Promise<Program>>();

  constructor(population: Population) {
    this.#population = population;
  }

  #program(): Promise<Program> {
    const { backend, storage, series } = this.#population;
    const plan = predictionPlan(this.#population);
    const program = this.#programs.get(plan.name) ?? backend.program(plan, storage, series);
    this.#programs.set(plan.name, program);
    return program;
  }

  /** x: rows x features, bytes where the data set has bytes, else floats; scaled as the data set is. */
  async predict(x: Uint8Array | Float32Array, run: number): Promise<Prediction> {
    const { data } = this.#population.task;
    const rows = x.length / data.features;
    if (!Number.isInteger(rows) || rows < 1) {
      fail("predict", `${x.length} numbers, expected rows of ${data.features}`, `give [rows, ${data.features}]`);
    }
    if (isBytes(data) !== x instanceof Uint8Array) {
      fail("predict", `${data.name} holds ${isBytes(data) ? "bytes (Uint8Array)" : "floats (Float32Array)"}, x is not`);
    }
    const program = await this.#program();
    const values = new Float32Array(rows * data.outputs);
    for (let from = 0; from < rows; from += BATCH) {
      const part = x.subarray(from * data.features, Math.min(rows, from + BATCH) * data.features);
      values.set(await this.#batch(program, part, run), from * data.outputs);
    }
    return prediction(values, data.outputs, data.classes);
  }

  async #batch(program: Program, x: Uint8Array | Float32Array, run: number): Promise<Float32Array> {
    const { storage, task } = this.#population;
    const { features, outputs } = task.data;
    storage.write(X, pitched(x, features));
    await program.run(0, 1);
    const all = (await storage.read(Y)) as Float32Array;
    const rows = x.length / features;
    const pitch = pitchOf(outputs);
    const start = this.#population.placeOf(run) * BATCH * pitch;
    const values = new Float32Array(rows * outputs);
    for (let i = 0; i < rows; i++)
      values.set(all.subarray(start + i * pitch, start + i * pitch + outputs), i * outputs);
    return values;
  }

  dispose(): void {
    for (const program of this.#programs.values()) program.then((made) => made.dispose()).catch(() => {});
  }
}

/** The program that predicts 256 rows for every run: probabilities, or outputs where the data have targets. */
export function predictionPlan(population: Population): StepProgram {
  const { task, arenas, backend, options } = population;
  const { data } = task;
  const small = { ...data, count: BATCH };
  const { source, homes } = sourceOf(small, BATCH, "predict.");
  const model = build(task.model, gather(source));
  const output = hasLabels(data) ? softmax(model.output) : model.output;
  const room = BATCH * pitchOf(data.outputs);
  const bytes = isBytes(data);
  const buffers: BufferSpec[] = [
    { name: X, dtype: bytes ? "u8" : "f32", length: BATCH * pitchOf(data.features), role: "data" },
    { name: Y, dtype: "f32", length: room * arenas.runs, role: "ring" },
  ];
  const spec: StepSpec = {
    name: population.viewed ? "predict at the view" : "predict",
    ...population.views(model.parameters),
    roots: [{ node: output, home: { buffer: Y, offset: 0, run: room } }],
    homes,
    buffers: [...buffers, ...dataBuffers(data)],
    rowsNode: source.rows,
    rows: { first: 0, count: BATCH },
    order: "sequential",
    orders: population.orders,
    batch: BATCH,
    stepsPerSubmit: 1,
    tuning: options.tuning ?? backend.tuning,
    fused: options.fused ?? true,
    split: population.split,
  };
  return stepProgram(spec);
}
