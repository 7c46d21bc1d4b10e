// The arenas every plan of a population shares: parameters, gradients, state, with the segment table that says where tensors lie.
import { ALIGNMENT, columnsOf, elements, pitchOf, rowsOf, roundUp, type Shape, spanOf } from "../core/shape.ts";
import type { Node } from "../graph/node.ts";
import type { CompiledChain } from "../optim/compile.ts";
import type { BufferSpec } from "./plan.ts";
import type { Home } from "./work.ts";

export interface Segment {
  readonly name: string;
  readonly shape: Shape;
  readonly offset: number;
  readonly rows: number;
  readonly cols: number;
  readonly pitch: number;
  readonly group: number;
}

export interface Arenas {
  readonly runs: number;
  /** Elements of one run's parameters, padding included. */
  readonly size: number;
  /** Logical parameters of one run. */
  readonly count: number;
  readonly slots: number;
  /** Scalars of the longest chain. */
  readonly scalars: number;
  /** Reduced numbers of the chain that has most of them, for each tensor. */
  readonly reduced: number;
  /** Numbers kept of each row and column, and of each tensor; and the places of a run's rows, columns and tensors. */
  readonly lines: number;
  readonly lineRoom: number;
  readonly segments: readonly Segment[];
  readonly buffers: readonly BufferSpec[];
  /** Where a parameter lies in the parameter arena. */
  readonly homes: ReadonlyMap<Node, Home>;
}

/** Where a tensor's lines begin among those of a run: its rows, its columns at their pitch, itself. */
export function linesOf(segments: readonly Segment[]): { row: number; col: number; all: number; end: number }[] {
  let end = 0;
  return segments.map(({ rows, pitch }) => {
    const row = end;
    const col = row + roundUp(rows, 4);
    end = col + pitch + 4;
    return { row, col, all: col + pitch, end };
  });
}

/** What arenas must hold for chains: the most that any of them asks for. */
export const sizesOf = (
  chains: readonly CompiledChain[],
): { slots: number; scalars: number; reduced: number; lines: number } => ({
  slots: Math.max(...chains.map((chain) => chain.slots)),
  scalars: Math.max(...chains.map((chain) => chain.scalars.length)),
  reduced: Math.max(...chains.map((chain) => chain.reduced)),
  lines: Math.max(...chains.map((chain) => chain.lines)),
});

/** Reduced numbers of a run, of tensors and then of lines. */
export const reducedRoom = ({ reduced, lines, lineRoom, segments }: Arenas): number =>
  reduced * pitchOf(segments.length) + lines * lineRoom;

/** Tensors lie by (group, tensor) at multiples of 64 elements; a u32 table of them goes to the GPU. */
export function arenas(
  parameters: readonly { readonly node: Node; readonly name: string; readonly group?: number }[],
  sizes: { runs: number; orders: number; slots: number; scalars: number; reduced?: number; lines?: number },
): Arenas {
  const { runs, orders, slots, scalars, reduced = 0, lines = 0 } = sizes;
  const sorted = [...parameters].sort((a, b) => (a.group ?? 0) - (b.group ?? 0));
  const segments: Segment[] = [];
  const homes = new Map<Node, Home>();
  let offset = 0;
  for (const { node, name, group = 0 } of sorted) {
    const cols = columnsOf(node.shape);
    segments.push({ name, shape: node.shape, offset, rows: rowsOf(node.shape), cols, pitch: pitchOf(cols), group });
    offset += roundUp(spanOf(node.shape), ALIGNMENT);
  }
  const size = offset;
  sorted.forEach(({ node }, i) => {
    homes.set(node, { buffer: "parameters", offset: (segments[i] as Segment).offset, run: size });
  });
  const count = sorted.reduce((total, { node }) => total + elements(node.shape), 0);
  const table = segments.flatMap(({ offset, rows, cols, pitch, group }) => [offset, rows, cols, pitch, group, 0, 0, 0]);
  // Blocks of sums are as long as tensors are aligned (ops/sum.ts).
  const firsts = [...segments.map((segment) => segment.offset / ALIGNMENT), size / ALIGNMENT];
  const arena = (name: string, length: number): BufferSpec => ({ name, dtype: "f32", length, role: "arena" });
  const words = (name: string, length: number): BufferSpec => ({
    name,
    dtype: "u32",
    length: roundUp(length, 4),
    role: "arena",
  });
  const lineRoom = linesOf(segments).at(-1)?.end ?? 0;
  const room = reduced * pitchOf(segments.length) + lines * lineRoom;
  const buffers: BufferSpec[] = [
    arena("parameters", runs * size),
    arena("gradients", runs * size),
    arena("state", Math.max(slots, 1) * runs * size),
    words("hyper", runs * 2 * Math.max(scalars, 1)),
    words("runs", runs * 4),
    words("latch", runs),
    words("orders", orders),
    ...(room > 0 ? [arena("reduced", runs * room)] : []),
    { name: "segments", dtype: "u32", length: table.length, role: "constant", words: table },
    { name: "segment blocks", dtype: "u32", length: roundUp(firsts.length, 4), role: "constant", words: firsts },
  ];
  return { runs, size, count, slots, scalars, reduced, lines, lineRoom, segments, buffers, homes };
}

/** A parameter's place in the gradient arena: the same offset. */
export const gradientHome = (of: Arenas, parameter: Node): Home => ({
  ...(of.homes.get(parameter) as Home),
  buffer: "gradients",
});
