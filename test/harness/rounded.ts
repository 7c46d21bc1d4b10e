// Arithmetic that a rule's `bound` can be played with to compute instead of bounding: exactly, or as some f32 machine
// would.
import { type Approx, Bounds, exact, ULP } from "../../src/kernel/bound.ts";

/** No rounding: the computation of a `bound`, in f64. */
export class Exactly extends Bounds {
  constructor() {
    super({ u: 0 });
  }
  override add = (a: Approx, b: Approx): Approx => exact(a.v + b.v);
  override subtract = (a: Approx, b: Approx): Approx => exact(a.v - b.v);
  override multiply = (a: Approx, b: Approx): Approx => exact(a.v * b.v);
  override divide = (a: Approx, b: Approx): Approx => exact(a.v / b.v);
  override root = (a: Approx): Approx => exact(Math.sqrt(Math.max(a.v, 0)));
}

/** Subnormal results are 0, as on machines that flush. */
export const flushed = (x: number): number => (Math.abs(x) < 2 ** -126 ? 0 : Math.fround(x));

/** f32 in which every operation errs by a share in [-1, 1] of what WGSL allows it, as `error` draws it. */
export class Roughly extends Bounds {
  readonly #error: () => number;

  constructor(error: () => number = () => 0) {
    super({ u: 2 ** -24 });
    this.#error = error;
  }
  /** Correctly rounded, or to the neighbour on the other side: within one ULP. */
  #near(x: number, ulps: number): Approx {
    return exact(flushed(x * (1 + this.#error() * ulps * ULP)));
  }
  override add = (a: Approx, b: Approx): Approx => this.#near(a.v + b.v, 0);
  override subtract = (a: Approx, b: Approx): Approx => this.#near(a.v - b.v, 0);
  override multiply = (a: Approx, b: Approx): Approx => this.#near(a.v * b.v, 0);
  override divide = (a: Approx, b: Approx): Approx => this.#near(a.v / b.v, 2);
  override root = (a: Approx): Approx => this.#near(Math.sqrt(Math.max(a.v, 0)), 4);
}

/** Bounds that carry the errors of what comes in and add none of their own: what rounded hyperparameters may change. */
export class Propagated extends Bounds {
  constructor() {
    super({ u: 0 });
  }
  override divide = (a: Approx, b: Approx): Approx => {
    const v = a.v / b.v;
    const least = Math.abs(b.v) - b.e;
    return { v, e: least > 0 ? (a.e + Math.abs(v) * b.e) / least : Number.POSITIVE_INFINITY };
  };
  override root = (a: Approx): Approx => {
    const v = Math.sqrt(Math.max(a.v, 0));
    const low = Math.sqrt(Math.max(a.v - a.e, 0));
    const high = Math.sqrt(Math.max(a.v, 0) + a.e);
    return { v, e: Math.max(high - v, v - low) };
  };
}
