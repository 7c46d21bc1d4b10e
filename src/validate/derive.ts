// The error bound of a rule that declares none, derived from its shader's text: every operation with the error WGSL's
// accuracy table allows it; where rounding may decide a comparison, both outcomes.
import { fail } from "../core/check.ts";
import { type Approx, type Bounds, constant, exact, FLUSH, ULP } from "../kernel/bound.ts";
import { larger, LARGEST, magnitude, oneOf, signOf, smaller } from "../optim/bounds.ts";
import type { Rule } from "../optim/rule.ts";
import type { RuleBound } from "../optim/rule_bounds.ts";
import { type Expression, functionsOf, type ShaderFunction, type Statement } from "./expressions.ts";

/** A comparison: its outcome in exact arithmetic, and whether rounding may change that. */
interface Truth {
  readonly is: boolean;
  readonly sure: boolean;
}

type Value = Approx | Truth;
type Scope = Map<string, Value>;

const isTruth = (value: Value): value is Truth => "is" in value;

/** No error is larger than f32 itself; one that is not known (infinity times 0) may be that. */
const held = ({ v, e }: Approx): Approx => ({ v, e: e <= LARGEST ? e : LARGEST });

function compared(op: string, a: Approx, b: Approx): Truth {
  const [apart, doubt] = [a.v - b.v, a.e + b.e];
  const is = {
    "<": apart < 0,
    ">": apart > 0,
    "<=": apart <= 0,
    ">=": apart >= 0,
    "==": apart === 0,
    "!=": apart !== 0,
  }[op] as boolean;
  return { is, sure: doubt === 0 || Math.abs(apart) > doubt };
}

/** exp2: (3 + 2 |x|) ULP. */
function power(a: Approx): Approx {
  const v = 2 ** a.v;
  const e = a.e < 1 ? v * Math.expm1(a.e * Math.LN2) : 2 ** (a.v + a.e) - v;
  return { v, e: e + (3 + 2 * (Math.abs(a.v) + a.e)) * ULP * (v + e) + FLUSH };
}

/** log2: 2^-21 absolute on [0.5, 2], else 3 ULP, as log; the same computation in other units. */
function binaryLogarithm(by: Bounds, a: Approx): Approx {
  const { e } = by.logarithm(a);
  return { v: Math.log2(a.v), e: e / Math.LN2 + 2 ** -21 };
}

type Builtin = (by: Bounds, ...of: Approx[]) => Approx;

const BUILTINS: Readonly<Record<string, Builtin>> = {
  abs: (_, a) => magnitude(a as Approx),
  max: (_, a, b) => larger(a as Approx, b as Approx),
  min: (_, a, b) => smaller(a as Approx, b as Approx),
  clamp: (_, a, low, high) => smaller(larger(a as Approx, low as Approx), high as Approx),
  sign: (_, a) => signOf(a as Approx),
  sqrt: (by, a) => by.root(a as Approx),
  inverseSqrt: (by, a) => by.divide(exact(1), by.root(a as Approx)),
  // Inherited from x * y + z: the product may be rounded.
  fma: (by, a, b, c) => by.add(by.multiply(a as Approx, b as Approx), c as Approx),
  exp: (by, a) => by.exponential(a as Approx),
  exp2: (_, a) => power(a as Approx),
  log: (by, a) => by.logarithm(a as Approx),
  log2: (by, a) => binaryLogarithm(by, a as Approx),
  // Inherited from exp2(y * log2(x)).
  pow: (by, a, b) => power(by.multiply(b as Approx, binaryLogarithm(by, a as Approx))),
  tanh: (by, a) => by.tanh(a as Approx),
  f32: (_, a) => a as Approx,
};

const ARITHMETIC = { "+": "add", "-": "subtract", "*": "multiply", "/": "divide" } as const;

/** Plays the functions of one shader on numbers with bounds. */
class Player {
  readonly #where: string;
  readonly #functions: ReadonlyMap<string, ShaderFunction>;
  readonly #by: Bounds;

  constructor(where: string, functions: ReadonlyMap<string, ShaderFunction>, by: Bounds) {
    this.#where = where;
    this.#functions = functions;
    this.#by = by;
  }

  number(of: Expression, scope: Scope): Approx {
    const value = this.value(of, scope);
    return isTruth(value) ? fail(this.#where, "its shader takes a comparison for a number", "use select") : value;
  }

  truth(of: Expression, scope: Scope): Truth {
    const value = this.value(of, scope);
    return isTruth(value) ? value : fail(this.#where, "its shader takes a number for a comparison", "compare it");
  }

  value(of: Expression, scope: Scope): Value {
    switch (of.kind) {
      case "number":
        return constant(of.value);
      case "truth":
        return { is: of.value, sure: true };
      case "name":
        return scope.get(of.name) ?? fail(this.#where, `its shader reads ${of.name}, which is not known`, "declare it");
      case "field":
        return (
          scope.get(`${of.of}.${of.name}`) ??
          fail(this.#where, `its shader reads ${of.of}.${of.name}, which is no field`, "add it to the struct")
        );
      case "unary": {
        if (of.op === "-") return this.#by.negate(this.number(of.of, scope));
        const { is, sure } = this.truth(of.of, scope);
        return { is: !is, sure };
      }
      case "binary":
        return this.#binary(of, scope);
      case "call":
        return held(this.#call(of, scope));
      default:
        return of satisfies never;
    }
  }

  #binary({ op, a, b }: Expression & { kind: "binary" }, scope: Scope): Value {
    if (op === "&&" || op === "||") {
      const [first, second] = [this.truth(a, scope), this.truth(b, scope)];
      const decides = op === "||";
      const is = decides ? first.is || second.is : first.is && second.is;
      const settled = [first, second].some((one) => one.sure && one.is === decides);
      return { is, sure: settled || (first.sure && second.sure) };
    }
    const [left, right] = [this.number(a, scope), this.number(b, scope)];
    if (op in ARITHMETIC) return held(this.#by[ARITHMETIC[op as keyof typeof ARITHMETIC]](left, right));
    return compared(op, left, right);
  }

  #call({ name, of }: Expression & { kind: "call" }, scope: Scope): Approx {
    if (name === "select") {
      const [no, yes, when] = of as [Expression, Expression, Expression];
      const { is, sure } = this.truth(when, scope);
      const [taken, other] = is ? [yes, no] : [no, yes];
      return sure ? this.number(taken, scope) : oneOf(this.number(taken, scope), this.number(other, scope));
    }
    const given = of.map((one) => this.number(one, scope));
    const own = this.#functions.get(name);
    if (own) return this.run(own, new Map(own.parameters.map((parameter, i) => [parameter, given[i] as Approx])));
    const builtin = Object.hasOwn(BUILTINS, name) ? BUILTINS[name] : undefined;
    const known = Object.keys(BUILTINS).join(", ");
    return (builtin ?? fail(this.#where, `no bound is known for ${name}()`, `known are select, ${known}`))(
      this.#by,
      ...given,
    );
  }

  run({ body }: ShaderFunction, scope: Scope): Approx {
    return this.#statements(body, scope) ?? fail(this.#where, "its function ends without a return", "return u");
  }

  /** What is returned, if anything is; the scope holds the variables as they are then. */
  #statements(body: readonly Statement[], scope: Scope): Approx | undefined {
    for (const [i, statement] of body.entries()) {
      if (statement.kind === "return") return this.number(statement.of, scope);
      if (statement.kind === "set") {
        scope.set(statement.name, this.value(statement.to, scope));
        continue;
      }
      const { is, sure } = this.truth(statement.when, scope);
      const ways = is ? [statement.then, statement.otherwise] : [statement.otherwise, statement.then];
      const [taken, other] = ways.map((way) => [...way, ...body.slice(i + 1)]) as [Statement[], Statement[]];
      if (sure) return this.#statements(taken, scope);
      const apart: Scope = new Map(scope);
      const [first, second] = [this.#statements(taken, scope), this.#statements(other, apart)];
      for (const [name, value] of scope) {
        const also = apart.get(name);
        if (!isTruth(value) && also && !isTruth(also)) scope.set(name, held(oneOf(value, also)));
      }
      return first && second ? held(oneOf(first, second)) : first;
    }
    return undefined;
  }
}

/**
 * The bound of a rule by its shader's text. Throws, naming what it is, for text it cannot read and for functions whose
 * accuracy WGSL leaves open: such a rule declares its bound itself.
 */
export function derivedBound(rule: Rule): RuleBound {
  const where = `rule ${rule.name}`;
  if (rule.wgsl.split("ptr<").length > rule.slots + (rule.borrows?.length ?? 0) + 1) {
    fail(where, "its shader hands pointers on to functions of its own", "hand on values, or declare a bound");
  }
  const functions = functionsOf(where, rule.wgsl);
  const main = functions.get(rule.call) as ShaderFunction;
  const [u, p, h, ...pointers] = main.parameters as [string, string, string, ...string[]];
  return (by, uNow, pNow, f, s) => {
    const scope: Scope = new Map<string, Value>([
      [u, uNow],
      [p, pNow],
      ...Object.entries(f).map(([name, value]) => [`${h}.${name}`, value] as const),
      ...pointers.map((name, i) => [name, s[i] as Approx] as const),
    ]);
    const result = new Player(where, functions, by).run(main, scope);
    pointers.forEach((name, i) => {
      s[i] = scope.get(name) as Approx;
    });
    return result;
  };
}
