// The error bounds of rules, beside the rules they belong to; out of the bundles that only train.
import { fail } from "../core/check.ts";
import type { Rule, RuleSpec } from "./rule.ts";

export type RuleBound = NonNullable<RuleSpec["bound"]>;

const bounds = new Map<string, RuleBound>();

export function defineRuleBound(rule: string, bound: RuleBound): void {
  bounds.set(rule, bound);
}

/** A rule's bound: declared with it, or beside it. */
export const ruleBoundOf = (rule: Rule): RuleBound =>
  rule.bound ?? bounds.get(rule.name) ?? fail(`rule ${rule.name}`, "has no error bound", "declare one with it");

export const hasRuleBound = (rule: Rule): boolean => rule.bound !== undefined || bounds.has(rule.name);
