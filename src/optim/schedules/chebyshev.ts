// Chebyshev's step sizes in fractal order: the best there are for gradient descent on quadratics.
import { checkInteger, checkNumber, fail } from "../../core/check.ts";
import { defineSchedule, type Schedule } from "../schedule.ts";

/** Number t of the fractal order of 1 .. steps: of 1 alone, and twice as long with 2 n + 1 - k after each k. */
function fractal(t: number, steps: number): number {
  if (steps === 1) return 1;
  const before = fractal(t >> 1, steps / 2);
  return t % 2 === 0 ? before : steps + 1 - before;
}

/**
 * Chebyshev's step sizes for curvatures in [smallest, largest], 1 / (c - r cos(pi (k - 1/2) / steps)) with c and r the
 * middle and half the width of the range, k = 1 .. steps in the fractal order that keeps every iterate bounded (Agarwal
 * et al. 2021). After `steps` steps of gradient descent an error is at most 1 / T_steps(c / r) of the first; then they
 * begin again. `steps` is a power of two. The value is 1 / c.
 */
export function chebyshev(smallest: number, largest: number, steps: number): Schedule {
  checkNumber("chebyshev", "smallest", smallest, { above: 0 });
  checkNumber("chebyshev", "largest", largest, { min: smallest });
  checkInteger("chebyshev", "steps", steps, { min: 1, max: 2 ** 30 });
  if ((steps & (steps - 1)) !== 0) fail("chebyshev", `steps is ${steps}, expected a power of two`);
  const sum = largest + smallest;
  return { kind: "chebyshev", value: 2 / sum, steps, spread: (largest - smallest) / sum };
}

defineSchedule<Schedule & { readonly steps: number; readonly spread: number }>({
  kind: "chebyshev",
  key: ({ steps, spread }) => ({ steps, spread }),
  shape: ({ steps, spread }, t) => 1 / (1 - spread * Math.cos((Math.PI * (fractal(t % steps, steps) - 0.5)) / steps)),
});
