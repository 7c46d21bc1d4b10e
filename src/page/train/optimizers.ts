// The optimizers a person may choose: every preset of the library, found by calling it, or a chain of rules of their own.
import * as family from "../../optim/index.ts";
import type { Link, Optimizer, Rule } from "../../optim/index.ts";
import type { Hyper } from "../../optim/presets.ts";

type Maker = (options: { lr?: Hyper }) => Optimizer;

/** What it gives without options; undefined for what needs some. */
function called(made: unknown): unknown {
  if (typeof made !== "function") return undefined;
  try {
    return (made as () => unknown)();
  } catch {
    return undefined;
  }
}

const isOptimizer = (made: unknown): made is Optimizer =>
  typeof made === "object" &&
  made !== null &&
  (made as Optimizer).kind === "chain" &&
  Array.isArray((made as Optimizer).links);

const { sgd, adam } = family;
const makers: ReadonlyMap<string, Maker> = new Map<string, Maker>(
  [
    ...Object.entries(family).filter(([, made]) => isOptimizer(called(made))),
    // The command's names for what people know by names of their own.
    ["momentum", ({ lr }: { lr?: Hyper }) => sgd({ momentum: 0.9, ...(lr === undefined ? {} : { lr }) })],
    [
      "nesterov",
      ({ lr }: { lr?: Hyper }) => sgd({ momentum: 0.9, nesterov: true, ...(lr === undefined ? {} : { lr }) }),
    ],
    ["amsgrad", ({ lr }: { lr?: Hyper }) => adam({ amsgrad: true, ...(lr === undefined ? {} : { lr }) })],
  ].sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1)) as [string, Maker][],
);

/** The name of a chain of one's own. */
export const CHAIN = "chain";
export const optimizerNames: readonly string[] = [...makers.keys()];
export const ruleNames: readonly string[] = [...family.rules.keys()].sort();

const ruleOf = (name: string): Rule | undefined => family.rules.get(name);

/** A rule's hyperparameters with their defaults, as it declares them. */
export const ruleOptions = (name: string): Readonly<Record<string, number>> => ruleOf(name)?.options ?? {};

/** A good first learning rate, by what the steps of an optimizer are like. */
const RATES: Readonly<Record<string, number>> = {
  ...{ sgd: 0.3, momentum: 0.1, nesterov: 0.1, emaSgd: 0.3, optimisticSgd: 0.3, scheduleFreeSgd: 1 },
  ...{ lion: 0.003, signsgd: 0.003, signum: 0.003, rmsprop: 0.003, adadelta: 1, adagrad: 0.03, rprop: 0.01 },
  ...{ dog: 1, dowg: 1, prodigy: 1, fromage: 0.01, lars: 1, novograd: 0.01 },
};
export const usualRate = (name: string): number => RATES[name] ?? 0.01;

export interface OptimizerChoice {
  /** A preset's name, or {@link CHAIN}. */
  readonly name: string;
  /** Of a chain: its rules in order, descend last. */
  readonly chain: readonly string[];
  /** What differs from the defaults: "adam.beta1", "descend2.lr" (of the second such rule). */
  readonly tweaks: Readonly<Record<string, number>>;
  /** Clips the gradients' norm first; 0 is off. */
  readonly clip: number;
}

export const plainChoice = (name: string): OptimizerChoice => ({ name, chain: [], tweaks: {}, clip: 0 });

/** "adam", and "descend2" for the second descend. */
export const linkKeys = (links: readonly { readonly rule: string }[]): string[] =>
  links.map(({ rule }, i) => {
    const before = links.slice(0, i).filter((other) => other.rule === rule).length;
    return before === 0 ? rule : `${rule}${before + 1}`;
  });

/** The links before what a person changed. In a chain the last descend takes the learning rate. */
function plainLinks({ name, chain, clip }: OptimizerChoice, lr: Hyper): readonly Link[] {
  const front = clip > 0 ? [family.clipByGlobalNorm(clip)] : [];
  const maker = makers.get(name);
  if (maker) return [...front, ...maker({ lr }).links];
  const rules = chain.length > 0 ? chain : ["descend"];
  const last = rules.lastIndexOf("descend");
  return [...front, ...rules.map((rule, i) => family.link(ruleOf(rule) as Rule, i === last ? { lr } : {}))];
}

/** Fields of a choice by link: name and default; those that follow the learning rate are left out. */
export function optimizerFields(
  choice: OptimizerChoice,
): readonly { readonly key: string; readonly rule: string; readonly options: Readonly<Record<string, number>> }[] {
  const [some, others] = [plainLinks(choice, 0.25), plainLinks(choice, 0.5)];
  const keys = linkKeys(some);
  return some.map(({ rule, options }, i) => {
    const own = Object.entries(options).filter(
      ([name, value]) => value === others[i]?.options[name] && typeof value === "number",
    );
    return { key: keys[i] as string, rule, options: Object.fromEntries(own) as Record<string, number> };
  });
}

/** Whether a choice has a learning rate at all. */
export const hasRate = (choice: OptimizerChoice): boolean => {
  const [some, others] = [plainLinks(choice, 0.25), plainLinks(choice, 0.5)];
  return JSON.stringify(some) !== JSON.stringify(others);
};

/** The optimizer of a choice at a learning rate or schedule of it. Throws in words for a chain that cannot be. */
export function makeOptimizer(choice: OptimizerChoice, lr: Hyper): Optimizer {
  const links = plainLinks(choice, lr);
  const keys = linkKeys(links);
  const tweaked = links.map((at, i) => {
    const own = Object.entries(at.options).map(([name, value]) => [name, choice.tweaks[`${keys[i]}.${name}`] ?? value]);
    return { ...at, options: Object.fromEntries(own) as Link["options"] };
  });
  return family.chain(...tweaked);
}
