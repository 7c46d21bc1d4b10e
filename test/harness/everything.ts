// Every optimizer there is, by the registries: each preset with its defaults, each rule alone before a step, each wrapper and
// transform once. A new rule or preset is in it without a line here.
import * as o from "../../src/optim/index.ts";
import { wrapped } from "./wrapped.ts";

const called = (made: unknown): unknown => {
  if (typeof made !== "function" || made.length > 1) return undefined;
  try {
    return (made as () => unknown)();
  } catch {
    return undefined;
  }
};

const isOptimizer = (made: unknown): made is o.Optimizer => (made as o.Optimizer | undefined)?.kind === "chain";

/** Functions of the family that give an optimizer of nothing, by name. */
export const presets: Readonly<Record<string, o.Optimizer>> = Object.fromEntries(
  Object.entries(o)
    .map(([name, made]) => [name, called(made)] as const)
    .filter((entry): entry is [string, o.Optimizer] => isOptimizer(entry[1])),
);

/** Rules that are no part of another, each before a step or after it. */
export const alone: Readonly<Record<string, o.Optimizer>> = Object.fromEntries(
  [...o.rules.values()]
    .filter(({ borrows, recalls, name }) => !borrows && !recalls && name !== "descend")
    .map((rule) => {
      const step = o.descend(0.01);
      return [`rule ${rule.name}`, { kind: "chain", links: rule.after ? [step, o.link(rule)] : [o.link(rule), step] }];
    }),
);

export const everything: Readonly<Record<string, o.Optimizer>> = { ...presets, ...alone, ...wrapped };
