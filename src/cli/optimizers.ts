// The optimizers the command knows by name, with the learning rates it tries where none is given.
import { fail, nearest } from "../core/check.ts";
import { readSchedule } from "./schedules.ts";
import {
  adabelief,
  adadelta,
  adagrad,
  adam,
  adamax,
  adamw,
  adan,
  ademamix,
  adopt,
  type Hyper,
  laprop,
  lion,
  madgrad,
  nadam,
  type Optimizer,
  radam,
  rmsprop,
  sgd,
  signsgd,
  signum,
  yogi,
} from "../optim/index.ts";

/** Plain data: a name, its lr and other options. The schedule, in words, ends with the training unless they say otherwise. */
export interface OptimizerSpec {
  readonly name: string;
  readonly lr: number;
  readonly options: Readonly<Record<string, number | boolean>>;
  readonly schedule: string;
}

interface Known {
  readonly make: (options: { lr?: Hyper }) => Optimizer;
  readonly fixed?: Readonly<Record<string, number | boolean>>;
  /** Tried where no lr is given: about three times apart, around where it does well on small networks. */
  readonly lr: readonly number[];
}

/** What Adam's kin are tried with. */
const KIN = [0.003, 0.01, 0.03];
/** For rules whose steps are all as long as the lr. */
const SIGNS = [0.001, 0.003, 0.01];

const KNOWN: Readonly<Record<string, Known>> = {
  sgd: { make: sgd, lr: [0.1, 0.3, 1] },
  momentum: { make: sgd, fixed: { momentum: 0.9 }, lr: [0.03, 0.1, 0.3] },
  nesterov: { make: sgd, fixed: { momentum: 0.9, nesterov: true }, lr: [0.03, 0.1, 0.3] },
  adam: { make: adam, lr: KIN },
  adamw: { make: adamw, lr: KIN },
  amsgrad: { make: adam, fixed: { amsgrad: true }, lr: KIN },
  nadam: { make: nadam, lr: KIN },
  radam: { make: radam, lr: KIN },
  adamax: { make: adamax, lr: KIN },
  adabelief: { make: adabelief, lr: KIN },
  yogi: { make: yogi, lr: KIN },
  adan: { make: adan, lr: KIN },
  ademamix: { make: ademamix, lr: KIN },
  adopt: { make: adopt, lr: KIN },
  laprop: { make: laprop, lr: KIN },
  rmsprop: { make: rmsprop, lr: [0.001, 0.003, 0.01] },
  adagrad: { make: adagrad, lr: [0.01, 0.03, 0.1] },
  adadelta: { make: adadelta, lr: [0.3, 1, 3] },
  madgrad: { make: madgrad, lr: KIN },
  lion: { make: lion, lr: SIGNS },
  signsgd: { make: signsgd, lr: SIGNS },
  signum: { make: signum, lr: SIGNS },
};

export const optimizerNames: readonly string[] = Object.keys(KNOWN);

function known(name: string): Known {
  const found = Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined;
  if (found) return found;
  const meant = nearest(name, optimizerNames);
  const hint = meant ? `did you mean "${meant}"?` : `known are ${optimizerNames.join(", ")}`;
  return fail("optimizers", `"${name}" is not known`, hint);
}

export const defaultRates = (name: string): readonly number[] => known(name).lr;

/** The optimizer with another lr than its own. */
export function withRate({ name, options }: OptimizerSpec, lr: Hyper): Optimizer {
  const { make, fixed } = known(name);
  return make({ ...fixed, ...options, lr });
}

/** The optimizer of a training of so many steps. Throws for an unknown name, option or schedule. */
export const makeOptimizer = (spec: OptimizerSpec, steps: number): Optimizer =>
  withRate(spec, spec.schedule === "constant" ? spec.lr : readSchedule(spec.schedule, spec.lr, steps));

/** `adamw 0.01`, with the options that tell it from its like: `sgd momentum 0.5 lr 0.1`. */
export function entryName({ name, lr, options }: OptimizerSpec): string {
  const own = Object.entries(options).map(([key, value]) => ` ${key} ${value}`);
  return own.length > 0 ? `${name}${own.join("")} lr ${lr}` : `${name} ${lr}`;
}

const shown = (options: object, schedule: string): string => {
  const own = Object.entries(options).map(([key, value]) => ` ${key} ${value}`);
  return `${own.join("")}${schedule === "constant" ? "" : ` schedule ${schedule}`}`;
};

/** In full: `momentum lr 0.1 momentum 0.9 schedule cosine`. */
export const optimizerText = ({ name, lr, options, schedule }: OptimizerSpec): string =>
  `${name} lr ${lr}${shown({ ...known(name).fixed, ...options }, schedule)}`;

/** What entries that differ in their lr only have in common: `momentum`. */
export const optimizerFamily = ({ name, options, schedule }: OptimizerSpec): string =>
  `${name}${shown(options, schedule)}`;
