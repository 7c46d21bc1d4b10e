// One dispatch through the references: for every run and slice, views of the named buffers and the kernel's f64 function.
import { type Numbers, Tensor } from "../core/tensor.ts";
import { boundOf } from "../kernel/bound.ts";
import { type Context, kernelNamed, type Rounding, type Tensors } from "../kernel/kernel.ts";
import type { Binding, Dispatch } from "../scheduler/plan.ts";
import "../ops/batch.reference.ts";
import "../ops/bias.reference.ts";
import "../ops/cross_entropy.reference.ts";
import "../ops/gather.reference.ts";
import "../ops/matmul.reference.ts";
import "../optim/update.reference.ts";

export interface Memory {
  readonly data: (buffer: string) => Numbers;
  /** Error bounds beside the data, where they are tracked. */
  readonly errors?: (buffer: string) => Float64Array | undefined;
}

/** What a reference sees of the step. */
export interface StepView {
  readonly t: number;
  readonly index: number;
  readonly valid: number;
  readonly values: ArrayLike<number>;
}

/** Words of a run in the run table: its order first. */
export const RUN_WORDS = 4;

function view(binding: Binding, memory: Memory, at: { run: number; slice: number; index: number }): Tensor {
  const run = binding.via === "order" ? (memory.data("runs")[at.run * RUN_WORDS] as number) : at.run;
  const offset = binding.offset + run * binding.run + at.slice * binding.slice + at.index * binding.step;
  const errors = memory.errors?.(binding.buffer);
  return new Tensor(memory.data(binding.buffer), binding.shape, {
    offset,
    pitch: binding.pitch,
    ...(errors ? { errors } : {}),
  });
}

/** Plays a dispatch (a fused one part by part) on memory. With `rounding` it bounds the errors first, from the values before. */
export function execute(dispatch: Dispatch, memory: Memory, step: StepView, rounding?: Rounding): void {
  if (dispatch.parts) {
    for (const part of dispatch.parts) execute(part, memory, step, rounding);
    return;
  }
  const kernel = kernelNamed(dispatch.kernel);
  const { variant, sizes, runs, slices } = dispatch;
  for (let run = runs.first; run < runs.first + runs.count; run++) {
    for (let slice = 0; slice < slices; slice++) {
      const place = { run, slice, index: step.index };
      const views = Object.entries(dispatch.bindings).map(
        ([name, binding]) => [name, view(binding, memory, place)] as const,
      );
      const tensors: Tensors = Object.fromEntries(views);
      const { t, valid, values } = step;
      const context: Context = {
        ...{ t, valid, slice, variant, values },
        get noise() {
          return memory.data("runs")[run * RUN_WORDS + 2] as number;
        },
      };
      if (rounding) boundOf(dispatch.kernel)(tensors, sizes, rounding, context);
      kernel.reference(tensors, sizes, context);
    }
  }
}
