// The update kernel in f64: the rules of its variant's chain, one after the other, on every element.
import { ALIGNMENT, pitchOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { type Context, defineReference, type Sizes, type Stage, type Tensors, type Variant } from "../kernel/kernel.ts";
import { lineField, type Rule, reducedFields, ruleNamed } from "./rule.ts";
import { scalarFields } from "./scalars.ts";
import { slotsOf, TILE } from "./update.ts";

const bits = new DataView(new ArrayBuffer(4));
const fromBits = (word: number): number => {
  bits.setUint32(0, word);
  return bits.getFloat32(0);
};

/** A scalar now: factor times series, one f32 product. */
const scalarNow = (hyper: Tensor, i: number, values: ArrayLike<number>): number =>
  Math.fround(fromBits(hyper.at(2 * i)) * (values[hyper.at(2 * i + 1)] as number));

/** A rule of a phase at this step. Fields that differ from tensor to tensor are set as elements are met. */
export interface Playing {
  readonly rule: Rule;
  readonly slots: readonly number[];
  readonly fields: Record<string, number>;
  readonly errors: Record<string, number>;
  readonly plays: boolean;
  readonly anew: boolean;
  readonly meet: (at: Met) => void;
}

/** Where a number lies: its tensor, whether that is a matrix, and what its list of blocks tells of its place there. */
export interface Met {
  readonly tensor: number;
  readonly matrix: number;
  /** The places of its row, column and tensor among lines. None outside the tensor, where it is padding. */
  readonly line?: { readonly row: number; readonly col: number; readonly all: number };
  /** Its tensor's number among all, and its logical index there. */
  readonly element?: { readonly of: number; readonly index: number };
}

/** A stage of an update or of a reduction with its fields' values now. */
export function playing(stage: Stage, tensors: Tensors, values: ArrayLike<number>, t = 0): Playing {
  const { hyper, reduced, lines } = tensors as { hyper: Tensor; reduced?: Tensor; lines?: Tensor };
  const rule = ruleNamed(stage.rule);
  const [fields, errors]: Record<string, number>[] = [{}, {}];
  for (const [i, field] of scalarFields(rule).entries()) fields![field] = scalarNow(hyper, stage.scalar + i, values);
  const whole = rule.reduces?.over === "run" || (rule.recalls && !rule.reduces);
  return {
    rule,
    slots: slotsOf(stage, rule),
    fields: fields!,
    errors: errors!,
    plays: stage.gate === undefined || scalarNow(hyper, stage.gate, values) !== 0,
    anew: stage.anew !== undefined && scalarNow(hyper, stage.anew, values) !== 0,
    meet({ tensor, matrix, line, element }) {
      if (rule.matrix) fields!.matrix = matrix;
      if (stage.draws) {
        const [high, low] = [0, 1].map((half) => scalarNow(hyper, stage.draws!.seed + half, values)) as [
          number,
          number,
        ];
        const stream = stage.draws.stream + (element?.of ?? 0);
        fields!.noise = element ? rule.draws!.of(high * 65536 + low, stream, t, element.index) : 0;
      }
      reducedFields(rule).forEach((field, q) => {
        if (rule.reduces?.kept) {
          const { line: which, k } = lineField(rule.reduces, field);
          fields![field] = line ? (lines?.at((stage.line as number) + k, line[which]) ?? 0) : 0;
          errors![field] = line ? (lines?.error((stage.line as number) + k, line[which]) ?? 0) : 0;
          return;
        }
        const at = [(stage.reduced as number) + q, whole ? 0 : tensor] as const;
        fields![field] = reduced?.at(...at) ?? 0;
        errors![field] = reduced?.error(...at) ?? 0;
      });
    },
  };
}

/** Where the k-th number of a listed block of words `tile` lies. */
function met(tile: (word: number) => number, words: number, k: number): Met {
  const tensor = { tensor: tile(1) & 0xffff, matrix: tile(1) >>> 16 };
  if (words === TILE) return tensor;
  const [cols, rows] = [tile(3), tile(4)];
  const row = Math.floor((tile(2) + k) / pitchOf(cols));
  const col = (tile(2) + k) % pitchOf(cols);
  if (row >= rows || col >= cols) return tensor;
  const line = { row: tile(5) + row, col: tile(6) + col, all: tile(7) };
  return { ...tensor, line, element: { of: tile(8), index: row * cols + col } };
}

/** Every element an update takes: all, those of some stretches, or those of the listed blocks, with the tensor it lies in. */
export function visit(
  { tiles }: Tensors,
  { size = 0, words = TILE }: Sizes,
  meet: (i: number, at: Met) => void,
  stretches: Variant["stretches"] = [[0, size]],
): void {
  for (const [first, end] of stretches) {
    for (let k = first; k < end; k++) {
      const from = words * Math.floor(k / ALIGNMENT);
      const inside = k % ALIGNMENT;
      if (!tiles) meet(k, { tensor: 0, matrix: 0 });
      else
        meet(
          tiles.at(from) * ALIGNMENT + inside,
          met((word) => tiles.at(from + word), words, inside),
        );
    }
  }
}

type Arenas = { [K in "gradient" | "parameter" | "state" | "latch"]: Tensor };

defineReference("update", (tensors: Tensors, sizes: Sizes, { variant, values, t }: Context): void => {
  const { gradient, parameter, state, latch } = tensors as unknown as Arenas;
  const chain = (variant.chain ?? []).map((stage) => playing(stage, tensors, values, t));
  const step = (i: number, place: Met): void => {
    const p = variant.from === undefined ? parameter.at(i) : state.at(variant.from, i);
    let u = variant.view ? p : gradient.at(i);
    for (const { rule, slots, fields, plays, anew, meet } of chain) {
      meet(place);
      const s = slots.map((slot, k) => (anew && k < rule.slots ? 0 : state.at(slot, i)));
      u = plays ? rule.reference(u, p, fields, s) : 0;
      if (plays) s.forEach((value, k) => void state.set(value, slots[k], i));
    }
    if (variant.cut) gradient.set(u, i);
    else {
      parameter.set(p - u, i);
      // Not finite as f32, which f64 may still hold.
      if (!Number.isFinite(Math.fround(p - u))) latch.set(Math.min(latch.at(), t));
    }
  };
  visit(tensors, sizes, step, variant.stretches);
});
