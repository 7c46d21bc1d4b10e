// Which of this library's optimizers stands for which entry of test/golden/rules.json, rules_extra.json and
// rules_options.json; and why some have none.
import { gaussian, streams } from "../../../src/core/random.ts";
import type { Optimizer } from "../../../src/optim/chain.ts";
import * as o from "../../../src/optim/index.ts";
import { type PlayOptions, playBoth, rosenbrock, tape } from "../../harness/replay-reference.ts";
import extraText from "../../golden/rules_extra.json?raw";
import optionsText from "../../golden/rules_options.json?raw";
import rulesText from "../../golden/rules.json?raw";

type Positions = Readonly<Record<string, readonly number[]>>;

interface Entry {
  readonly defaults: Readonly<Record<string, number>>;
  readonly tape: Positions;
  readonly rosen: Readonly<Record<string, number | readonly number[]>>;
}

interface Extra {
  readonly hyperparameters: Readonly<Record<string, number>>;
  readonly tape: Positions;
  readonly eval?: Positions;
  readonly shapes?: readonly (readonly number[])[];
}

const rules = (JSON.parse(rulesText) as { rules: Record<string, Entry> }).rules;
const extras = JSON.parse(extraText) as {
  entries: Record<string, Extra>;
  rosenbrock: { entries: Record<string, Extra> };
};
const extra = extras.entries;
const sharpness = extras.rosenbrock.entries;
const worked = (JSON.parse(optionsText) as { entries: Record<string, { readonly tape: Positions }> }).entries;

/** Every name in the three files; the second's begin with "extra ", the third's with "option ". */
export const names: readonly string[] = [
  ...Object.keys(rules),
  ...Object.keys(extra).map((name) => `extra ${name}`),
  ...Object.keys(worked).map((name) => `option ${name}`),
  ...Object.keys(sharpness).map((name) => `sharpness ${name}`),
];

/** By entry of rules.json: the optimizer at a learning rate; the rest is what the entry was made with. */
const byRule: Record<string, (lr: number) => Optimizer> = {
  sgd: (lr) => o.sgd({ lr }),
  sgd_heavyball: (lr) => o.sgd({ lr, momentum: 0.9 }),
  sgd_nesterov: (lr) => o.sgd({ lr, momentum: 0.9, nesterov: true }),
  sgd_ema: (lr) => o.emaSgd({ lr, beta: 0.9 }),
  adagrad: (lr) => o.adagrad({ lr }),
  adagrad_inside: (lr) => o.adagrad({ lr, eps: 1e-7, initial: 0.1, epsInside: true }),
  adagrad_rms: (lr) => o.adagrad({ lr, eps: 0 }),
  rmsprop: (lr) => o.rmsprop({ lr }),
  rmsprop_inside: (lr) => o.rmsprop({ lr, alpha: 0.9, epsInside: true }),
  rmsprop_seed: (lr) => o.rmsprop({ lr, alpha: 0.9, eps: 0, start: "gradient" }),
  adadelta: (lr) => o.adadelta({ lr }),
  adam: (lr) => o.adam({ lr }),
  adam_epshat: (lr) => o.adam({ lr, eps: 1e-7, epsHat: true }),
  adam_nobc: (lr) => o.adam({ lr, debias: false }),
  amsgrad: (lr) => o.adam({ lr, amsgrad: true }),
  amsgrad_optax: (lr) => o.adam({ lr, amsgrad: true, maxDebiased: true }),
  adamw: (lr) => o.adamw({ lr, weightDecay: 0.01 }),
  adamax: (lr) => o.adamax({ lr }),
  nadam: (lr) => o.nadam({ lr }),
  nadam_simple: (lr) => o.nadam({ lr, constant: true }),
  radam: (lr) => o.radam({ lr }),
  adabelief: (lr) => o.adabelief({ lr }),
  yogi: (lr) => o.yogi({ lr, initialMean: 1e-6 }),
  lion: (lr) => o.lion({ lr }),
  signsgd: (lr) => o.signsgd({ lr }),
  signum: (lr) => o.signum({ lr, beta: 0.9 }),
  rprop: (lr) => o.rprop({ lr }),
  adan: (lr) => o.adan({ lr, epsRoot: 1e-8 }),
  adopt: (lr) => o.adopt({ lr }),
  ademamix: (lr) => o.ademamix({ lr, alpha: 5 }),
  laprop: (lr) => o.laprop({ lr }),
  madgrad: (lr) => o.madgrad({ lr }),
  lars: (lr) => o.lars({ lr }),
  lamb: (lr) => o.lamb({ lr }),
  sm3: (lr) => o.sm3({ lr }),
  novograd: (lr) => o.novograd({ lr }),
  fromage: (lr) => o.fromage({ lr }),
  cautious_adamw: (lr) => o.cautious(o.adamw({ lr, weightDecay: 0 }), { scale: "count" }),
  sf_sgd: (lr) => o.scheduleFreeSgd({ lr }),
  sf_adamw: (lr) => o.scheduleFreeAdamw({ lr }),
};

type Hypers = Readonly<Record<string, number>> & { readonly lr: number };

/** Its beta1 is the average's. */
const freeAdamw = ({ beta1 = 0, ...h }: Hypers): Optimizer => o.scheduleFreeAdamw({ ...h, beta: beta1 } as object);

/** PyTorch's names in this library's. */
const adafactor = ({ lr, eps1 = 0, eps2 = 0, clip = 1, decayPower = 0, weightDecay = 0 }: Hypers): Optimizer =>
  o.adafactor({ lr, eps: eps1, minRms: eps2, limit: clip, beta2Decay: -decayPower, weightDecay });
const agc = ({ clip = 0, eps = 0, lr }: Hypers): Optimizer => o.chain(o.clipAdaptive(clip, { eps }), o.descend(lr));

/** The rate of the entries that end in falling: lr / t, t from 1. */
const over =
  (lr: number) =>
  (t: number): number =>
    lr / (t + 1);
const falls =
  (make: (h: never) => Optimizer) =>
  ({ lr, ...h }: Hypers): Optimizer =>
    make({ ...h, lr: over(lr) } as never);

/** By entry of rules_extra.json: conventions of one library or another, and a rate that falls. */
const byConvention: Record<string, (h: Hypers) => Optimizer> = {
  adam_eps_root: o.adam,
  amsgrad_eps_root: (h) => o.adam({ ...h, amsgrad: true, maxDebiased: true }),
  rmsprop_from_one_optax: (h) => o.rmsprop({ ...h, epsInside: true }),
  rmsprop_debiased_optax: (h) => o.rmsprop({ ...h, debias: true }),
  rmsprop_centered_debiased_optax: (h) => o.rmsprop({ ...h, epsInside: true, centered: true, debias: true }),
  rmsprop_nesterov: ({ lr, ...h }) =>
    o.rmsprop({ ...h, lr: over(lr), epsInside: true, nesterov: true, lrInside: true }),
  lars_lr_outside: ({ lr, ...h }) => o.lars({ ...h, lr: over(lr), lrInside: false }),
  adafactor_optax_all: ({ lr, clip: limit = 1, decayPower = 0, ...h }) =>
    o.adafactor({ ...h, lr: over(lr), limit, beta2Decay: -decayPower, convention: "optax" }),
  sgd_falling: falls(o.sgd),
  adagrad_falling: falls(o.adagrad),
  rmsprop_falling: falls(o.rmsprop),
  adadelta_falling: falls(o.adadelta),
  adam_falling: falls(o.adam),
  adamw_falling: falls(o.adamw),
  amsgrad_falling: ({ lr, ...h }) => o.adam({ ...h, lr: over(lr), amsgrad: true }),
  adamax_falling: falls(o.adamax),
  nadam_falling: falls(o.nadam),
  radam_falling: falls(o.radam),
  adafactor_falling: falls(adafactor),
  adabelief_falling: falls(o.adabelief),
  yogi_falling: falls(o.yogi),
  lion_falling: falls(o.lion),
  signsgd_falling: falls(o.signsgd),
  adopt_falling: falls(o.adopt),
  ademamix_falling: falls(o.ademamix),
  simplified_ademamix_falling: falls(o.simplifiedAdemamix),
  acprop_falling: ({ lr, ...h }) => o.acprop({ ...h, lr: over(lr), staleMean: true }),
  optimistic_falling: falls(o.optimisticSgd),
  sm3_falling: falls(o.sm3),
  lars_falling: falls(o.lars),
  lamb_falling: falls(o.lamb),
  novograd_falling: ({ lr, weightDecay: decay, ...h }) => o.novograd({ ...h, lr: over(lr), decay } as object),
  fromage_falling: falls(o.fromage),
  prodigy_falling: falls(o.prodigy),
  dog_falling: falls(o.dog),
  dowg_falling: falls(o.dowg),
};

/** By entry of rules_extra.json: its hyperparameters have this library's names already. */
const byExtra: Record<string, (h: Hypers) => Optimizer> = {
  ...byConvention,
  sgd_dampening: o.sgd,
  sgd_decay: o.sgd,
  sgd_all: o.sgd,
  sgd_nesterov_decay: (h) => o.sgd({ ...h, nesterov: true }),
  // The iterates are those of decayed SGD with lr (1 + lambda lr t)^-alpha; the average starts at t0 = 1e6.
  asgd: ({ lr, lambda = 0, alpha = 0 }) =>
    o.chain(
      o.weightDecay(lambda),
      o.descend((t) => lr / (1 + lambda * lr * t) ** alpha),
    ),
  clip_norm_sgd: ({ maxNorm = 0, lr }) => o.sgd({ clip: maxNorm, lr }),
  clip_norm_sgd_two_tensors: ({ maxNorm = 0, lr }) => o.sgd({ clip: maxNorm, lr }),
  clip_value_sgd: ({ limit = 0, lr }) => o.chain(o.clipByValue(limit), o.descend(lr)),
  adam_l2: o.adam,
  adam_wide: o.adam,
  adamw_wide: o.adamw,
  adamw_amsgrad: (h) => o.adamw({ ...h, amsgrad: true }),
  adamw_amsgrad_wide: (h) => o.adamw({ ...h, amsgrad: true }),
  nadam_l2: o.nadam,
  nadam_decoupled: (h) => o.nadam({ ...h, decoupled: true }),
  radam_decoupled: (h) => o.radam({ ...h, decoupled: true }),
  adamax_decay: o.adamax,
  nadamw_simple: (h) => o.nadam({ ...h, constant: true, decoupled: true }),
  adamaxw: (h) => o.adamax({ ...h, decoupled: true }),
  clip_norm_adam: ({ maxNorm = 0, lr, ...h }) =>
    o.chain(o.clipByGlobalNorm(maxNorm, { eps: 0 }), o.scaleByAdam(h), o.descend(lr)),
  clip_norm_adam_torch: ({ maxNorm = 0, ...h }) => o.adam({ ...h, clip: maxNorm }),
  lion_decay: o.lion,
  optimistic_adam: o.optimisticAdam,
  optimistic_sgd: o.optimisticSgd,
  rmsprop_centered: (h) => o.rmsprop({ ...h, centered: true }),
  rmsprop_momentum: o.rmsprop,
  rmsprop_centered_momentum: (h) => o.rmsprop({ ...h, centered: true }),
  rmsprop_decay: o.rmsprop,
  rmsprop_centered_inside: (h) => o.rmsprop({ ...h, centered: true, epsInside: true }),
  adagrad_lr_decay: o.adagrad,
  adagrad_decay: o.adagrad,
  adadelta_decay: o.adadelta,
  acprop: (h) => o.acprop({ ...h, staleMean: true }),
  adopt: o.adopt,
  adopt_unclipped: (h) => o.adopt({ ...h, clipping: false }),
  ademamix: o.ademamix,
  ademamix_decay: o.ademamix,
  simplified_ademamix: o.simplifiedAdemamix,
  madgrad: o.madgrad,
  adan_decay: o.adan,
  lars: o.lars,
  lars_two_tensors: o.lars,
  lars_nesterov: (h) => o.lars({ ...h, nesterov: true }),
  lamb: o.lamb,
  lamb_two_tensors: o.lamb,
  novograd: ({ weightDecay: decay, ...h }) => o.novograd({ ...h, decay } as object),
  novograd_two_tensors: ({ weightDecay: decay, ...h }) => o.novograd({ ...h, decay } as object),
  clip_rms_sgd: ({ rms = 0, lr }) => o.chain(o.clipByTensorRms(rms), o.descend(lr)),
  cautious_adamw_mean: (h) => o.cautious(o.adamw(h)),
  cautious_adamw_count: (h) => o.cautious(o.adamw(h), { scale: "count" }),
  prodigy: ({ dCoefficient = 1, ...h }) => o.prodigy({ ...h, coefficient: dCoefficient }),
  prodigy_two_tensors: ({ dCoefficient = 1, ...h }) => o.prodigy({ ...h, coefficient: dCoefficient }),
  prodigy_quick: ({ dCoefficient = 1, ...h }) => o.prodigy({ ...h, coefficient: dCoefficient }),
  sm3_matrix: o.sm3,
  adafactor_torch: adafactor,
  adafactor_torch_vector: adafactor,
  adafactor_torch_decay: adafactor,
  adafactor_torch_relative: adafactor,
  adafactor_optax: ({ clip: limit = 1, decayPower = 0, ...h }) =>
    o.adafactor({ ...h, limit, beta2Decay: -decayPower, convention: "optax" }),
  agc_sgd: agc,
  agc_sgd_vector: agc,
  centralize_sgd: ({ lr }) => o.chain(o.centralize({ byRow: true }), o.descend(lr)),
  centralize_columns_sgd: ({ lr }) => o.chain(o.centralize(), o.descend(lr)),
  dog: o.dog,
  dowg: o.dowg,
  schedule_free_sgd: o.scheduleFreeSgd,
  schedule_free_sgd_warmup: o.scheduleFreeSgd,
  schedule_free_sgd_decay: o.scheduleFreeSgd,
  schedule_free_adamw: freeAdamw,
  schedule_free_adamw_decay: freeAdamw,
  lookahead: ({ lr, k = 1, alpha = 0 }) => o.lookahead(o.sgd({ lr }), { k, alpha }),
  lookahead_adam: ({ k = 1, alpha = 0, ...h }) => o.lookahead(o.adam(h), { k, alpha }),
  lookahead_adam_reset: ({ k = 1, alpha = 0, reset: _, ...h }) => o.lookahead(o.adam(h), { k, alpha, reset: true }),
  accumulate_sgd: ({ every = 1, lr }) => o.accumulate(o.sgd({ lr }), { steps: every }),
  accumulate_adam: ({ every = 1, ...h }) => o.accumulate(o.adam(h), { steps: every }),
  apply_every_sgd: ({ every = 1, lr }) => o.applyEvery(o.sgd({ lr }), every),
  ema_adam: ({ decay = 0, ...h }) => o.ema(o.adam(h), { decay, debias: false }),
  swa_adam: (h) => o.swa(o.adam(h)),
};

/** By entry of the second file's Rosenbrock part: optimizers that need a second gradient. */
const bySharpness: Record<string, (h: Hypers) => Optimizer> = {
  sam_sgd: ({ rho = 0, lr }) => o.sam(o.sgd({ lr }), { rho }),
  sam_adam: ({ rho = 0, ...h }) => o.sam(o.adam(h), { rho }),
  asam_sgd: ({ rho = 0, eta = 0, lr }) => o.sam(o.sgd({ lr }), { rho, eta, adaptive: true }),
};

/** The learning rate of rules_options.py that changes: 0.01 / t, t from 1. */
const falling = (t: number): number => 0.01 / (t + 1);

const moments = { lr: 0.01, beta1: 0.8, beta2: 0.95, eps: 0.1 };
const quick = { ...moments, beta2: 0.7, amsgrad: true };

/** By entry of rules_options.json: the hyperparameters stand in rules_options.py. */
const byOption: Record<string, () => Optimizer> = {
  ema_debiased: () => o.emaSgd({ lr: 0.01, debias: true }),
  sgd_lr_inside: () => o.sgd({ lr: falling, momentum: 0.9, lrInside: true }),
  sgd_nesterov_lr_inside: () => o.sgd({ lr: falling, momentum: 0.9, nesterov: true, lrInside: true }),
  sgd_dampened_first: () => o.sgd({ lr: 0.01, momentum: 0.9, dampening: 0.4, dampenFirst: true }),
  ema_falling: () => o.emaSgd({ lr: falling }),
  signum_falling: () => o.signum({ lr: falling }),
  adamw_paper: () => o.adamw({ ...moments, lr: o.inverseTime(0.01, 0.5), weightDecay: 0.05, decayTimesLr: false }),
  adan_falling: () => o.adan({ ...moments, lr: falling, beta2: 0.7, beta3: 0.9, weightDecay: 0.1 }),
  laprop_falling: () => o.laprop({ ...moments, lr: falling }),
  madgrad_falling: () => o.madgrad({ lr: falling, momentum: 0.8, eps: 0.2 }),
  sgd_lr_outside: () => o.sgd({ lr: falling, momentum: 0.9 }),
  rmsprop_lr_inside: () =>
    o.rmsprop({ lr: falling, alpha: 0.9, eps: 0.1, epsInside: true, momentum: 0.5, lrInside: true }),
  rmsprop_from_one: () => o.rmsprop({ alpha: 0.9, eps: 0.1, start: 1 }),
  rmsprop_debiased: () => o.rmsprop({ alpha: 0.9, eps: 0.1, debias: true }),
  rmsprop_centered_all: () =>
    o.rmsprop({ alpha: 0.9, eps: 0.1, epsInside: true, centered: true, debias: true, start: 2 }),
  rmsprop_centered_seeded: () => o.rmsprop({ alpha: 0.9, eps: 0.1, centered: true, start: "gradient" }),
  adam_eps_hat: () => o.adam({ ...moments, epsHat: true }),
  amsgrad_raw: () => o.adam(quick),
  amsgrad_debiased: () => o.adam({ ...quick, maxDebiased: true }),
  amsgrad_paper: () => o.adam({ ...quick, debias: false }),
  amsgrad_eps_hat: () => o.adam({ ...quick, epsHat: true }),
  adamax_eps_after: () => o.adamax({ ...moments, beta2: 0.9, epsAfter: true }),
  adamax_eps_inside: () => o.adamax({ ...moments, beta2: 0.9 }),
  nadam_keras: () => o.nadam({ ...moments, momentumDecay: 1 }),
  adabelief: () => o.adabelief({ ...moments, epsRoot: 0.01 }),
  acprop: () => o.acprop({ ...moments, epsRoot: 0.01 }),
  yogi: () => o.yogi({ ...moments, initial: 0.5 }),
  yogi_paper: () => o.yogi({ ...moments, initial: 0.5, debias: false }),
  adan: () => o.adan({ ...moments, beta2: 0.7, beta3: 0.9, epsRoot: 0.2, weightDecay: 0.1, proximal: false }),
  adopt: () => o.adopt({ ...moments, eps: 0.5 }),
  ademamix: () => o.ademamix({ ...moments, beta3: 0.99, alpha: 3 }),
  simplified_ademamix: () => o.simplifiedAdemamix({ ...moments, alpha: 2 }),
  laprop: () => o.laprop(moments),
  madgrad: () => o.madgrad({ momentum: 0.8, eps: 0.2, weightDecay: 0.1 }),
  adagrad_eps: () => o.adagrad({ eps: 0.1 }),
  adagrad_eps_inside: () => o.adagrad({ eps: 0.1, initial: 0.5, epsInside: true }),
  clip_norm_eps: () => o.chain(o.clipByGlobalNorm(50, { eps: 20 }), o.descend(0.01)),
  adadelta_eps: () => o.adadelta({ lr: 0.5, rho: 0.8, eps: 0.1 }),
  radam_eps_raw: () => o.radam({ ...moments, threshold: 4 }),
  radam_eps_debiased: () => o.radam({ ...moments, threshold: 4, epsDebiased: true }),
};

/** Faults of other programs, kept to show that the numbers tell them from the rule they are a fault of. */
export const faults: Readonly<Record<string, Optimizer>> = {
  adam_convnetjs_BUG: o.adam({ lr: 0.001 }),
  nadam_torch113_BUG: o.nadam({ lr: 0.002 }),
  "extra adan_optax_bug": o.adan({ lr: 0.001, epsRoot: 1e-8 }),
};

const SHAPED = "needs the tensor's rows and columns";

/** Entries that no optimizer here stands for, each with the reason. */
export const elsewhere: Readonly<Record<string, string>> = {
  sps: "needs the loss",
  "extra dadapt_adamw": "superseded by prodigy, of the same authors",
  "extra cocob": "elementwise, but no rule of this library: it has no learning rate to compare",
  "extra muon": SHAPED,
  "extra muon_column": SHAPED,
  "extra muon_row": SHAPED,
  "extra muon_plain": SHAPED,
  "extra muon_consistent": SHAPED,
};

/** A known answer: an optimizer, what it plays, and where it must be after the steps named. */
export interface Known {
  readonly name: string;
  readonly optimizer: Optimizer;
  readonly on: "tape" | "rosenbrock";
  readonly want: readonly { readonly t: number; readonly p: readonly number[] }[];
  /** Tensors that the numbers are; one vector unless said. */
  readonly shapes?: readonly (readonly number[])[];
  /** The view that is meant: what is trained unless said. */
  readonly view?: "train" | "eval";
}

const positions = (from: Readonly<Record<string, number | readonly number[]>>): Known["want"] =>
  Object.entries(from).flatMap(([t, p]) => (typeof p === "number" ? [] : [{ t: Number(t), p }]));

const entryOf = (name: string): Entry => rules[name] as Entry;

/** The positions an entry of either file holds on the tape. */
export const tapeOf = (name: string): Known["want"] =>
  positions((name.startsWith("extra ") ? (extra[name.slice(6)] as Extra) : entryOf(name)).tape);

const at = (of: readonly number[], i: number): number => of[i] as number;
const norm = (of: readonly number[]): number => Math.hypot(...of);

/** Answers of the files that hold for other optimizers too, and one by hand. */
const derived: readonly Known[] = [
  {
    name: "formula decay of a matrix",
    optimizer: o.decayMatrices(o.adamw()),
    on: "tape",
    want: tapeOf("adamw"),
    shapes: [[2, 2]],
  },
  { name: "formula decay of a vector", optimizer: o.decayMatrices(o.adamw()), on: "tape", want: tapeOf("adam") },
  {
    name: "formula clipping a group",
    optimizer: o.chain(o.link(o.clipByGroupNormRule), o.descend(0.1)),
    on: "tape",
    want: tapeOf("extra clip_norm_sgd"),
  },
  {
    name: "formula clipping a group with eps",
    optimizer: o.chain(o.link(o.clipByGroupNormRule, { maxNorm: 50, eps: 20 }), o.descend(0.01)),
    on: "tape",
    want: positions((worked.clip_norm_eps as { readonly tape: Positions }).tape),
  },
  {
    name: "formula cautious decay",
    optimizer: o.chain(o.cautiousDecay(0.1), o.descend(0.01)),
    on: "tape",
    want: byHand(() => (g, p) => g.map((d, i) => 0.01 * (d + (d * at(p, i) > 0 ? 0.1 * at(p, i) : 0)))),
  },
  {
    name: "formula trust ratio with eps",
    optimizer: o.chain(o.trustRatio({ trust: 0.5, eps: 10 }), o.descend(0.1)),
    on: "tape",
    want: byHand(() => (g, p) => g.map((d) => (0.1 * 0.5 * d * norm(p)) / (norm(g) + 10))),
  },
  {
    name: "formula lamb, no ratio above 1, not debiased",
    optimizer: o.lamb({ lr: 0.01, beta1: 0.8, beta2: 0.95, weightDecay: 0.1, debias: false, maxRatio: 1 }),
    on: "tape",
    want: byHand(() => {
      const [m, v] = [
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ] as [number[], number[]];
      return (g, p) => {
        const u = g.map((d, i) => {
          m[i] = 0.8 * at(m, i) + 0.2 * d;
          v[i] = 0.95 * at(v, i) + 0.05 * d * d;
          return at(m, i) / (Math.sqrt(at(v, i)) + 1e-6) + 0.1 * at(p, i);
        });
        return u.map((d) => 0.01 * Math.min(norm(p) / norm(u), 1) * d);
      };
    }),
  },
  {
    name: "formula novograd, averaged",
    optimizer: o.novograd({ lr: 0.01, beta2: 0.98, decay: 0.1, averaged: true }),
    on: "tape",
    want: byHand(() => {
      let [m, v] = [[0, 0, 0, 0], -1] as [number[], number];
      return (g, p) => {
        v = v < 0 ? norm(g) ** 2 : 0.98 * v + 0.02 * norm(g) ** 2;
        m = g.map((d, i) => 0.9 * at(m, i) + 0.1 * (d / (Math.sqrt(v) + 1e-6) + 0.1 * at(p, i)));
        return m.map((x) => 0.01 * x);
      };
    }),
  },
  {
    name: "formula ema, debiased, evaluated",
    optimizer: o.ema(o.sgd({ lr: 0.01 }), { decay: 0.8 }),
    on: "tape",
    view: "eval",
    want: byHand(
      () => (g) => g.map((d) => 0.01 * d),
      () => {
        let [sum, weight] = [[0, 0, 0, 0], 0];
        return (p) => {
          sum = sum.map((x, i) => 0.8 * x + 0.2 * at(p, i));
          weight = 0.8 * weight + 0.2;
          return sum.map((x) => x / weight);
        };
      },
    ),
  },
  {
    name: "formula dog with eps",
    optimizer: o.dog({ initial: 0.2, eps: 1e4 }),
    on: "tape",
    want: byHand(() => {
      let [most, sum] = [0.2 * (1 + norm(tape.start)), 0];
      return (g, p) => {
        most = Math.max(most, norm(p.map((x, i) => x - at(tape.start, i))));
        sum += norm(g) ** 2;
        return g.map((d) => (most * d) / Math.sqrt(sum + 1e4));
      };
    }),
  },
  {
    name: "formula gradient noise",
    optimizer: o.chain(o.gradientNoise({ eta: 0.3, gamma: 0.7 }), o.descend(0.1)),
    on: "tape",
    want: byHand(() => {
      let t = 0;
      return (g) => {
        const step = t++;
        const deviation = Math.sqrt(0.3 / (1 + step) ** 0.7);
        return g.map((d, i) => 0.1 * (d + deviation * gaussian(0, streams.gradient, step, i)));
      };
    }),
  },
  {
    name: "formula dowg with eps",
    optimizer: o.dowg({ lr: 3, eps: 0.05 }),
    on: "tape",
    want: byHand(() => {
      let [most, sum] = [0.05, 0];
      return (g, p) => {
        most = Math.max(most, norm(p.map((x, i) => x - at(tape.start, i))) ** 2);
        sum += most * norm(g) ** 2;
        return g.map((d) => (3 * most * d) / (Math.sqrt(sum) + 0.05));
      };
    }),
  },
];

/** The tape by a formula of the step from g and p, and what is seen of p after it. */
function byHand(
  make: () => (g: readonly number[], p: readonly number[]) => number[],
  look: () => (p: readonly number[]) => readonly number[] = () => (p) => p,
): Known["want"] {
  const [step, seen] = [make(), look()];
  let p = tape.start;
  return Array.from({ length: 100 }, (_, i) => {
    const u = step(tape.gradient(i + 1, p), p);
    p = p.map((x, k) => x - at(u, k));
    return { t: i + 1, p: seen(p) };
  });
}

export const known: readonly Known[] = [
  ...derived,
  ...Object.entries(byRule).flatMap(([name, make]): Known[] => {
    const { defaults, rosen } = entryOf(name);
    return [
      { name, optimizer: make(defaults.lr as number), on: "tape", want: tapeOf(name) },
      { name: `${name} on Rosenbrock`, optimizer: make(rosen.lr as number), on: "rosenbrock", want: positions(rosen) },
    ];
  }),
  ...Object.entries(byExtra).map(([name, make]): Known => {
    const { hyperparameters, shapes } = extra[name] as Extra;
    const optimizer = make(hyperparameters as Hypers);
    return {
      name: `extra ${name}`,
      optimizer,
      on: "tape",
      want: tapeOf(`extra ${name}`),
      ...(shapes ? { shapes } : {}),
    };
  }),
  ...Object.entries(byExtra).flatMap(([name, make]): Known[] => {
    const { hyperparameters, eval: at } = extra[name] as Extra;
    if (!at) return [];
    const optimizer = make(hyperparameters as Hypers);
    return [{ name: `extra ${name}, evaluated`, optimizer, on: "tape", want: positions(at), view: "eval" }];
  }),
  ...Object.entries(bySharpness).map(([name, make]): Known => {
    const { hyperparameters, tape: at } = sharpness[name] as Extra;
    return {
      name: `sharpness ${name}`,
      optimizer: make(hyperparameters as Hypers),
      on: "rosenbrock",
      want: positions(at),
    };
  }),
  ...Object.entries(byOption).map(
    ([name, make]): Known => ({
      name: `option ${name}`,
      optimizer: make(),
      on: "tape",
      want: positions((worked[name] as { readonly tape: Positions }).tape),
    }),
  ),
];

/**
 * Allowed between a reference and the files' f64 numbers, relative to max(1, |x|): other programs, other orders of
 * operations.
 */
export const TOLERANCE = 1e-9;

/** The largest difference from a known answer, relative to max(1, |x|); Infinity where anything is not a number. */
export function apart({ optimizer, on, want, shapes, view = "train" }: Known, options: PlayOptions = {}): number {
  const steps = Math.max(...want.map(({ t }) => t));
  const both = playBoth(optimizer, on === "tape" ? tape : rosenbrock, steps, {
    ...(shapes ? { shapes } : {}),
    ...options,
  });
  const path = both[view];
  const each = want.flatMap(({ t, p }) =>
    p.map((x, i) => Math.abs((path[t]?.[i] as number) - x) / Math.max(1, Math.abs(x))),
  );
  return each.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(...each);
}
