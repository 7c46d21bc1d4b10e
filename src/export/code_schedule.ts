// Schedules as the calls that make them. A kind without a line here is written as the plain data it is.
import {
  chebyshev,
  constantFactor,
  constantSchedule,
  cosine,
  cosineRestarts,
  cyclic,
  exponentialDecay,
  inverseSqrt,
  inverseTime,
  linearSchedule,
  multiStepDecay,
  piecewise,
  plateau,
  polynomialDecay,
  productSchedule,
  rex,
  type Schedule,
  type Scheduled,
  sequentialSchedule,
  stepDecay,
  warmup,
  wsd,
} from "../optim/index.ts";
import { callOf, type Expression, type Factory, plainly } from "./expression.ts";

interface Form {
  readonly name: string;
  readonly factory: Factory;
  /** The fields that come before the options, schedules among them as calls of their own. */
  readonly first: readonly string[];
  /** Options by another name than their field's. */
  readonly named?: Readonly<Record<string, string>>;
}

const form = (name: string, factory: Factory, first: readonly string[], named?: Form["named"]): Form => ({
  ...{ name, factory, first },
  ...(named ? { named } : {}),
});

const FORMS: Readonly<Record<string, Form>> = {
  constant: form("constantSchedule", constantSchedule, ["value"]),
  linear: form("linearSchedule", linearSchedule, ["value", "steps"]),
  polynomial: form("polynomialDecay", polynomialDecay, ["value", "steps"]),
  rex: form("rex", rex, ["value", "steps"]),
  cosine: form("cosine", cosine, ["value", "steps"]),
  cosineRestarts: form("cosineRestarts", cosineRestarts, ["value", "period"]),
  step: form("stepDecay", stepDecay, ["value", "every"]),
  multiStep: form("multiStepDecay", multiStepDecay, ["value", "milestones"], { gammas: "gamma" }),
  constantFactor: form("constantFactor", constantFactor, ["value", "steps"]),
  exponential: form("exponentialDecay", exponentialDecay, ["value", "gamma"]),
  inverseTime: form("inverseTime", inverseTime, ["value", "rate"]),
  inverseSqrt: form("inverseSqrt", inverseSqrt, ["value", "warmup"]),
  piecewise: form("piecewise", piecewise, ["value", "knots", "factors"]),
  cyclic: form("cyclic", cyclic, ["base", "value"]),
  warmup: form("warmup", warmup, ["after", "steps"]),
  sequential: form("sequentialSchedule", sequentialSchedule, ["parts", "milestones"]),
  wsd: form("wsd", wsd, ["value", "steps"]),
  plateau: form("plateau", plateau, ["value"]),
};

const isSpec = (value: unknown): value is Schedule =>
  typeof value === "object" && value !== null && "kind" in value && "value" in value;

/** Schedules within a schedule. */
const inner = (value: unknown): unknown => {
  if (isSpec(value)) return scheduleCode(value);
  return Array.isArray(value) ? value.map(inner) : value;
};

/** chebyshev(smallest, largest, steps) says its ends, its data their middle and spread: the same up to rounding only. */
function chebyshevCode(spec: Schedule): Expression | undefined {
  const { value, steps, spread } = spec as Schedule & { steps: number; spread: number };
  const ends = [(1 - spread) / value, (1 + spread) / value].map((end) => Number(end.toPrecision(12)));
  return callOf({ name: "chebyshev", factory: chebyshev, first: [...ends, steps], value: spec });
}

/** The call that makes a schedule, or a number as itself. */
export function scheduleCode(spec: Scheduled): Expression {
  if (typeof spec === "number") return plainly(spec);
  const { kind, ...fields } = spec;
  if (kind === "chebyshev") return chebyshevCode(spec) ?? plainly(spec);
  if (kind === "product") {
    const factors = (fields.factors as readonly Schedule[]).map(scheduleCode);
    const call = callOf({ name: "productSchedule", factory: productSchedule, first: factors, value: spec });
    return call ?? plainly(spec);
  }
  const at = Object.hasOwn(FORMS, kind) ? (FORMS[kind] as Form) : undefined;
  if (!at) return plainly(spec);
  const rest = Object.entries(fields).filter(([name]) => !at.first.includes(name));
  const call = callOf({
    ...at,
    first: at.first.map((name) => inner(fields[name])),
    options: Object.fromEntries(rest.map(([name, value]) => [at.named?.[name] ?? name, value])),
    value: spec,
  });
  return call ?? plainly(spec);
}
