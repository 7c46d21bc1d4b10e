// Settings as a job for the worker: model, optimizer and data as plain data, and the model in numbers.
import { blobs, circles, type Dataset, moons, spirals, xor } from "../data/index.ts";
import { crossEntropy, type Layer, linear, relu, type Summary, summary, tanh } from "../nn/index.ts";
import { adam, adamw, type Optimizer, sgd } from "../optim/index.ts";
import type { DataSpec, Grid, Job } from "../worker/protocol.ts";
import type { Settings } from "./settings.ts";

/** Points a side of the decision surface. */
const GRID = 48;
/** Points of a set in the plane: 1,600 to train, 200 each for validation and test. */
const COUNT = 2000;
const VALIDATIONS = 40;

const planes = { spirals, moons, circles, blobs, xor };

/** The points of a data set in the plane; undefined for digits, which only the worker holds. */
export const planeOf = ({ data, seed }: Settings): Dataset | undefined =>
  data === "digits" ? undefined : planes[data]({ count: COUNT, seed });

function modelOf({ data, width }: Settings, outputs: number): Layer[] {
  if (data === "digits") return [linear(width), relu(), linear(outputs)];
  return [linear(width), tanh(), linear(width), tanh(), linear(outputs)];
}

function optimizerOf({ optimizer, lr }: Settings): Optimizer {
  switch (optimizer) {
    case "sgd":
      return sgd({ lr });
    case "momentum":
      return sgd({ lr, momentum: 0.9 });
    case "adam":
      return adam({ lr });
    case "adamw":
      return adamw({ lr });
    default:
      return optimizer satisfies never;
  }
}

/** A square about the points, with room. */
function gridOf({ x }: Dataset): Grid {
  let reach = 0;
  for (const value of x) reach = Math.max(reach, Math.abs(value));
  reach *= 1.1;
  return { size: GRID, left: -reach, right: reach, bottom: -reach, top: reach };
}

/** `small` trains digits of 14 x 14 pixels. */
function specOf({ data, seed }: Settings, small: boolean): DataSpec {
  if (data !== "digits") return { kind: data, count: COUNT, seed };
  return { kind: "digits", source: new URL("digits.bin", document.baseURI).href, size: small ? 14 : 28 };
}

export interface Made {
  readonly job: Job;
  readonly summary: Summary;
  readonly plane: Dataset | undefined;
}

/** Everything the settings make, before any of it runs. Throws in words for what cannot be built. */
export function make(settings: Settings, small: boolean): Made {
  const plane = planeOf(settings);
  const model = modelOf(settings, plane?.outputs ?? 10);
  const optimizer = optimizerOf(settings);
  const { batch, steps, seed } = settings;
  const input = plane ? plane.shape : [small ? 196 : 784];
  const validateEvery = Math.max(1, Math.ceil(steps / VALIDATIONS));
  const common = { data: specOf(settings, small), model, loss: crossEntropy(), optimizer, batch, steps, seed };
  return {
    job: { ...common, validateEvery, paused: false, ...(plane ? { grid: gridOf(plane) } : {}) },
    summary: summary(model, { input, optimizer, batch }),
    plane,
  };
}
