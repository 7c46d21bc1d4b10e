// Fall Line as a contender: a population driven as train() drives it, two submits in flight.
import type { WebGpuBackend } from "../../src/backend/webgpu/index.ts";
import { Population } from "../../src/train/population.ts";
import type { Contender, Given, Start } from "./contender.ts";
import { batchesOf } from "./contender.ts";
import { optionsOf, type Problem, taskOf } from "./problems.ts";

const IN_FLIGHT = 2;

export class Ours implements Contender {
  readonly name = "fall-line";
  readonly problem: Problem;
  readonly population: Population;
  readonly submit: number;
  #step = 0;

  private constructor(problem: Problem, population: Population) {
    this.problem = problem;
    this.population = population;
    this.submit = population.program.stepsPerSubmit;
  }

  static async open(backend: WebGpuBackend, problem: Problem, stepsPerSubmit = 16): Promise<Ours> {
    return new Ours(problem, await Population.open(backend, taskOf(problem), optionsOf(problem, stepsPerSubmit)));
  }

  async first(steps: number): Promise<number[][]> {
    this.population.reset();
    const metrics = await this.population.advance(0, steps);
    this.#step = steps;
    return metrics.map(({ loss }) => [...loss]);
  }

  /** Steps in submits of `stepsPerSubmit`, two in flight; one wait at the end for what is left. */
  readonly run = async (steps: number): Promise<readonly number[]> => {
    const { population } = this;
    const flying: Promise<unknown>[] = [];
    const host: number[] = [];
    for (let left = steps; left > 0; ) {
      const count = Math.min(left, population.program.stepsPerSubmit);
      const start = performance.now();
      flying.push(population.advance(this.#step, count));
      host.push((1000 * (performance.now() - start)) / count);
      this.#step += count;
      left -= count;
      if (flying.length >= IN_FLIGHT) await flying.shift();
    }
    await Promise.all(flying);
    return host;
  };

  /** What the peers need to train the same: our starts and the batches as we draw them. */
  async given(): Promise<Given> {
    this.population.reset();
    const starts: Start[][] = [];
    const { arenas } = this.population;
    const all = (await this.population.storage.read("parameters")) as Float32Array;
    for (let run = 0; run < this.problem.runs; run++) {
      const from = this.population.placeOf(run) * arenas.size;
      const tensors = arenas.segments.map(({ offset, rows, cols, pitch }) => {
        const tensor = new Float32Array(rows * cols);
        for (let i = 0; i < rows; i++)
          tensor.set(all.subarray(from + offset + i * pitch, from + offset + i * pitch + cols), i * cols);
        return tensor;
      });
      starts.push(
        Array.from({ length: tensors.length / 2 }, (_, i) => ({ w: tensors[2 * i]!, b: tensors[2 * i + 1]! })),
      );
    }
    return { problem: this.problem, starts, batches: batchesOf(this.problem, this.population.task.data) };
  }

  close(): void {
    this.population.dispose();
  }
}
