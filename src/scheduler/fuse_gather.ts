// The gather in a matmul's loads: each tile along the columns reads the batch's rows from the data set itself.
import { featuresOf, kernelNamed } from "../kernel/kernel.ts";
import { BYTES } from "../ops/gather.ts";
import { type Tile, tiles } from "../ops/matmul.ts";
import { type Note, unnoted } from "./choices.ts";
import { definePass, isMatmul, matmulVariant, overbound, partsOf } from "./fuse.ts";
import { reads } from "./lower.ts";
import type { Value, Work } from "./work.ts";

/** Tiles of a matmul along the columns, each of which reads every gathered row. */
function tilesAcross({ kernel, sizes }: Work): number {
  const [, columns] = tiles[kernel.slice("matmul_".length) as Tile];
  const together = featuresOf(kernelNamed(kernel)).includes("subgroups") ? 4 : 1;
  return Math.ceil((sizes.n as number) / (columns * together));
}

/** The batch's rows read straight from the data set, where every reader of x is a matmul that can, and few enough tiles read it. */
export function fuseGather(
  work: readonly Work[],
  wanted: ReadonlySet<Value>,
  most: number,
  note: Note = unnoted,
): Work[] {
  const list = [...work];
  for (const gather of work.filter(({ kernel }) => kernel === "gather")) {
    const x = gather.tensors.x as Value;
    const readers = list.filter((other) => Object.values(reads(other)).includes(x));
    const unable = readers.find((other) => !isMatmul(other) || other.tensors.a !== x || other.tensors.b === x);
    if (wanted.has(x) || readers.length === 0) continue;
    if (unable) {
      note("gather: readers", [gather, unable]);
      continue;
    }
    const widest = readers.toSorted((a, b) => tilesAcross(b) - tilesAcross(a))[0] as Work;
    const tiled = [tilesAcross(widest), most];
    if (tilesAcross(widest) > most) {
      note("gather: tiles", [gather, widest], tiled);
      continue;
    }
    const fused = readers.map((other) => withGather(other, gather));
    if (fused.some((other, i) => overbound("gather: bindings", other, [gather, readers[i] as Work], note))) continue;
    note("gather", [gather, ...readers], tiled);
    readers.forEach((other, i) => {
      list[list.indexOf(other)] = fused[i] as Work;
    });
    list.splice(list.indexOf(gather), 1);
  }
  return list;
}

function withGather(at: Work, gather: Work): Work {
  const { data, rows, scale, shift } = gather.tensors as Record<"data" | "rows" | "scale" | "shift", Value>;
  const packed = data.dtype === "u8";
  const tables = ["scale", "shift"].map((name) => ({ name, type: "array<vec4f>", access: "read" }) as const);
  const gathered = {
    label: "gather",
    hooks: gatherHooks(packed),
    extra: [PICKS, ...tables, STEP, RUNS],
    ...(packed ? { types: { a: "array<u32>" } } : {}),
  };
  const tensors = { ...at.tensors, a: data, picks: rows, scale, shift };
  const fused = { ...at, name: `gather + ${at.name}`, tensors, gathered, parts: [gather, ...partsOf(at)] };
  return { ...fused, variant: matmulVariant(fused) };
}

const PICKS = { name: "picks", type: "array<u32>", access: "read" } as const;
const RUNS = { name: "runs", type: "array<Run>", access: "read" } as const;
const STEP = { name: "step", type: "Step", access: "read" } as const;

const ROW_OF =
  "picks[params.picks.offset + runs[at.run].order * params.picks.run + step.index * params.picks.step + row]";

const gatherHooks = (packed: boolean): Record<string, string> => ({
  a_row: `fn a_row(at: Place, row: u32) -> u32 {\n  return params.a.offset + ${ROW_OF} * params.a.pitch;\n}`,
  a_next: "fn a_next(at: Place, row: u32, before: u32, pitch: u32) -> u32 {\n  return a_row(at, row);\n}",
  a_frame:
    "fn a_frame(column: u32) -> mat2x4f {\n  return mat2x4f(scale[params.scale.offset + column], shift[params.shift.offset + column]);\n}",
  a_number:
    "fn a_number(address: u32, k: u32) -> f32 {\n  return a_value(address, k / 4u, a_frame(k / 4u))[k % 4u];\n}",
  a_value: [
    "fn a_value(address: u32, column: u32, frame: mat2x4f) -> vec4f {",
    packed
      ? `  let word = a[address + column];\n  let raw = ${BYTES.replace("WORD", "word")};`
      : "  let raw = a[address + column];",
    "  return fma(raw, frame[0], frame[1]);",
    "}",
  ].join("\n"),
});

definePass("gathers in matmuls", (work, wanted, { gatherTiles }, note) => fuseGather(work, wanted, gatherTiles, note));
