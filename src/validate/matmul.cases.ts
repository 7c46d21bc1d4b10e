// Cases of what is fused into matmuls: every elementwise function, bias, results kept, column sums and gathers on every tile.
import { type CaseSet, caseSet, type Fill, FOLDS, type KernelCases, PLACES, RUNS } from "../kernel/cases.ts";
import { elementwise, elementwiseNamed, elementwiseVariant } from "../ops/elementwise.ts";
import { PACKED } from "../ops/gather.ts";
import { LAYOUTS } from "../ops/matmul.cases.ts";
import { type Tile, tiles } from "../ops/matmul.ts";
import { fuseColumnSums, fuseEpilogues } from "../scheduler/fuse.ts";
import { fuseGather } from "../scheduler/fuse_gather.ts";
import { type Value, value, type Work } from "../scheduler/work.ts";
import { call, caseOfWork, dataLie, PICKS, ROWS } from "./work.ts";

type Layout = keyof typeof LAYOUTS;

interface Product {
  readonly tile: Tile;
  readonly layout: Layout;
  readonly sizes: { readonly m: number; readonly n: number; readonly k: number };
}

export function product({ tile, layout, sizes }: Product): Work {
  const { m, n, k } = sizes;
  const a = value("a", layout === "tn" ? [k, m] : [m, k]);
  const b = value("b", layout === "nt" ? [n, k] : [k, n]);
  return call(`matmul_${tile}`, sizes, { a, b, y: value("y", [m, n]) }, { consts: LAYOUTS[layout] });
}

/** What may follow a product: "bias", "keep" (the result so far is wanted as well), or an elementwise function. */
export function follow(at: Work, kinds: readonly string[]): { work: Work[]; wanted: Set<Value> } {
  const { m = 1, n = 1 } = at.sizes;
  const [work, wanted] = [[at], new Set<Value>()];
  let y = at.tensors.y as Value;
  kinds.forEach((kind, i) => {
    if (kind === "keep") {
      wanted.add(y);
      return;
    }
    const result = value(`y${i}`, [m, n]);
    const sizes = { rows: m, cols: n };
    if (kind === "bias") work.push(call("bias_add", sizes, { x: y, b: value(`bias${i}`, [n]), y: result }));
    else {
      const f = elementwiseNamed(kind.replace(/^of /, ""));
      const other = value(`other${i}`, [m, n]);
      const [left, right] = kind.startsWith("of ") ? [other, y] : [y, other];
      const tensors = f.inputs === 1 ? { x: y, y: result } : { a: left, b: right, y: result };
      work.push(call(f.inputs === 1 ? "map" : "zip", sizes, tensors, elementwiseVariant(f)));
    }
    y = result;
  });
  return { work, wanted: wanted.add(y) };
}

export const sizesOf = (tile: Tile): Product["sizes"][] => {
  const [rows, columns] = tiles[tile];
  return [
    { m: rows + 1, n: columns + 1, k: 5 },
    { m: 33, n: 3, k: 8 },
    { m: 1, n: 35, k: 9 },
  ];
};

const FLOATS = ["normal", "special"] as const;
const EXACT = ["integers", "normal"] as const;

function epilogues(tile: Tile, layout: Layout, kinds: readonly string[]): CaseSet {
  const exact = kinds.every((kind) =>
    ["bias", "keep", "add", "relu", "of relu_derivative", "relu_derivative"].includes(kind),
  );
  const axes = {
    sizes: sizesOf(tile),
    fill: exact ? EXACT : FLOATS,
    runs: RUNS,
    place: PLACES,
    fold: FOLDS,
    shared: [[], ["b"]],
  };
  return caseSet(`matmul_${tile}`, axes, ({ sizes, ...choice }) => {
    const { work, wanted } = follow(product({ tile, layout, sizes }), kinds);
    // Ordinary factors: a product of special ones is too large for the squares in some functions.
    const lies = choice.fill === "special" ? { lies: { b: { fill: "normal" as Fill } } } : {};
    return caseOfWork(fuseEpilogues(work, wanted), { ...choice, ...lies });
  });
}

function columnSums(tile: Tile): CaseSet {
  const axes = {
    sizes: sizesOf(tile),
    fill: EXACT,
    runs: RUNS,
    place: PLACES,
    fold: FOLDS,
    merge: tile === "4x4" ? [[], ["y", "sums"]] : [[]],
  };
  return caseSet(`matmul_${tile}`, axes, ({ sizes, ...choice }) => {
    const at = product({ tile, layout: "tn", sizes });
    const sums = call(
      "column_sums",
      { rows: sizes.k, cols: sizes.n },
      { x: at.tensors.b as Value, y: value("sums", [sizes.n]) },
    );
    return caseOfWork(fuseColumnSums([at, sums]), choice);
  });
}

/** A data set the batch is gathered from while a is loaded (8 storage buffers: no room for a bias); in tn the gathered rows run along k. */
function gathers(tile: Tile, bytes: boolean, layout: "nn" | "tn"): CaseSet {
  const step = { t: 4, index: 2, valid: 0xffffffff, values: [1] };
  const axes = { sizes: sizesOf(tile), fill: EXACT, runs: RUNS, place: PLACES, fold: FOLDS, picks: [[], ["picks"]] };
  return caseSet(`matmul_${tile}`, axes, ({ sizes, picks, ...choice }) => {
    const { work, wanted } = follow(product({ tile, layout, sizes }), layout === "nn" ? ["relu"] : []);
    const x = work[0]?.tensors.a as Value;
    const [count = 1, cols = 1] = x.shape;
    const data = value("data", [ROWS, cols], bytes ? { dtype: "u8" } : {});
    const tensors = {
      data,
      rows: value("picks", [count], { dtype: "u32" }),
      scale: value("scale", [cols]),
      shift: value("shift", [cols]),
      x,
    };
    const gather = call("gather", { count, cols }, tensors, bytes ? PACKED : {});
    const fused = fuseEpilogues(fuseGather([gather, ...work], wanted, Number.POSITIVE_INFINITY), wanted);
    const lies = { data: dataLie(data), picks: PICKS };
    return caseOfWork(fused, { ...choice, step, lies, shared: ["data", "scale", "shift", ...picks] });
  });
}

/** Every elementwise function once as an epilogue, on either side where it takes two. */
export const everyFunction = (): string[][] =>
  [...elementwise.values()]
    .filter(({ name }) => name !== "identity")
    .flatMap(({ name, inputs }) => (inputs === 1 ? [[name]] : [[name], [`of ${name}`]]));

export const cases: KernelCases = () => [
  ...everyFunction().map((kinds) => epilogues("4x4", "nn", kinds)),
  ...[["bias"], ["bias", "keep", "gelu"], ["keep", "add"]].map((kinds) => epilogues("4x4", "nn", kinds)),
  ...(Object.keys(tiles) as Tile[]).flatMap((tile) => [
    epilogues(tile, "nn", ["bias", "relu"]),
    epilogues(tile, "nt", ["of relu_derivative"]),
    columnSums(tile),
    gathers(tile, false, "nn"),
    gathers(tile, true, "nn"),
  ]),
  gathers("4x4", true, "tn"),
];
