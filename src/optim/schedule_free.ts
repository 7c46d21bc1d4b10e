// Schedule-free SGD and AdamW: averaging in place of a schedule. Trained at y, evaluated at x.
import wgsl from "../../shaders/optim/schedule_free.wgsl?raw";
import { checkKeys, checkNumber, fail } from "../core/check.ts";
import { chain, type Link, link, type Optimizer } from "./chain.ts";
import { descend, type Hyper, weightDecay } from "./presets.ts";
import { scaleByRmsprop } from "./rmsprop.ts";
import { defineRule } from "./rule.ts";
import { scheduleFreeViewRule } from "./schedule_free_view.ts";

/** How far along the warm-up step t is: min(t / warmup, 1). */
const warmed = (t: number, warmup: number): number => (warmup > 0 ? Math.min(t / warmup, 1) : 1);

/** The share of step t's weight, warmed^power, in the sum of all weights so far. */
function shareOf(t: number, warmup: number, power: number): number {
  let sum = Math.max(t - warmup, 0);
  for (let i = 1; i <= Math.min(t, warmup); i++) sum += warmed(i, warmup) ** power;
  return warmed(t, warmup) ** power / sum;
}

export const scheduleFreeRule = defineRule({
  name: "scheduleFree",
  wgsl,
  options: { lr: 1, beta: 0.9, warmup: 0, weightPower: 2 },
  state: ["z"],
  fields({ lr: full = 0, beta = 0, warmup = 0, weightPower = 0 }, t) {
    const [lr, share] = [full * warmed(t, warmup), shareOf(t, warmup, weightPower)];
    return { lr, share, advance: lr * (1 - beta * (1 - share)), first: t === 1 ? 1 : 0 };
  },
  varies: ["lr", "share", "advance", "first"],
  view: scheduleFreeViewRule.name,
  reference(u, p, { lr = 0, share = 0, advance = 0, first = 0 }, s) {
    const before = first ? p : s[0]!;
    s[0] = before - lr * u;
    return share * (p - before) + advance * u;
  },
  bound(by, u, p, { lr, share, advance, first }, s) {
    const before = first!.v ? p : s[0]!;
    s[0] = by.subtract(before, by.multiply(lr!, u));
    const towards = first!.v ? { v: 0, e: 0 } : by.subtract(p, before);
    return by.add(by.multiply(share!, towards), by.multiply(advance!, u));
  },
});

interface Averaging {
  /** A number: schedule-free optimizers take no schedule, only a warm-up. */
  readonly lr?: number;
  /** How much of the average is in the point where gradients are taken, over 0. */
  readonly beta?: number;
  /** Steps over which lr grows from 0 linearly; steps weigh (lr now / lr)^weightPower in the average. */
  readonly warmup?: number;
  readonly weightPower?: number;
  /** Added to the direction, at y. */
  readonly weightDecay?: Hyper;
}

const KEYS = ["lr", "beta", "warmup", "weightPower", "weightDecay"];

function scheduleFree(
  name: string,
  directions: readonly Link[],
  options: Averaging & { readonly lr: number },
): Optimizer {
  const { weightDecay: decay = 0, ...own } = options;
  checkNumber(name, "lr", own.lr);
  const beta = checkNumber(name, "beta", own.beta ?? 0.9);
  if (!(beta > 0 && beta <= 1)) fail(name, `beta is ${beta}, expected a number over 0, at most 1`);
  return chain(
    ...directions,
    ...(decay === 0 ? [] : [weightDecay(decay)]),
    link(scheduleFreeRule, { ...own }),
    descend(1),
  );
}

/** Schedule-free SGD (Defazio et al. 2024): lr 1, beta 0.9, warmup 0, weightPower 2, weightDecay 0 as optax has them. */
export function scheduleFreeSgd(options: Averaging = {}): Optimizer {
  checkKeys("scheduleFreeSgd", options, KEYS);
  return scheduleFree("scheduleFreeSgd", [], { lr: 1, ...options });
}

export type ScheduleFreeAdamOptions = Averaging & { readonly beta2?: Hyper; readonly eps?: Hyper };

/**
 * Schedule-free AdamW (Defazio et al. 2024): u over Adam's debiased root, averaged in place of a mean. Defaults as the
 * authors' code: lr 0.0025, beta 0.9, beta2 0.999, eps 1e-8, warmup 0, weightDecay 0 (at y).
 */
export function scheduleFreeAdamw(options: ScheduleFreeAdamOptions = {}): Optimizer {
  checkKeys("scheduleFreeAdamw", options, [...KEYS, "beta2", "eps"]);
  const { beta2 = 0.999, eps = 1e-8, ...own } = options;
  return scheduleFree("scheduleFreeAdamw", [scaleByRmsprop({ alpha: beta2, eps, debias: true })], {
    lr: 0.0025,
    ...own,
  });
}
