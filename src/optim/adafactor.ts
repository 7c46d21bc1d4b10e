// Adafactor: second moments by row and column, steps relative to the parameters' size.
import wgsl from "../../shaders/optim/adafactor.wgsl?raw";
import stepWgsl from "../../shaders/optim/adafactor_step.wgsl?raw";
import { checkKeys, fail } from "../core/check.ts";
import { type Approx, exact } from "../kernel/bound.ts";
import { blend, larger, ratio } from "./bounds.ts";
import { chain, type Link, link, type Optimizer } from "./chain.ts";
import { emaMomentum } from "./ema_momentum.ts";
import { lineReduction } from "./lines.ts";
import { descend, type Hyper, weightDecay } from "./presets.ts";
import { reduction } from "./reduce.ts";
import { defineRule } from "./rule.ts";

/** The eps of f32, which PyTorch takes for eps1 where none is given. */
const EPSILON = 2 ** -23;

export const adafactorRule = defineRule({
  name: "adafactor",
  wgsl,
  options: { beta2Decay: -0.8, eps: EPSILON, epsAdded: 0 },
  matrix: true,
  fields({ beta2Decay = 0, eps = 0, epsAdded = 0 }, t) {
    const rest2 = t ** beta2Decay;
    const guards = epsAdded ? { added: eps, floor: 0, least: 0 } : { added: 0, floor: eps, least: eps * eps };
    return { beta2: 1 - rest2, rest2, ...guards };
  },
  varies: ["beta2", "rest2"],
  reduces: lineReduction({
    fields: ["row_v", "col_v", "all_v"],
    kept: ["v"],
    keeps: true,
    terms: (u, _, { added = 0 }) => [u * u + added],
    termsBound: (by, u, _, { added }) => [by.add(by.multiply(u, u), added!)],
    settle: ([sum = 0], count, { beta2 = 0, rest2 = 0 }, [v = 0]) => [beta2 * v + rest2 * (sum / count)],
    settleBound: (by, [sum], count, { beta2, rest2 }, [v]) => [
      blend(by, beta2!, v!, rest2!, by.divide(sum!, exact(count))),
    ],
  }),
  reference(u, _, { floor = 0, least = 0, row_v = 0, col_v = 0, all_v = 0, matrix = 0 }) {
    const share = matrix ? row_v / (Math.max(all_v, floor) || 1) : 1;
    return u / (Math.sqrt(Math.max(share * col_v, least)) || 1);
  },
  bound(by, u, _, { floor, least, row_v, col_v, all_v, matrix }) {
    const share = matrix!.v ? ratio(by, row_v!, larger(all_v!, floor!)) : exact(1);
    return ratio(by, u, by.root(larger(by.multiply(share, col_v!), least!)));
  },
});

export const adafactorStepRule = defineRule({
  name: "adafactorStep",
  wgsl: stepWgsl,
  options: { lr: 0.01, limit: 1, minRms: 1e-3, relative: 1 },
  fields: ({ lr = 0, limit = 0, minRms = 0, relative = 0 }, t) => ({
    limit,
    min_rms: minRms,
    relative: relative && lr > 0 ? Math.min(1, 1 / (lr * Math.sqrt(t))) : 1,
  }),
  varies: ["relative"],
  reduces: reduction({
    fields: ["size", "divisor"],
    over: "tensor",
    terms: (u, p) => [p * p, u * u],
    termsBound: (by, u, p) => [by.multiply(p, p), by.multiply(u, u)],
    settle: ([p = 0, u = 0], count, { limit = 0, min_rms = 0 }) => [
      Math.max(min_rms, Math.sqrt(p / count)),
      Math.max(1, Math.sqrt(u / count) / limit),
    ],
    settleBound(by, sums, count, { limit, min_rms }) {
      const [p, u] = sums.map((sum) => by.root(by.divide(sum, exact(count)))) as [Approx, Approx];
      return [larger(min_rms!, p), larger(exact(1), by.divide(u, limit!))];
    },
  }),
  reference: (u, _, { relative = 0, size = 0, divisor = 1 }) => (u * (relative * size)) / divisor,
  bound: (by, u, _, { relative, size, divisor }) => by.divide(by.multiply(u, by.multiply(relative!, size!)), divisor!),
});

export type AdafactorDirection = {
  /** The running means' 1 - beta2 is t^beta2Decay. */
  readonly beta2Decay?: Hyper;
  readonly eps?: Hyper;
  /** true: eps is added to g^2, as the paper and optax; false: it is the least mean of g^2 and its square the least v, as PyTorch. */
  readonly epsAdded?: boolean;
};

export const scaleByAdafactor = (options: AdafactorDirection = {}): Link => link(adafactorRule, options);

export type AdafactorStepOptions = {
  readonly lr?: Hyper;
  /** The most that u's root mean square may be. */
  readonly limit?: Hyper;
  /** The least that a parameter's root mean square counts. */
  readonly minRms?: Hyper;
  /** The step is min(lr, 1 / sqrt(t)). */
  readonly relative?: boolean;
};

/** u rms(p) / max(1, rms(u) / limit) in each tensor, to be followed by descend(lr) of the same lr. */
export const adafactorStep = (options: AdafactorStepOptions = {}): Link => link(adafactorStepRule, options);

export interface AdafactorOptions extends Omit<AdafactorDirection, "epsAdded">, AdafactorStepOptions {
  /** Decoupled: times lr in PyTorch, not multiplied by lr in optax. */
  readonly weightDecay?: Hyper;
  /** The beta of a running mean of the steps' directions, of the steps with their lr in optax; 0 is none. */
  readonly momentum?: Hyper;
  /** "torch": eps 2^-23 as a least value, relative steps. "optax", and the paper's eps: 1e-30 added to g^2, steps of lr. */
  readonly convention?: "torch" | "optax";
}

const KEYS = ["lr", "beta2Decay", "eps", "limit", "minRms", "relative", "weightDecay", "momentum", "convention"];

/**
 * Adafactor (Shazeer & Stern 2018): R and C run along rows and columns of g^2, u = g / sqrt(R C / mean(R)), p -= min(lr, 1 /
 * sqrt(t)) max(minRms, rms(p)) u / max(1, rms(u) / limit). Biases are not factored; tensors of more than two dimensions are
 * taken as matrices [the others, last]; optax factors only where both sides are 128 or more, PyTorch and this always. Defaults
 * are PyTorch's: lr 0.01, beta2Decay -0.8, eps 2^-23, minRms 1e-3, limit (its d) 1, weightDecay 0.
 */
export function adafactor(options: AdafactorOptions = {}): Optimizer {
  checkKeys("adafactor", options, KEYS);
  const { lr = 0.01, beta2Decay, eps, limit, minRms, convention = "torch", ...rest } = options;
  if (convention !== "torch" && convention !== "optax") {
    fail("adafactor", `convention is ${JSON.stringify(convention)}, expected "torch" or "optax"`);
  }
  const optax = convention === "optax";
  const { relative = !optax, weightDecay: decay = 0, momentum = 0 } = rest;
  return chain(
    scaleByAdafactor({
      ...(beta2Decay === undefined ? {} : { beta2Decay }),
      eps: eps ?? (optax ? 1e-30 : EPSILON),
      epsAdded: optax,
    }),
    adafactorStep({
      lr,
      relative,
      ...(limit === undefined ? {} : { limit }),
      ...(minRms === undefined ? {} : { minRms }),
    }),
    ...(optax ? [descend(lr)] : []),
    ...(momentum === 0 ? [] : [emaMomentum({ beta: momentum })]),
    ...(decay === 0 ? [] : [weightDecay(decay)]),
    descend(optax ? 1 : lr),
  );
}
