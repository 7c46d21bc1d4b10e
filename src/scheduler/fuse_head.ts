// The last layer of a classifier as one dispatch: logits, loss, the logits' gradient and the hidden layer's, where classes are few.
import { headKernel, MOST_CLASSES, SHARED_ROWS } from "../ops/head.ts";
import { type Note, unnoted } from "./choices.ts";
import { epilogueFragments, epilogueHook } from "./epilogue.ts";
import { definePass } from "./fuse.ts";
import { reads } from "./lower.ts";
import type { Tuning } from "./tuning.ts";
import type { Value, Work } from "./work.ts";

interface Head {
  readonly logits: Work;
  readonly loss: Work;
  readonly back: Work;
}

const partsOf = (work: Work): readonly Work[] => work.parts ?? [work];

const readersOf = (list: readonly Work[], value: Value): Work[] =>
  list.filter((at) => Object.values(reads(at)).includes(value));

/** Logits with a bias and nothing else, read by the loss alone. */
function isLogits({ kernel, epilogue = [], gathered, variant, tensors }: Work, z: Value): boolean {
  const plain = epilogue.length === 1 && epilogue[0]?.kind === "bias" && !gathered;
  const straight = !variant.consts?.A_TRANSPOSED && !variant.consts?.B_TRANSPOSED;
  return kernel.startsWith("matmul_") && tensors.y === z && plain && straight;
}

function findHead(list: readonly Work[], loss: Work, wanted: ReadonlySet<Value>): Head | undefined {
  if (loss.kernel !== "cross_entropy" || loss.variant.hooks) return undefined;
  const { z, dz } = loss.tensors as { z: Value; dz: Value };
  const logits = list.find((at) => isLogits(at, z));
  if (!logits || wanted.has(z) || z.home || readersOf(list, z).length !== 1) return undefined;
  const back = readersOf(list, dz).find(
    ({ tensors, variant, epilogue = [] }) =>
      variant.consts?.B_TRANSPOSED === true &&
      tensors.a === dz &&
      tensors.b === logits.tensors.b &&
      epilogue.every(({ kind }) => kind === "zip"),
  );
  return back && { logits, loss, back };
}

/** Whether everything the head reads has been made when the loss's turn comes. */
function inTime(list: readonly Work[], { logits, loss, back }: Head): boolean {
  const before = new Set(list.slice(0, list.indexOf(loss)).flatMap((at) => Object.values(at.tensors)));
  return [
    ...Object.values(reads(logits)),
    ...(back.epilogue ?? []).flatMap((step) => (step.kind === "zip" ? [step.other] : [])),
  ].every((value) => value.home !== undefined || value.fill !== undefined || before.has(value));
}

function headOf({ logits, loss, back }: Head, quads: boolean): Work {
  const { sizes } = loss;
  const { a: h, b: w, e0: b } = logits.tensors as { a: Value; b: Value; e0: Value };
  const { labels, metrics, dz } = loss.tensors as { labels: Value; metrics: Value; dz: Value };
  const epilogue = back.epilogue ?? [];
  const others = Object.fromEntries(
    epilogue.flatMap((step, i) => (step.kind === "zip" ? [[`e${i}`, step.other]] : [])),
  );
  const { fragments, extra } = epilogueFragments(epilogue);
  const hooks = {
    ...(epilogue.length > 0 ? { epilogue: epilogueHook(epilogue, "params.depth") } : {}),
    ...(quads ? { four_rows: SHARED_ROWS.hook } : {}),
  };
  const label = [...epilogue.map((step) => (step.kind === "zip" ? step.f : step.kind)), ...(quads ? ["quads"] : [])];
  return {
    name: `${logits.name} + ${loss.name} + ${back.name}`,
    kernel: headKernel.name,
    sizes: {
      rows: sizes.rows as number,
      cols: sizes.cols as number,
      depth: logits.sizes.k as number,
      factor: sizes.factor as number,
    },
    variant: {
      label: label.join(" + "),
      hooks,
      fragments: [...fragments, ...(quads ? [SHARED_ROWS.fragment] : [])],
      extra,
    },
    tensors: { h, w, b, labels, metrics, dz, dh: back.tensors.y as Value, ...others },
    runs: loss.runs,
    slices: 1,
    parts: [...partsOf(logits), ...partsOf(loss), ...partsOf(back)],
  };
}

/** Replaces the three dispatches where they stand together; `headDepth` is the widest hidden layer for which it pays. */
export function fuseHeads(
  work: readonly Work[],
  wanted: ReadonlySet<Value>,
  { headDepth: depth, quads }: Pick<Tuning, "headDepth" | "quads">,
  note: Note = unnoted,
): Work[] {
  let list = [...work];
  for (const loss of work) {
    const head = findHead(list, loss, wanted);
    if (!head || !inTime(list, head)) continue;
    const { n = 0, k = 0 } = head.logits.sizes;
    const small = n <= MOST_CLASSES && k <= depth;
    note(small ? "head" : "head: sizes", [head.logits, loss, head.back], [n, MOST_CLASSES, k, depth]);
    if (!small) continue;
    list[list.indexOf(loss)] = headOf(head, quads);
    list = list.filter((at) => at !== head.logits && at !== head.back);
  }
  return list;
}

definePass("classifiers' heads", fuseHeads);
