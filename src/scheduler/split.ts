// The numeric class "split-k": a long sum over k in parts side by side, then the parts in order. For results too few to fill a GPU.
import { columnsOf, pitchOf } from "../core/shape.ts";
import { splitSums } from "../ops/split_sums.ts";
import { type Value, value, type Work } from "./work.ts";

/** Sums shorter than this, and results more than this, stay whole. */
const LEAST_K = 512;
const MOST_RESULTS = 65_536;
const MOST_PARTS = 8;
const LEAST_PART = 64;

/**
 * In how many parts a matmul's sum is taken: of 8 down to 2 the first that divides k into equal multiples of 4, at least 64 long.
 * By the sizes alone, so that runs of this class have the same bits on every adapter, with every tile and population.
 */
export function partsOf({ m = 0, n = 0, k = 0 }: Work["sizes"]): number {
  if (k < LEAST_K || m * n > MOST_RESULTS) return 1;
  for (let parts = MOST_PARTS; parts > 1; parts--) {
    if (k % (4 * parts) === 0 && k / parts >= LEAST_PART) return parts;
  }
  return 1;
}

const pitch = ({ shape, home }: Value): number => home?.pitch ?? pitchOf(columnsOf(shape));

/** A matmul as two pieces of work: its parts as slices, and their sums. */
function split(work: Work, parts: number): Work[] {
  const { m = 0, n = 0, k = 0 } = work.sizes;
  const { a, b, y } = work.tensors as { a: Value; b: Value; y: Value };
  const { A_TRANSPOSED = false, B_TRANSPOSED = false } = work.variant.consts ?? {};
  const part = k / parts;
  const partial = value(`${work.name}.parts`, [parts * m, n]);
  const matmul: Work = {
    ...work,
    name: `${work.name}.parts`,
    sizes: { m, n, k: part },
    tensors: { a, b, y: partial },
    slices: parts,
    sliced: {
      a: { shape: A_TRANSPOSED ? [part, m] : [m, part], stride: A_TRANSPOSED ? part * pitch(a) : part },
      b: { shape: B_TRANSPOSED ? [n, part] : [part, n], stride: B_TRANSPOSED ? part : part * pitch(b) },
      y: { shape: [m, n], stride: m * pitch(partial) },
    },
  };
  const sums: Work = {
    name: work.name,
    kernel: splitSums.name,
    sizes: { parts, m, n },
    variant: {},
    tensors: { x: partial, y },
    runs: work.runs,
    slices: 1,
  };
  return [matmul, sums];
}

/** Splits every matmul whose sizes call for it. */
export const splitWork = (work: readonly Work[]): Work[] =>
  work.flatMap((at) => {
    const parts = at.kernel.startsWith("matmul_") ? partsOf(at.sizes) : 1;
    return parts > 1 ? split(at, parts) : [at];
  });
