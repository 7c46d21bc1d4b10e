// Validates a rule, or a whole chain: the kernels that play it, a hundred replayed steps with several settings, and that
// padding stays 0.
import type { WebGpuBackend } from "../backend/webgpu/index.ts";
import type { Backend } from "../backend/backend.ts";
import type { Case } from "../kernel/cases.ts";
import type { Rounding } from "../kernel/kernel.ts";
import { link, type Optimizer } from "../optim/chain.ts";
import { compileChain } from "../optim/compile.ts";
import { setsOf } from "../optim/reduce.cases.ts";
import { type Rule, ruleNamed, type Values } from "../optim/rule.ts";
import { defineRuleBound, hasRuleBound } from "../optim/rule_bounds.ts";
import { ruleCases } from "../optim/update.cases.ts";
import { replay, type Trajectory } from "../train/replay.ts";
import { openBounded } from "./bounded.ts";
import { derivedBound } from "./derive.ts";
import { settingsOf } from "./settings.ts";
import type { ValidationRow } from "./validate.ts";

/** Steps that are replayed. */
export const STEPS = 100;

/** A bound above this share of the number and its way says nothing: a sign may have been taken either way. */
const SAYING = 1e-2;

/** The step sizes of the settings, in turn. */
const RATES = [0.01, 0.03, 0.1] as const;

/** Gradients of four numbers, from 0.1 to 100 in size, their signs changing; the fifth is padding's: none at all. */
export const START = [1, -2, 3, 0.5, 0].map(Math.fround);
const gradientAt = (t: number): number[] =>
  [1, 2, 3, 4].map((i) => Math.fround(Math.cos(0.7 * (t + 1) * i) * 10 ** (i - 2) + 0.1 * i)).concat(0);

const chainOf = (rule: Rule, options: Values, lr: number): Optimizer => {
  const descend = { rule: "descend", options: { lr } };
  if (rule.name === "descend") return { kind: "chain", links: [descend] };
  const own = link(rule, options);
  return { kind: "chain", links: rule.after ? [descend, own] : [own, descend] };
};

/** A rule with each of some settings, or of three made from its defaults. */
export const chainsOf = (rule: Rule, settings: readonly Values[] = settingsOf(rule)): Optimizer[] =>
  settings.map((options, i) => chainOf(rule, options, RATES[i % RATES.length] as number));

/** Derives the bounds of rules that declare none. */
function deriveBounds(optimizers: readonly Optimizer[]): void {
  const links = optimizers.flatMap((at) => [at, ...(at.groups ?? [])].flatMap((part) => part.links));
  for (const name of new Set(links.map(({ rule }) => rule))) {
    const rule = ruleNamed(name);
    if (!hasRuleBound(rule)) defineRuleBound(name, derivedBound(rule));
  }
}

/** Cases of every phase of the chains, by kernel. Throws for a rule whose bound is neither declared nor to be derived. */
export function kernelCases(optimizers: readonly Optimizer[]): Map<string, Case[]> {
  deriveBounds(optimizers);
  const byKernel = new Map<string, Case[]>();
  const sets = [...ruleCases(optimizers), ...setsOf(optimizers[0] as Optimizer)];
  for (const { kernel, cases } of sets) byKernel.set(kernel, [...(byKernel.get(kernel) ?? []), ...cases]);
  return byKernel;
}

interface Worst {
  readonly ratio: number;
  readonly step: number;
  readonly number: number;
  /** The least share of a number and its way that a bound takes at the end. */
  readonly share: number;
}

/** The worst step and number of a run: the difference over its bound. */
export function compareRuns(got: Trajectory, want: Trajectory, errors: Trajectory): Worst {
  let worst: Worst = { ratio: 0, step: 0, number: 0, share: Number.POSITIVE_INFINITY };
  START.forEach((_, number) => {
    const at = ({ positions }: Trajectory, t: number): number => positions[t]?.[number] as number;
    let [path, share] = [0, 0];
    for (let t = 1; t < want.positions.length; t++) {
      path += Math.abs(at(want, t) - at(want, t - 1));
      const difference = Math.abs(at(got, t) - at(want, t));
      const ratio =
        difference === 0 ? 0 : Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference / at(errors, t);
      share = Math.max(share, at(errors, t) / Math.max(Math.abs(at(want, t)), path));
      if (ratio > worst.ratio) worst = { ...worst, ratio, step: t, number };
    }
    if (START[number] !== 0 || path > 0) worst = { ...worst, share: Math.min(worst.share, share) };
  });
  return worst;
}

const replayed = (backend: Backend, optimizers: readonly Optimizer[]): Promise<Trajectory[]> =>
  replay(backend, optimizers, {
    start: START,
    gradients: (_, { t }) => gradientAt(t),
    steps: STEPS,
  });

/** A row of the hundred steps: a case for every setting. */
function stepsRow(
  name: string,
  all: readonly { readonly got: Trajectory; readonly want: Trajectory; readonly errors: Trajectory }[],
): ValidationRow {
  const found = all.map(({ got, want, errors }) => compareRuns(got, want, errors));
  const bad = found.findIndex(({ ratio, share }) => !(ratio <= 1) || !(share < SAYING));
  const worst = found.reduce((a, b) => (b.ratio > a.ratio ? b : a));
  const { ratio, step, number } = found[bad] ?? worst;
  const { got, want, errors } = all[bad] ?? (all[0] as (typeof all)[number]);
  const [is, be, by] = [got, want, errors].map(({ positions }) => positions[step]?.[number] as number);
  const wrong =
    ratio <= 1
      ? "its bound allows anything: a branch stands within it"
      : `want ${be}, got ${is}, allowed ${(by as number).toExponential(2)}`;
  return {
    kernel: `${name}: ${STEPS} steps`,
    cases: all.length,
    agreed: found.filter((one) => one.ratio <= 1 && one.share < SAYING).length,
    exact: 0,
    worst: 100 * worst.ratio,
    where: `{setting: ${found.indexOf(worst)}, step: ${worst.step}}`,
    message: bad < 0 ? undefined : `${name} setting ${bad}, step ${step}, number ${number}: ${wrong}`,
  };
}

/** A row of what lies at 0 without a gradient: a case for every setting. */
function paddingRow(name: string, got: readonly Trajectory[]): ValidationRow {
  const last = START.length - 1;
  const moved = got.map(({ positions }) => positions.findIndex((p) => p[last] !== 0));
  const bad = moved.findIndex((step) => step >= 0);
  const to = got[bad]?.positions[moved[bad] as number]?.[last];
  return {
    kernel: `${name}: padding`,
    cases: got.length,
    agreed: moved.filter((step) => step < 0).length,
    exact: got.length,
    worst: 0,
    where: "",
    message: bad < 0 ? undefined : `${name} setting ${bad}: 0 without a gradient became ${to} at step ${moved[bad]}`,
  };
}

/** Fields that are not finite, at the first step, early, late. */
function fieldsMessage(name: string, optimizers: readonly Optimizer[]): string | undefined {
  for (const [i, optimizer] of optimizers.entries()) {
    for (const { factor, at } of compileChain(optimizer).scalars) {
      const t = [0, 1, 999, 1e6].find((step) => !Number.isFinite(Math.fround(factor * (at?.(step) ?? 1))));
      if (t !== undefined) return `${name} setting ${i}: a field of its struct is not finite at step ${t}`;
    }
  }
  return undefined;
}

/** The rows of a rule or chain beside those of its kernels. */
export async function replayRows(
  gpu: WebGpuBackend,
  name: string,
  { optimizers, rounding }: { optimizers: readonly Optimizer[]; rounding: Rounding },
): Promise<ValidationRow[]> {
  const message = fieldsMessage(name, optimizers);
  const cases = optimizers.length;
  const failed = { kernel: `${name}: ${STEPS} steps`, cases, agreed: 0, exact: 0, worst: Number.NaN, where: "" };
  if (message !== undefined) return [{ ...failed, message }];
  try {
    const got = await replayed(gpu, optimizers);
    const want = await replayed(openBounded("values", rounding), optimizers);
    const errors = await replayed(openBounded("errors", rounding), optimizers);
    const all = got.map((run, i) => ({ got: run, want: want[i] as Trajectory, errors: errors[i] as Trajectory }));
    // What draws numbers moves all but padding itself, which its kernel's cases hold.
    const draws = optimizers.some(({ links }) => links.some(({ rule }) => ruleNamed(rule).draws));
    return [stepsRow(name, all), ...(draws ? [] : [paddingRow(name, got)])];
  } catch (error) {
    if (!(error instanceof Error) || error.name === "DeviceLost") throw error;
    return [{ ...failed, message: error.message }];
  }
}
