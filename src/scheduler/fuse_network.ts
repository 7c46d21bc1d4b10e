// A small network's whole step but the update as one dispatch, a thread a run, where runs are many: nothing of a row is stored.
import { networkKernel } from "../ops/network.ts";
import { type Note, unnoted } from "./choices.ts";
import { bindingCount, definePass, MOST_BINDINGS } from "./fuse.ts";
import { writes } from "./lower.ts";
import { NetworkWriter, Unfit } from "./network_work.ts";
import type { Tuning } from "./tuning.ts";
import type { Value, Work } from "./work.ts";

/** Numbers a thread may hold: WGSL grants a function 8 KiB. */
const MOST_HELD = 2048;

/** Numbers a row of the batch makes, products among them: what the text's length goes by. */
const numbersOf = ({ sizes: { m, n = 0, k = 0, cols = 0 } }: Work, batch: number): number =>
  m === undefined ? cols : (m * n * k) / batch;

/** The widths of the network, and its functions. */
function names(work: readonly Work[]): { widths: string; label: string } {
  const straight = work.filter(
    ({ kernel, variant: { consts = {} } }) =>
      kernel.startsWith("matmul_") && !consts.A_TRANSPOSED && !consts.B_TRANSPOSED,
  );
  const widths = [...straight.slice(0, 1).map(({ sizes }) => sizes.k), ...straight.map(({ sizes }) => sizes.n)];
  const functions = work.flatMap(({ kernel, variant: { label } }) =>
    kernel === "map" || kernel === "target_loss" ? (label ?? []) : kernel === "cross_entropy" ? kernel : [],
  );
  return { widths: widths.join("-"), label: [...new Set(functions)].join(" + ") };
}

/** Runs that lie along the lanes of a workgroup: at least a quad, and few enough that all cores have some. */
const stackOf = (runs: number): number => Math.max(4, Math.min(64, 2 ** Math.floor(Math.log2(runs / 32))));

/** All of the work in one piece; throws Unfit. */
function networkOf(work: readonly Work[], wanted: ReadonlySet<Value>, rows: number): Work {
  const to = new NetworkWriter();
  for (const at of work) to.write(at);
  const { text } = to;
  const written = new Set(Object.values(text.tensors));
  for (const at of work)
    if (Object.values(writes(at)).some((value) => wanted.has(value) && !written.has(value)))
      throw new Unfit("network: work", [at]);
  if (!text.tensors.metrics) throw new Unfit("network: work", work.slice(-1));
  if (text.held > MOST_HELD) throw new Unfit("network: memory", [], [text.held, MOST_HELD]);
  const { widths, label } = names(work);
  const { runs } = work[0] as Work;
  const made: Work = {
    name: `network ${widths}`,
    kernel: networkKernel.name,
    sizes: { rows },
    variant: {
      label,
      consts: { STACK: stackOf(runs.count) },
      hooks: { network: text.hook() },
      fragments: [...text.fragments],
      extra: text.extra,
    },
    tensors: text.tensors,
    runs,
    slices: 1,
    parts: work,
  };
  const count = bindingCount(made);
  if (count > MOST_BINDINGS) throw new Unfit("network: bindings", [], [count, MOST_BINDINGS]);
  return made;
}

/** Told before anything is written: few runs, long texts. */
function checkPays(work: readonly Work[], rows: number, { leastRuns, most }: NonNullable<Tuning["network"]>): void {
  const runs = work[0]?.runs.count ?? 0;
  if (runs < leastRuns) throw new Unfit("network: runs", [], [runs, leastRuns]);
  const numbers = Math.round(work.reduce((total, at) => total + numbersOf(at, rows), 0));
  if (numbers > most) throw new Unfit("network: size", [], [numbers, most]);
}

/**
 * Replaces all of the work by one dispatch where it is a network on gathered rows, its loss and its gradients, and where that
 * pays: from so many runs on, and up to so many numbers a row.
 */
export function fuseNetwork(
  work: readonly Work[],
  wanted: ReadonlySet<Value>,
  { network }: Pick<Tuning, "network">,
  note: Note = unnoted,
): Work[] {
  const rows = work.find(({ kernel }) => kernel === "gather")?.sizes.count;
  if (!network || rows === undefined) return [...work];
  try {
    checkPays(work, rows, network);
    const one = networkOf(work, wanted, rows);
    note("network", [one], [one.runs.count, network.leastRuns]);
    return [one];
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    note(error.kind, error.works, error.numbers);
    return [...work];
  }
}

definePass("networks in one dispatch", fuseNetwork);
