// The one kernel behind every chain: its hooks are generated from the rules (phase.ts), its reference plays them in f64.
import wgsl from "../../shaders/optim/update.wgsl?raw";
import { ALIGNMENT } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import {
  type Context,
  defineKernel,
  read,
  readWords,
  type Sizes,
  type Stage,
  type Tensors,
  update,
} from "../kernel/kernel.ts";
import { scalarFields } from "./scalars.ts";
import { type Rule, reducedFields, ruleNamed } from "./rule.ts";

const bits = new DataView(new ArrayBuffer(4));
const fromBits = (word: number): number => {
  bits.setUint32(0, word);
  return bits.getFloat32(0);
};

/** The slots a rule's function gets pointers to, in order. */
export const slotsOf = ({ slot, borrowed = [] }: Stage, { slots }: Rule): number[] => [
  ...Array.from({ length: slots }, (_, k) => slot + k),
  ...borrowed,
];

/** A scalar now: factor times series, one f32 product. */
const scalarNow = (hyper: Tensor, i: number, values: ArrayLike<number>): number =>
  Math.fround(fromBits(hyper.at(2 * i)) * (values[hyper.at(2 * i + 1)] as number));

/** A rule of a phase at this step. Fields that differ from tensor to tensor are set as elements are met. */
interface Playing {
  readonly rule: Rule;
  readonly slots: readonly number[];
  readonly fields: Record<string, number>;
  readonly errors: Record<string, number>;
  readonly plays: boolean;
  readonly anew: boolean;
  readonly meet: (tensor: number, matrix: number) => void;
}

/** A stage of an update or of a reduction with its fields' values now. */
export function playing(stage: Stage, tensors: Tensors, values: ArrayLike<number>): Playing {
  const { hyper, reduced } = tensors as { hyper: Tensor; reduced?: Tensor };
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
    meet(tensor, matrix) {
      if (rule.matrix) fields!.matrix = matrix;
      reducedFields(rule).forEach((field, q) => {
        const at = [(stage.reduced as number) + q, whole ? 0 : tensor] as const;
        fields![field] = reduced?.at(...at) ?? 0;
        errors![field] = reduced?.error(...at) ?? 0;
      });
    },
  };
}

/** Every element an update takes: all, or those of the listed blocks, with the tensor it lies in. */
export function visit(
  { tiles }: Tensors,
  size: number,
  meet: (i: number, tensor: number, matrix: number) => void,
): void {
  for (let k = 0; k < size; k++) {
    const at = 2 * Math.floor(k / ALIGNMENT);
    const word = tiles?.at(at + 1) ?? 0;
    meet(tiles ? tiles.at(at) * ALIGNMENT + (k % ALIGNMENT) : k, word & 0xffff, word >>> 16);
  }
}

type Arenas = { [K in "gradient" | "parameter" | "state" | "latch"]: Tensor };

function reference(tensors: Tensors, { size = 0 }: Sizes, { variant, values, t }: Context): void {
  const { gradient, parameter, state, latch } = tensors as unknown as Arenas;
  const chain = (variant.chain ?? []).map((stage) => playing(stage, tensors, values));
  visit(tensors, size, (i, tensor, matrix) => {
    const p = variant.from === undefined ? parameter.at(i) : state.at(variant.from, i);
    let u = variant.view ? p : gradient.at(i);
    for (const { rule, slots, fields, plays, anew, meet } of chain) {
      meet(tensor, matrix);
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
  });
}

defineKernel({
  name: "update",
  wgsl,
  params: ["size"],
  hooks: ["prepare", "spot", "start", "chain", "finish"],
  consts: ["WORKGROUP", "QUADS"],
  bindings: ({ size = 0, slots = 1, scalars = 1, arena = size, quantities = 1, tensors = 1, listed = 0 }) => ({
    gradient: update(arena),
    parameter: update(arena),
    state: update(Math.max(slots, 1), arena),
    hyper: readWords(2 * Math.max(scalars, 1)),
    reduced: quantities * tensors > 1 ? read(quantities, tensors) : read(1),
    latch: { mode: "update", shape: [1], dtype: "u32" },
    ...(listed > 0 ? { tiles: readWords(2 * listed) } : {}),
  }),
  threads: ({ size = 0 }, { QUADS }) => [Math.ceil(size / 4 / (QUADS ?? 4))],
  reference,
});
