// Error bounds by WGSL's accuracy table (WGSL spec, "Accuracy of expressions"): sums, and numbers that carry a bound.
import { fail } from "../core/check.ts";
import { type Bound, kernels, type Rounding } from "./kernel.ts";

/** Below this magnitude a result may be flushed to 0. */
export const FLUSH = 2 ** -126;
/** One unit in the last place, relative. */
export const ULP = 2 ** -23;

/** gamma_n = n u / (1 - n u): the relative error of n roundings (Higham, Accuracy and Stability, 3.1). */
export const gamma = (n: number, u: number): number => (n * u) / (1 - n * u);

/** A value and a bound on the error of its f32 counterpart. */
export interface Approx {
  readonly v: number;
  readonly e: number;
}

export const exact = (v: number): Approx => ({ v, e: 0 });

/** |a| e, and 0 where a is 0: what is unbounded but finite times 0 is 0. */
const share = (a: number, e: number): number => (a === 0 || e === 0 ? 0 : Math.abs(a) * e);

/** Arithmetic on numbers that carry a bound, one rounding an operation. */
export class Bounds {
  readonly u: number;

  constructor({ u }: Rounding) {
    this.u = u;
  }

  #rounded(v: number, e: number): Approx {
    return { v, e: e + this.u * (Math.abs(v) + e) + FLUSH };
  }

  add(a: Approx, b: Approx): Approx {
    return this.#rounded(a.v + b.v, a.e + b.e);
  }

  subtract(a: Approx, b: Approx): Approx {
    return this.#rounded(a.v - b.v, a.e + b.e);
  }

  multiply(a: Approx, b: Approx): Approx {
    return this.#rounded(a.v * b.v, share(a.v, b.e) + share(b.v, a.e) + share(a.e, b.e));
  }

  /** 2.5 ULP; a denominator whose bound reaches 0 makes the quotient unbounded. */
  divide(a: Approx, b: Approx): Approx {
    const v = a.v / b.v;
    const least = Math.abs(b.v) - b.e;
    if (!(least > 0)) return { v, e: Number.POSITIVE_INFINITY };
    const e = (a.e + Math.abs(v) * b.e) / least;
    return { v, e: e + 2.5 * ULP * (Math.abs(v) + e) + FLUSH };
  }

  /** sqrt inherits from 1 / inverseSqrt: 2 ULP, then 2.5. */
  root(a: Approx): Approx {
    const v = Math.sqrt(Math.max(a.v, 0));
    const low = Math.sqrt(Math.max(a.v - a.e, 0));
    const high = Math.sqrt(Math.max(a.v, 0) + a.e);
    const e = Math.max(high - v, v - low);
    return { v, e: e + 4.6 * ULP * high + FLUSH };
  }

  /** exp: (3 + 2 |x|) ULP. */
  exponential(a: Approx): Approx {
    const v = Math.exp(a.v);
    // The difference itself where expm1 might be infinite beside a v of 0.
    const e = a.e < 1 ? v * Math.expm1(a.e) : Math.exp(a.v + a.e) - v;
    return { v, e: e + (3 + 2 * (Math.abs(a.v) + a.e)) * ULP * (v + e) + FLUSH };
  }

  /** log: 2^-21 absolute on [0.5, 2], else 3 ULP. */
  logarithm(a: Approx): Approx {
    const v = Math.log(a.v);
    const spread = a.e < a.v ? -Math.log1p(-a.e / a.v) : Number.POSITIVE_INFINITY;
    const own = a.v >= 0.5 && a.v <= 2 ? 2 ** -21 : 3 * ULP * (Math.abs(v) + spread);
    return { v, e: spread + Math.max(own, 3 * ULP * Math.abs(v)) };
  }

  negate(a: Approx): Approx {
    return { v: -a.v, e: a.e };
  }

  /** stable_tanh of shaders/lib/stable.wgsl, either branch; the series leaves off 17 x^7 / 315. */
  tanh(a: Approx): Approx {
    const x = { v: Math.abs(a.v), e: a.e };
    const sign = Math.sign(a.v);
    const t = this.exponential({ v: -2 * x.v, e: 2 * x.e });
    const quotient = this.divide(this.subtract(exact(1), t), this.add(exact(1), t));
    const square = this.multiply(x, x);
    const inner = this.subtract(this.multiply(square, constant(2 / 15)), constant(1 / 3));
    const series = this.add(x, this.multiply(this.multiply(x, square), inner));
    const left = (17 / 315) * (x.v + x.e) ** 7;
    const closeBy = x.v - x.e < 0.03125;
    const far = x.v + x.e >= 0.03125;
    const e = Math.max(closeBy ? series.e + left : 0, far ? quotient.e : 0);
    return { v: sign * Math.tanh(x.v), e: e + FLUSH };
  }

  sigmoid(a: Approx): Approx {
    const t = this.exponential({ v: -Math.abs(a.v), e: a.e });
    const denominator = this.add(exact(1), t);
    return a.v >= 0 ? this.divide(exact(1), denominator) : this.divide(t, denominator);
  }
}

/** A literal in a shader: rounded to f32 once. */
export const constant = (v: number): Approx => ({ v, e: Math.abs(v - Math.fround(v)) });

const bounds = new Map<string, Bound>();

export function defineBound(kernel: string, bound: Bound): void {
  bounds.set(kernel, bound);
}

/** A kernel's bound: declared with it, or beside it. */
export const boundOf = (kernel: string): Bound =>
  kernels.get(kernel)?.bound ??
  bounds.get(kernel) ??
  fail(`kernel ${kernel}`, "has no error bound", "import ops/bounds.ts, or declare one");
