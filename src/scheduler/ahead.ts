// What a submit's steps take of the data, taken before them all into a ring: labels, targets, batches.
import { kernelNamed } from "../kernel/kernel.ts";
import { type Note, unnoted } from "./choices.ts";
import { asked, isMatmul } from "./fuse.ts";
import { reads } from "./lower.ts";
import { roomOf } from "./place.ts";
import type { Tuning } from "./tuning.ts";
import type { Value, Work } from "./work.ts";

/** Matmuls that find a by the step's place in the submit, so that the batch may be gathered before its steps. */
const steppedMatmuls = asked("gathers ahead", ({ gatherAhead }) => Number(gatherAhead));

/** Whether work looks for its tensors by the step's place in the submit. */
const findsByStep = ({ kernel }: Work): boolean => /\bat\.step\s*=/.test(kernelNamed(kernel).wgsl);

/** Where results of a submit's steps may lie: [step][run], at most `room` elements. */
export interface Ring {
  readonly name: string;
  readonly runs: number;
  readonly steps: number;
  readonly room: number;
}

/**
 * Labels, targets and, where the table says so, batches of all steps of a submit taken before its steps, into a ring: a dispatch
 * less a step. What moves ahead needs the submit's row numbers and the data alone.
 */
export function takeAhead(
  work: readonly Work[],
  wanted: ReadonlySet<Value>,
  { name, runs, steps, room }: Ring,
  tuning: Tuning,
  note: Note = unnoted,
): { ahead: Work[]; work: Work[] } {
  const takesA = (at: Work, x: Value | undefined): boolean => isMatmul(at) && at.tensors.a === x && at.tensors.b !== x;
  const ahead = work.filter((at) => {
    if (at.kernel !== "take" && at.kernel !== "gather") return false;
    const y = resultOf(at);
    const readers = work.filter((other) => Object.values(reads(other)).includes(y));
    const known = readers.every((other) => findsByStep(other) || (tuning.gatherAhead && takesA(other, y)));
    if (!known || readers.length === 0 || wanted.has(y) || y.home) return false;
    const taken = runs * steps * roomOf(y.shape);
    note(taken > room ? "ahead: room" : "ahead", [at], [taken, room]);
    return taken <= room;
  });
  for (const at of ahead) {
    const y = resultOf(at);
    const run = roomOf(y.shape);
    y.home = { buffer: `${name}.${y.name}`, offset: 0, run, step: runs * run, slice: runs * run };
  }
  const late = work.filter((at) => !ahead.includes(at));
  return {
    ahead: ahead.map((at) => ({ ...at, slices: steps })),
    work: late.flatMap((at) =>
      ahead.some((of) => takesA(at, resultOf(of))) ? steppedMatmuls([at], wanted, tuning, note) : [at],
    ),
  };
}

const resultOf = ({ tensors }: Work): Value => (tensors.y ?? tensors.x) as Value;
