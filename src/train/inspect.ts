// A look into the next step of a training: gradients, updates and units that have died, from an unfused twin of its population.
import type { Binding, Dispatch } from "../scheduler/plan.ts";
import { Population, type Snapshot } from "./population.ts";

/** Euclidean norms over the parameters of one layer. */
export interface LayerInspection {
  /** layer1, layer2.layer1 ... */
  readonly name: string;
  readonly gradientNorm: number;
  readonly parameterNorm: number;
  readonly updateNorm: number;
  /** updateNorm / parameterNorm; NaN where all parameters are 0. */
  readonly ratio: number;
}

/** The units behind one activation, on the batch of the step. */
export interface UnitsInspection {
  /** layer2.relu ... */
  readonly name: string;
  readonly units: number;
  /** Units that give one and the same number for every row: a relu that is never above 0, a tanh saturated to the last bit. */
  readonly dead: number;
}

export interface Inspection {
  /** The step (from 0) that was looked into: the one about to be taken. */
  readonly step: number;
  /** Of all parameters, before any clipping. */
  readonly gradientNorm: number;
  readonly layers: readonly LayerInspection[];
  readonly units: readonly UnitsInspection[];
}

type Tensors = ReadonlyMap<string, Float32Array>;

const squares = (values: Float32Array): number => values.reduce((sum, value) => sum + value * value, 0);

/** Reads the gradient arena again once a dispatch has it as an input. */
const takesGradient = ({ bindings }: Dispatch): boolean =>
  Object.values(bindings).some(({ buffer, mode }) => buffer === "gradients" && mode !== "write");

const isActivation = ({ name, kernel }: Dispatch): boolean => kernel === "map" && name.startsWith("layer");

/** Columns of y [rows, cols] whose values are all equal. */
function constantColumns(all: ArrayLike<number>, { shape: [rows = 0, cols = 0], offset, pitch }: Binding): number {
  let constant = 0;
  for (let column = 0; column < cols; column++) {
    const first = all[offset + column];
    let row = 1;
    while (row < rows && all[offset + row * pitch + column] === first) row++;
    if (row === rows) constant++;
  }
  return constant;
}

function layersOf(gradients: Tensors, before: Tensors, after: Tensors): LayerInspection[] {
  const sums = new Map<string, { gradient: number; parameter: number; update: number }>();
  for (const [name, parameter] of before) {
    const layer = name.slice(0, name.lastIndexOf("."));
    const sum = sums.get(layer) ?? { gradient: 0, parameter: 0, update: 0 };
    const next = after.get(name) as Float32Array;
    sum.gradient += squares(gradients.get(name) as Float32Array);
    sum.parameter += squares(parameter);
    sum.update += squares(parameter.map((value, i) => (next[i] as number) - value));
    sums.set(layer, sum);
  }
  return [...sums].map(([name, { gradient, parameter, update }]) => ({
    name,
    gradientNorm: Math.sqrt(gradient),
    parameterNorm: Math.sqrt(parameter),
    updateNorm: Math.sqrt(update),
    ratio: Math.sqrt(update / parameter),
  }));
}

/** Holds the twin, which is opened with the first look; changes nothing in the training. */
export class Inspector {
  readonly #of: Population;
  #twin: Promise<Population> | undefined;

  constructor(of: Population) {
    this.#of = of;
  }

  #open(): Promise<Population> {
    const { backend, task, options } = this.#of;
    this.#twin ??= Population.open(backend, task, { ...options, fused: false, stepsPerSubmit: 1 });
    return this.#twin;
  }

  /** Takes the step after the snapshot (the last one again at the end) with run 0, dispatch by dispatch. */
  async inspect(snapshot: Snapshot): Promise<Inspection> {
    const twin = await this.#open();
    const step = Math.min(snapshot.step, this.#of.options.steps - 1);
    twin.restore(snapshot);
    const before = await twin.read("parameters", 0);
    const dispatches = [...twin.program.before, ...twin.program.each];
    const units: UnitsInspection[] = [];
    let gradients: Tensors | undefined;
    for (const [i, dispatch] of dispatches.entries()) {
      if (!gradients && takesGradient(dispatch)) gradients = await twin.read("gradients", 0);
      await twin.runOne(step, i);
      const { y } = dispatch.bindings;
      if (!isActivation(dispatch) || !y) continue;
      const dead = constantColumns(await twin.storage.read(y.buffer), y);
      units.push({ name: dispatch.name, units: y.shape[1] as number, dead });
    }
    const layers = layersOf(gradients ?? (await twin.read("gradients", 0)), before, await twin.read("parameters", 0));
    const total = layers.reduce((sum, { gradientNorm }) => sum + gradientNorm ** 2, 0);
    return { step, gradientNorm: Math.sqrt(total), layers, units };
  }

  dispose(): void {
    this.#twin?.then((twin) => twin.dispose()).catch(() => {});
  }
}
