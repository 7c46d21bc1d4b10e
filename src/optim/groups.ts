// Parameter groups: another optimizer for some layers or kinds of parameters, or none at all.
import { fail } from "../core/check.ts";
import type { Group, Link, Match, Optimizer } from "./chain.ts";
import { clipByGlobalNormRule } from "./clip_by_global_norm.ts";
import { clipByGroupNormRule } from "./clip_by_group_norm.ts";

/** The layer "layer2", the parameter "layer2.b", several of them, or all weight "matrices" or "vectors" (biases, scales). */
export type Where = string | readonly string[] | Match;

function matchOf(where: Where): Match {
  if (where === "matrices" || where === "vectors") return { only: where };
  if (typeof where === "string") return { names: [where] };
  return Array.isArray(where) ? { names: where as readonly string[] } : (where as Match);
}

/** Clipping is by the norm of what a chain sees: the group's gradients. */
const own = (links: readonly Link[]): Link[] =>
  links.map((at) => (at.rule === clipByGlobalNormRule.name ? { ...at, rule: clipByGroupNormRule.name } : at));

/**
 * optimizer for all parameters but those of a group, each of which has its own; "frozen" ones do not move. A parameter
 * belongs to the first group that matches it. Norms over a run are over a group's own gradients. sam in a group moves that
 * group's parameters aside, by their own norm; the gradient taken there is every group's (as in SAM-ON, Mueller et al. 2023).
 */
export function groups(
  optimizer: Optimizer,
  others: readonly { readonly where: Where; readonly optimizer: Optimizer | "frozen" }[],
): Optimizer {
  const all = [optimizer, ...others.map((other) => other.optimizer)];
  for (const at of all) {
    if (at === "frozen") continue;
    if (at.groups) fail("groups", "a group has groups of its own", "list them all in one call");
  }
  if (others.length === 0) fail("groups", "no groups, expected at least one");
  const made = others.map(
    ({ where, optimizer: at }): Group => ({ match: matchOf(where), links: at === "frozen" ? [] : own(at.links) }),
  );
  return { kind: "chain", links: own(optimizer.links), groups: made };
}

/** optimizer, with some parameters that do not move. */
export const freeze = (optimizer: Optimizer, ...where: readonly Where[]): Optimizer =>
  groups(
    optimizer,
    where.map((at) => ({ where: at, optimizer: "frozen" })),
  );
