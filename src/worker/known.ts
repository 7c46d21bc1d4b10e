// All the kinds a worker can build from plain data: every layer, loss, rule and schedule of the library.
import { fail, nearest } from "../core/check.ts";
import * as nn from "../nn/index.ts";
import type { Group, Link, Optimizer } from "../optim/chain.ts";
import * as optim from "../optim/index.ts";
import { isRule } from "../optim/rule.ts";
import { isSchedule } from "../optim/schedule.ts";

/** As values: a bundler keeps only modules whose exports are used, and kinds and rules enter by being loaded. */
export const known: readonly object[] = [nn, optim];

const HINT =
  "what is defined in your own thread stays there: import it in a worker of your own, beside fall-line/worker";

function checkKnown(what: string, name: string, known: ReadonlyMap<string, unknown>): void {
  if (known.has(name)) return;
  const meant = nearest(name, known.keys());
  fail("worker", `knows no ${what} "${name}"`, meant === undefined ? HINT : `did you mean "${meant}"? ${HINT}`);
}

function checkSchedules(value: unknown): void {
  if (isSchedule(value)) checkKnown("schedule", value.kind, optim.schedules);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return;
  for (const inner of Object.values(value)) if (typeof inner === "object") checkSchedules(inner);
}

function checkLinks(links: readonly Link[]): void {
  for (const { rule, options } of links) {
    if (!isRule(rule)) checkKnown("rule", rule, optim.rules);
    checkSchedules(options);
  }
}

const allLinks = ({ links, groups = [] }: Optimizer): Link[] =>
  [links, ...groups.map((group: Group) => group.links)].flat();

/** Throws for a rule or schedule that this worker does not hold. Layers and losses are named when the model is built. */
export function checkKinds(options: object): void {
  const { optimizer, entries = {} } = options as {
    optimizer?: Optimizer;
    entries?: Readonly<Record<string, Optimizer>>;
  };
  for (const each of [...(optimizer ? [optimizer] : []), ...Object.values(entries)]) checkLinks(allLinks(each));
}
