// Random numbers that rules draw for each element: by the run's seed, the tensor, the step and the logical index, so that
// neither a run's place nor a tensor's padding changes them. The same bits in the shader.
import wgsl from "../../shaders/lib/draws.wgsl?raw";
import { gaussian, uniform } from "../core/random.ts";
import { defineLib } from "../kernel/lib.ts";

defineLib(wgsl);

export interface Draw {
  readonly of: (seed: number, stream: number, step: number, index: number) => number;
  /** The function of shaders/lib/draws.wgsl. */
  readonly call: string;
}

/** Of mean 0 and variance 1, normal for all practical purposes. */
export const drawGaussian: Draw = { of: gaussian, call: "random_gaussian" };
/** In [0, 1). */
export const drawUniform: Draw = { of: uniform, call: "random_uniform" };
