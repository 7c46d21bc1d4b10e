// Cases of a classifier's whole head.
import { type CaseSet, caseSet, FOLDS, type KernelCases, PLACES, RUNS } from "../kernel/cases.ts";
import { elementwiseNamed, elementwiseVariant } from "../ops/elementwise.ts";
import { LAYOUTS } from "../ops/matmul.cases.ts";
import { fuseEpilogues } from "../scheduler/fuse.ts";
import { fuseHeads } from "../scheduler/fuse_head.ts";
import { quick } from "../scheduler/tuning.ts";
import { type Value, value, type Work } from "../scheduler/work.ts";
import { call, caseOfWork } from "./work.ts";

/** How a head is made: each thread's own loads, loads shared by quads, or the form that a training begins on. */
const FORMS = ["head", "quads", "head_start"] as const;

/** A classifier's last layer, loss and gradients; dh through the derivative of the hidden activation, or as it is. */
function heads(kinds: readonly string[], form: (typeof FORMS)[number]): CaseSet {
  const axes = {
    rows: [1, 15, 16, 17, 33],
    cols: [2, 3, 4, 5, 10, 12],
    depth: [1, 3, 4, 5, 8, 17, 64],
    missing: [0, 1, 100],
    index: [0, 2],
    runs: RUNS,
    place: PLACES,
    fold: FOLDS,
    shared: [[], ["h"], ["w", "b"], ["labels"]],
    merge: [[], ["w", "b"]],
  };
  return caseSet(form === "head_start" ? form : "head", axes, ({ rows, cols, depth, missing, index, ...choice }) => {
    const [h, w, b] = [value("h", [rows, depth]), value("w", [depth, cols]), value("b", [cols])];
    const [z, z0, dz] = ["z", "z0", "dz"].map((name) => value(name, [rows, cols])) as [Value, Value, Value];
    const [labels, metrics] = [value("labels", [rows], { dtype: "u32" }), value("metrics", [2, rows])];
    const [back, dh] = [value("dh0", [rows, depth]), value("dh", [rows, depth])];
    const factor = Math.fround(1 / rows);
    const sizes = { rows, cols: depth };
    const after = kinds.map((f) =>
      call("zip", sizes, { a: back, b: h, y: dh }, elementwiseVariant(elementwiseNamed(f))),
    );
    const work = [
      call("matmul_4x4", { m: rows, n: cols, k: depth }, { a: h, b: w, y: z0 }, { consts: LAYOUTS.nn }),
      call("bias_add", { rows, cols }, { x: z0, b, y: z }),
      call("cross_entropy", { rows, cols, factor }, { z, labels, metrics, dz }),
      call(
        "matmul_4x4",
        { m: rows, n: depth, k: cols },
        { a: dz, b: w, y: kinds.length > 0 ? back : dh },
        { consts: LAYOUTS.nt },
      ),
      ...after,
    ];
    const wanted = new Set([metrics, dz, dh]);
    const fused = fuseHeads(fuseEpilogues(work, wanted), wanted, { headDepth: 1024, quads: form === "quads" });
    return caseOfWork(form === "head_start" ? fused.map((at) => quick(at) as Work) : fused, {
      ...choice,
      fill: "normal",
      step: { t: 3, index, valid: Math.max(0, rows - missing), values: [1] },
      lies: { labels: { fill: { below: cols } }, metrics: { stepped: true } },
    });
  });
}

export const cases: KernelCases = () =>
  [[], ["relu_derivative"], ["tanh_derivative"]].flatMap((kinds) => FORMS.map((form) => heads(kinds, form)));
