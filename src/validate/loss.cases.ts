// Cases of what is fused around the loss: labels taken by the row kernel or by the gather, and a classifier's whole head.
import { type CaseSet, caseSet, FOLDS, type KernelCases, PLACES, RUNS } from "../kernel/cases.ts";
import { elementwiseNamed, elementwiseVariant } from "../ops/elementwise.ts";
import { PACKED } from "../ops/gather.ts";
import { LAYOUTS } from "../ops/matmul.cases.ts";
import { fuseEpilogues, fuseTake, fuseTakeIntoGather } from "../scheduler/fuse.ts";
import { fuseHeads } from "../scheduler/fuse_head.ts";
import { type Value, value } from "../scheduler/work.ts";
import { call, caseOfWork, dataLie, PICKS, ROWS } from "./work.ts";

function takes(): CaseSet {
  const axes = {
    rows: [1, 15, 16, 17, 33],
    cols: [2, 3, 10],
    fill: ["normal", "logits"] as const,
    index: [0, 2],
    runs: RUNS,
    place: PLACES,
    fold: FOLDS,
  };
  return caseSet("cross_entropy", axes, ({ rows, cols, index, ...choice }) => {
    const labels = value("labels", [rows], { dtype: "u32" });
    const tensors = {
      words: value("words", [ROWS], { dtype: "u32" }),
      rows: value("picks", [rows], { dtype: "u32" }),
      y: labels,
    };
    const [z, metrics, dz] = [value("z", [rows, cols]), value("metrics", [2, rows]), value("dz", [rows, cols])];
    const loss = call("cross_entropy", { rows, cols, factor: Math.fround(1 / rows) }, { z, labels, metrics, dz });
    return caseOfWork(fuseTake([call("take", { count: rows }, tensors), loss], new Set([metrics, dz])), {
      ...choice,
      step: { t: 3, index, valid: Math.max(1, rows - 1), values: [1] },
      shared: ["words"],
      lies: {
        words: { shape: [ROWS], fill: { below: cols } },
        picks: PICKS,
        metrics: { stepped: true },
      },
    });
  });
}

/** Labels taken by the dispatch that gathers. */
function gathersAndTakes(bytes: boolean): CaseSet {
  const axes = { count: [1, 3, 65], cols: [1, 4, 5], index: [0, 2], runs: RUNS, place: PLACES, fold: FOLDS };
  return caseSet("gather", axes, ({ count, cols, index, ...choice }) => {
    const data = value("data", [ROWS, cols], bytes ? { dtype: "u8" } : {});
    const [rows, words] = [value("picks", [count], { dtype: "u32" }), value("words", [ROWS], { dtype: "u32" })];
    const tensors = {
      data,
      rows,
      scale: value("scale", [cols]),
      shift: value("shift", [cols]),
      x: value("x", [count, cols]),
    };
    const gather = call("gather", { count, cols }, tensors, bytes ? PACKED : {});
    const take = call("take", { count }, { words, rows, y: value("labels", [count], { dtype: "u32" }) });
    return caseOfWork(fuseTakeIntoGather([gather, take]), {
      ...choice,
      step: { t: 3, index, valid: 0xffffffff, values: [1] },
      shared: ["data", "scale", "shift", "words"],
      // Eight storage buffers: the tables lie in one, as in training.
      merge: ["scale", "shift"],
      lies: {
        data: dataLie(data),
        picks: PICKS,
        words: { shape: [ROWS], fill: "words" },
      },
    });
  });
}

/** A classifier's last layer, loss and gradients; dh through the derivative of the hidden activation, or as it is. */
function heads(kinds: readonly string[]): CaseSet {
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
  return caseSet("head", axes, ({ rows, cols, depth, missing, index, ...choice }) => {
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
    return caseOfWork(fuseHeads(fuseEpilogues(work, wanted), wanted, 1024), {
      ...choice,
      fill: "normal",
      step: { t: 3, index, valid: Math.max(0, rows - missing), values: [1] },
      lies: { labels: { fill: { below: cols } }, metrics: { stepped: true } },
    });
  });
}

export const cases: KernelCases = () => [
  takes(),
  gathersAndTakes(false),
  gathersAndTakes(true),
  ...[[], ["relu_derivative"], ["tanh_derivative"]].map(heads),
];
