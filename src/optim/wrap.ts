// What wrappers of optimizers share: where in a chain its direction begins and ends.
import type { Link, Optimizer } from "./chain.ts";
import { rules } from "./rule.ts";

const FIRST = [
  "clipByGlobalNorm",
  "clipByGroupNorm",
  "clipByTensorRms",
  "clipByValue",
  "weightDecay",
  "centralize",
  "clipAdaptive",
  "gradientNoise",
  "accumulate",
  "ascend",
];
const LAST = ["weightDecay", "matrixDecay", "cautiousDecay", "proximalDecay", "descend"];

/** The links that prepare the gradient, those that make a direction of it, and the decay and step that end it. */
export function insideOf(links: readonly Link[]): { before: Link[]; direction: Link[]; after: Link[] } {
  const isLast = ({ rule }: Link): boolean => LAST.includes(rule) || rules.get(rule)?.after === true;
  let end = links.length;
  while (end > 0 && isLast(links[end - 1] as Link)) end--;
  let start = 0;
  while (start < end && FIRST.includes((links[start] as Link).rule)) start++;
  return { before: links.slice(0, start), direction: links.slice(start, end), after: links.slice(end) };
}

/** The optimizer with its links, and those of its groups, changed. */
export const mapLinks = (optimizer: Optimizer, change: (links: readonly Link[]) => readonly Link[]): Optimizer => ({
  kind: "chain",
  links: change(optimizer.links),
  ...(optimizer.groups
    ? {
        groups: optimizer.groups.map((group) => ({
          ...group,
          links: group.links.length > 0 ? change(group.links) : [],
        })),
      }
    : {}),
});
