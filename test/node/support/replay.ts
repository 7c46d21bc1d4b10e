// Drives an optimizer's f64 references with gradients from outside: hyperparameters as given, not rounded to f32.
import type { Optimizer } from "../../../src/optim/chain.ts";
import { ruleNamed } from "../../../src/optim/rule.ts";
import { isSchedule, valueAt } from "../../../src/optim/schedule.ts";

/** The tape of test/golden: g_i(t) = cos(.7 t i) 10^(i - 2) + .1 i, i = 1..4, t = 1, 2, ... */
export const tapeGradient = (t: number): number[] =>
  [1, 2, 3, 4].map((i) => Math.cos(0.7 * t * i) * 10 ** (i - 2) + 0.1 * i);

export const TAPE_START: readonly number[] = [1, -2, 3, 0.5];

export const rosenbrock = ([x = 0, y = 0]: readonly number[]): number => (1 - x) ** 2 + 100 * (y - x * x) ** 2;

export const rosenbrockGradient = ([x = 0, y = 0]: readonly number[]): number[] => [
  -2 * (1 - x) - 400 * x * (y - x * x),
  200 * (y - x * x),
];

/** p after 1, 2, ... steps of an optimizer whose gradients are a function of p and t = 1, 2, ... */
export function replay(
  { links }: Optimizer,
  start: readonly number[],
  steps: number,
  gradientOf: (p: readonly number[], t: number) => readonly number[],
): number[][] {
  const rules = links.map(({ rule: name, options }) => {
    const rule = ruleNamed(name);
    return { rule, options, state: start.map(() => new Array<number>(rule.slots).fill(0)) };
  });
  let p = [...start];
  return Array.from({ length: steps }, (_, i) => {
    const t = i + 1;
    let u = [...gradientOf(p, t)];
    for (const { rule, options, state } of rules) {
      const h = Object.fromEntries(
        Object.entries(options).map(([name, of]) => [name, isSchedule(of) ? valueAt(of, i) : of]),
      );
      const reduced = rule.reduces ? { squared_norm: u.reduce((total, x) => total + x * x, 0) } : {};
      const fields = { ...rule.fields(h as Record<string, number>, t), ...reduced };
      u = u.map((x, k) => rule.reference(x, p[k] as number, fields, state[k] as number[]));
    }
    p = p.map((x, k) => x - (u[k] as number));
    return p;
  });
}
