// Cycles: one up and down over the whole training, or triangles again and again; of a rate, and against it of a momentum.
import { checkInteger, checkKeys, checkNumber, fail } from "../../core/check.ts";
import { defineSchedule, type Schedule } from "../schedule.ts";
import { piecewise } from "./piecewise.ts";
import { checkEnds, shareOf } from "./share.ts";

export interface OneCycleOptions {
  /** The share of the steps that it rises. Default 0.3. */
  readonly pctStart?: number;
  /** The peak over the first value. Default 25. */
  readonly divFactor?: number;
  /** The first value over the last. Default 1e4. */
  readonly finalDivFactor?: number;
  /** Default "cosine". */
  readonly anneal?: "cosine" | "linear";
  /** true: down as fast as up, then on to the last value. Default false. */
  readonly threePhase?: boolean;
  /**
   * Which library's steps: "torch" peaks at step pctStart steps - 1 and ends at step steps - 1; "optax" at
   * floor(pctStart steps) and at `steps`. Default "torch".
   */
  readonly steps?: "torch" | "optax";
}

const ONE_CYCLE = ["pctStart", "divFactor", "finalDivFactor", "anneal", "threePhase", "steps"];

/** The steps at which a cycle turns and ends, after 0. */
function turnsOf(
  where: string,
  steps: number,
  { pctStart = 0.3, threePhase = false, steps: by }: OneCycleOptions,
): number[] {
  checkInteger(where, "steps", steps, { min: 2 });
  checkNumber(where, "pctStart", pctStart, { above: 0, max: 1 });
  const optax = by === "optax";
  if (optax && threePhase) fail(where, "threePhase with optax' steps", "it has none; use piecewise");
  const peak = optax ? Math.floor(pctStart * steps) : pctStart * steps - 1;
  const end = optax ? steps : steps - 1;
  const turns = threePhase ? [peak, 2 * pctStart * steps - 2, end] : [peak, end];
  if (peak <= 0 || turns.some((turn, i) => i > 0 && turn <= (turns[i - 1] as number))) {
    fail(
      where,
      `turns at steps ${turns.join(", ")} of ${steps}, expected them after 0 and in order`,
      "change pctStart or the steps",
    );
  }
  return turns;
}

/**
 * One cycle (Smith & Topin 2019): from peak / divFactor up to the peak in the first pctStart of the steps, then down to
 * peak / divFactor / finalDivFactor. PyTorch's OneCycleLR, or optax' cosine_onecycle_schedule with steps: "optax".
 */
export function oneCycle(peak: number, steps: number, options: OneCycleOptions = {}): Schedule {
  checkKeys("oneCycle", options, ONE_CYCLE);
  const { divFactor = 25, finalDivFactor = 1e4, anneal = "cosine" } = options;
  checkNumber("oneCycle", "peak", peak);
  checkNumber("oneCycle", "divFactor", divFactor, { above: 0 });
  checkNumber("oneCycle", "finalDivFactor", finalDivFactor, { above: 0 });
  const turns = turnsOf("oneCycle", steps, options);
  const start = 1 / divFactor;
  const factors = [start, 1, ...(turns.length === 3 ? [start] : []), start / finalDivFactor];
  return piecewise(peak, [0, ...turns], factors, { anneal });
}

export interface OneCycleMomentumOptions extends OneCycleOptions {
  /** The momentum where the rate peaks. Default 0.85. */
  readonly base?: number;
  /** The momentum at both ends. Default 0.95. */
  readonly max?: number;
}

/**
 * The momentum that goes with a oneCycle of as many steps and the same options: from max down to base while the rate
 * rises, and back. For momentum, or for Adam's beta1, as PyTorch's OneCycleLR has it.
 */
export function oneCycleMomentum(steps: number, options: OneCycleMomentumOptions = {}): Schedule {
  checkKeys("oneCycleMomentum", options, [...ONE_CYCLE, "base", "max"]);
  const { base = 0.85, max = 0.95, anneal = "cosine" } = options;
  checkEnds("oneCycleMomentum", max, { base });
  const turns = turnsOf("oneCycleMomentum", steps, options);
  const low = shareOf(base, max);
  return piecewise(max, [0, ...turns], [1, low, ...turns.slice(1).map(() => 1)], { anneal });
}

interface CyclicSpec extends Schedule {
  readonly base: number;
  readonly up: number;
  readonly down: number;
  readonly mode: "triangular" | "triangular2" | "exp";
  readonly gamma: number;
}

export interface CyclicOptions {
  /** Steps down; default as many as up. */
  readonly down?: number;
  /** "triangular2" halves each next triangle, "exp" shrinks them by gamma^t. Default "triangular". */
  readonly mode?: "triangular" | "triangular2" | "exp";
  /** Of mode "exp". Default 1. */
  readonly gamma?: number;
}

/**
 * Triangles between two values (Smith 2017): `up` steps from base to peak, `down` steps back. PyTorch's CyclicLR. A
 * momentum against the rate is cyclic(0.9, 0.8, ...): it starts from its largest.
 */
export function cyclic(base: number, peak: number, steps: { readonly up: number } & CyclicOptions): Schedule {
  checkKeys("cyclic", steps, ["up", "down", "mode", "gamma"]);
  const { up, down = up, mode = "triangular", gamma = 1 } = steps;
  checkEnds("cyclic", peak, { base });
  checkNumber("cyclic", "up", up, { above: 0 });
  checkNumber("cyclic", "down", down, { above: 0 });
  checkNumber("cyclic", "gamma", gamma, { above: 0 });
  if (!["triangular", "triangular2", "exp"].includes(mode)) {
    fail("cyclic", `mode is "${mode}"`, "use triangular, triangular2 or exp");
  }
  return { kind: "cyclic", value: peak, base, up, down, mode, gamma };
}

defineSchedule<CyclicSpec>({
  kind: "cyclic",
  key: ({ base, value, up, down, mode, gamma }) => ({ ratio: shareOf(base, value), up, down, mode, gamma }),
  shape({ base, value, up, down, mode, gamma }, t) {
    const ratio = shareOf(base, value);
    const cycle = Math.floor(t / (up + down));
    const at = t - cycle * (up + down);
    const height = at <= up ? at / up : (up + down - at) / down;
    const scale = mode === "exp" ? gamma ** t : mode === "triangular2" ? 2 ** -cycle : 1;
    return ratio + (1 - ratio) * height * scale;
  },
});
