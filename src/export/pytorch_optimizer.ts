// An optimizer as PyTorch's own, where it has one that does the same: the links of a chain told by their pattern.
import { canonical } from "../core/hash.ts";
import { type Link, type Optimizer, type Schedule, type Scheduled, valueAt } from "../optim/index.ts";
import { py } from "./pytorch_model.ts";

export interface TorchOptimizer {
  /** `optimizer = ...` */
  readonly lines: readonly string[];
  /** Before optimizer.step(). */
  readonly before: readonly string[];
  /** What its lr is over the steps: a number is constant. */
  readonly lr: Scheduled;
}

type Options = Link["options"];

/** What the links' pattern allows to be said: decay coupled (to the gradient) or decoupled, momentum after the rule. */
interface Parts {
  readonly rule: string;
  readonly options: Options;
  readonly decay: Scheduled;
  readonly decoupled: boolean;
  readonly momentum: Options | undefined;
  readonly lr: Scheduled;
}

interface Form {
  readonly name: string;
  /** The Python keyword arguments, or undefined where PyTorch's differs. */
  readonly options: (parts: Parts) => Readonly<Record<string, string>> | undefined;
}

const at0 = (value: Scheduled | undefined, fallback = 0): number => valueAt(value ?? fallback, 0);
const is = (value: Scheduled | undefined, wanted: number): boolean => at0(value, wanted) === wanted;
const num = (value: Scheduled | undefined): string => py(at0(value));
const betas = ({ beta1, beta2 }: Options): string => `(${num(beta1)}, ${num(beta2)})`;
const decayOf = ({ decay }: Parts): Record<string, string> => (is(decay, 0) ? {} : { weight_decay: num(decay) });

const plainAdam = ({ debias, epsHat, epsRoot, maxDebiased }: Options): boolean =>
  is(debias, 1) && is(epsHat, 0) && is(epsRoot, 0) && is(maxDebiased, 0);

const adam = (amsgrad: boolean): Form => ({
  name: "Adam",
  options: (parts) => {
    const { options, momentum } = parts;
    if (!plainAdam(options) || momentum) return undefined;
    const own = { betas: betas(options), eps: num(options.eps), ...decayOf(parts) };
    return amsgrad ? { ...own, amsgrad: "True" } : own;
  },
});

/** Rules without decay beside them, unless it is decoupled where PyTorch can. */
const coupled = (
  name: string,
  options: (parts: Parts) => Readonly<Record<string, string>> | undefined,
  { decoupled = false } = {},
): Form => ({
  name,
  options: (parts) => {
    if (parts.momentum || (parts.decoupled && !decoupled)) return undefined;
    const own = options(parts);
    const beside = parts.decoupled ? { decoupled_weight_decay: "True" } : {};
    return own && { ...own, ...decayOf(parts), ...beside };
  },
});

const rmsprop = (centered: boolean): Form => ({
  name: "RMSprop",
  options: (parts) => {
    const { options: of, momentum, decoupled } = parts;
    if (!is(of.initial, 0) || !is(of.seeded, 0) || !is(of.epsInside, 0) || !is(of.debias, 0) || decoupled)
      return undefined;
    if (momentum && !(is(momentum.dampening, 0) && is(momentum.nesterov, 0))) return undefined;
    const own = { alpha: num(of.alpha), eps: num(of.eps), ...decayOf(parts) };
    const moved = momentum ? { momentum: num(momentum.momentum) } : {};
    return { ...own, ...moved, ...(centered ? { centered: "True" } : {}) };
  },
});

const FORMS: Readonly<Record<string, Form>> = {
  "": {
    name: "SGD",
    options: (parts) => {
      const { momentum: by, decoupled, decay } = parts;
      if (decoupled && by && !is(decay, 0)) return undefined;
      if (!by) return decayOf(parts);
      const { momentum, dampening, nesterov, dampenFirst } = by;
      if (!is(dampening, 0) && !is(dampenFirst, 0)) return undefined;
      return {
        momentum: num(momentum),
        ...(is(dampening, 0) ? {} : { dampening: num(dampening) }),
        ...decayOf(parts),
        ...(is(nesterov, 0) ? {} : { nesterov: "True" }),
      };
    },
  },
  adam: adam(false),
  amsgrad: adam(true),
  rmsprop: rmsprop(false),
  rmspropCentered: rmsprop(true),
  adagrad: coupled("Adagrad", ({ options: of }) =>
    is(of.epsInside, 0)
      ? { lr_decay: num(of.lrDecay), initial_accumulator_value: num(of.initial), eps: num(of.eps) }
      : undefined,
  ),
  adadelta: coupled("Adadelta", ({ options: of }) => ({ rho: num(of.rho), eps: num(of.eps) })),
  adamax: coupled("Adamax", ({ options: of }) =>
    is(of.epsAfter, 0) ? { betas: betas(of), eps: num(of.eps) } : undefined,
  ),
  nadam: coupled(
    "NAdam",
    ({ options: of }) =>
      is(of.constant, 0) ? { betas: betas(of), eps: num(of.eps), momentum_decay: num(of.momentumDecay) } : undefined,
    { decoupled: true },
  ),
  radam: coupled(
    "RAdam",
    ({ options: of }) =>
      is(of.threshold, 5) && is(of.epsDebiased, 0) ? { betas: betas(of), eps: num(of.eps) } : undefined,
    { decoupled: true },
  ),
};

/** Clipping comes first and is a call of its own there. */
function clipping(links: readonly Link[]): { before: string[]; rest: readonly Link[] } {
  const [first, ...rest] = links;
  if (first?.rule === "clipByGlobalNorm" && is(first.options.eps, 1e-6)) {
    return { before: [`nn.utils.clip_grad_norm_(model.parameters(), ${num(first.options.maxNorm)})`], rest };
  }
  if (first?.rule === "clipByValue") {
    return { before: [`nn.utils.clip_grad_value_(model.parameters(), ${num(first.options.limit)})`], rest };
  }
  return { before: [], rest: links };
}

/** Decay, one rule, momentum, decay, descend, all but the last of them optional; undefined for other patterns. */
function partsOf(links: readonly Link[]): Parts | undefined {
  const rest = [...links];
  const take = (name: string): Options | undefined => (rest[0]?.rule === name ? rest.shift()?.options : undefined);
  const coupledDecay = take("weightDecay");
  const named = rest[0] && Object.hasOwn(FORMS, rest[0].rule) ? rest.shift() : undefined;
  const momentum = take("momentum");
  const decoupledDecay = take("weightDecay");
  const descend = take("descend");
  if (rest.length > 0 || !descend || (coupledDecay && decoupledDecay)) return undefined;
  return {
    rule: named?.rule ?? "",
    options: named?.options ?? {},
    decay: (coupledDecay ?? decoupledDecay)?.weightDecay ?? 0,
    decoupled: decoupledDecay !== undefined,
    momentum,
    lr: descend.lr ?? 0,
  };
}

/** Rprop's rule holds its own lr. */
function rpropOf(links: readonly Link[]): TorchOptimizer["lines"] | undefined {
  const [rule, descend, ...more] = links;
  if (rule?.rule !== "rprop" || descend?.rule !== "descend" || more.length > 0 || !is(descend.options.lr, 1))
    return undefined;
  const { lr, etaMinus, etaPlus, min, max } = rule.options;
  const steps = `etas=(${num(etaMinus)}, ${num(etaPlus)}), step_sizes=(${num(min)}, ${num(max)})`;
  return [`optimizer = torch.optim.Rprop(model.parameters(), lr=${num(lr)}, ${steps})`];
}

const isSchedule = (value: Scheduled): value is Schedule => typeof value === "object";

/** Hyperparameters other than lr that change with the step: PyTorch's optimizers have no schedule for them. */
const others = (links: readonly Link[]): string[] =>
  links.flatMap(({ rule, options }) =>
    Object.entries(options)
      .filter(([name, value]) => isSchedule(value) && !(rule === "descend" && name === "lr"))
      .map(([name]) => `# ${rule}'s ${name} changes with the step in Fall Line; here it stays at its first value.`),
  );

/** What to say where PyTorch has no such optimizer: a start from its nearest. */
function none({ links, groups }: Optimizer): TorchOptimizer {
  const lr = links.findLast(({ rule }) => rule === "descend")?.options.lr ?? 1e-3;
  const what = groups ? "groups of parameters with chains of their own" : links.map(({ rule }) => rule).join(" > ");
  return {
    lines: [
      `# PyTorch has no optimizer that does the same as this chain: ${what}.`,
      `# ${canonical({ links, ...(groups ? { groups } : {}) })}`,
      "# SGD stands here so that the script runs; its losses are others.",
      `optimizer = torch.optim.SGD(model.parameters(), lr=${num(lr)})`,
    ],
    before: [],
    lr,
  };
}

/** PyTorch's optimizer that does what a chain does, its options spelled out; a comment and SGD where it has none. */
export function torchOptimizer(optimizer: Optimizer): TorchOptimizer {
  const { links, groups } = optimizer;
  if (groups || links.some(({ clock }) => clock)) return none(optimizer);
  const { before, rest } = clipping(links);
  const rprop = rpropOf(rest);
  if (rprop) return { lines: rprop, before, lr: 1 };
  const parts = partsOf(rest);
  if (!parts) return none(optimizer);
  const form = FORMS[parts.rule] as Form;
  const decoupledAdam = parts.decoupled && form.name === "Adam";
  const options = form.options(parts);
  if (
    !options ||
    (parts.decoupled && !decoupledAdam && !("decoupled_weight_decay" in options) && form.name !== "SGD")
  ) {
    return none(optimizer);
  }
  const name = decoupledAdam ? "AdamW" : form.name;
  const given = [`lr=${num(parts.lr)}`, ...Object.entries(options).map(([key, value]) => `${key}=${value}`)];
  const line = `optimizer = torch.optim.${name}(model.parameters(), ${given.join(", ")})`;
  return { lines: [...others(rest), line], before, lr: parts.lr };
}
