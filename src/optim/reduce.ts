// Sums over tensors for rules that need more of them than the gradient's norm: terms by block, then what a rule makes of
// each tensor's sums. Two dispatches, up to four sums at once.
import termsWgsl from "../../shaders/optim/block_terms.wgsl?raw";
import settleWgsl from "../../shaders/optim/settle.wgsl?raw";
import { ALIGNMENT } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { type Approx, Bounds, exact, FLUSH, gamma } from "../kernel/bound.ts";
import {
  defineKernel,
  type Kernel,
  read,
  readWords,
  type Stage,
  type Tensors,
  update,
  type Variant,
  write,
} from "../kernel/kernel.ts";
import { loaded } from "./bounds.ts";
import { type CutAt, type CutCall, type Reduction, type Rule, ruleNamed } from "./rule.ts";
import { construct } from "./phase.ts";
import { playing, visit } from "./update.reference.ts";

type Fields = Readonly<Record<string, Approx>>;

/** A reduction with the error bounds of its terms and of what it makes of their sums. */
export interface Reducer extends Reduction {
  readonly termsBound: (by: Bounds, u: Approx, p: Approx, f: Fields, s: readonly Approx[]) => readonly Approx[];
  readonly settleBound?: (
    by: Bounds,
    sums: readonly Approx[],
    count: number,
    f: Fields,
    before: readonly Approx[],
  ) => readonly Approx[];
}

/**
 * A reduction whose shader stands beside the rule's function: `name_terms(u, p, h, state values) -> vec4f` and, where it
 * settles, `name_settle(sums, count, h, before) -> vec4f`.
 */
export const reduction = (of: Omit<Reducer, "calls">): Reducer => ({ ...of, calls });

/** The two dispatches. */
function calls({ size, count, spans, slots, scalars, stage }: CutAt): CutCall[] {
  const rule = ruleNamed(stage.rule);
  const { fields, over } = reducerOf(rule);
  const [blocks, quantities] = [size / ALIGNMENT, fields.length];
  const x = { scratch: `${rule.name} blocks`, shape: [quantities, blocks] } as const;
  const whole = { name: "all blocks", words: [0, blocks, count, 0, 0, 0, 0, 0] } as const;
  const common = { hyper: { arena: "hyper" } } as const;
  return [
    {
      name: `${rule.name}, blocks`,
      kernel: "block_terms",
      sizes: { blocks, quantities, size, slots, scalars },
      variant: termsVariant(stage),
      tensors: {
        ...common,
        gradient: { arena: "gradient" },
        parameter: { arena: "parameter" },
        state: { arena: "state" },
        tiles: { arena: "tiles" },
        y: x,
      },
    },
    {
      name: `${rule.name}, sums`,
      kernel: "settle",
      sizes: { segments: over === "run" ? 1 : spans, quantities, blocks, scalars },
      variant: settleVariant(stage),
      tensors: { ...common, x, spans: over === "run" ? whole : { arena: "spans" }, y: { arena: "reduced" } },
    },
  ];
}

export const reducerOf = (rule: Rule): Reducer => rule.reduces as Reducer;

const state = (stage: Stage, rule: Rule): number[] => [
  ...Array.from({ length: rule.slots }, (_, k) => stage.slot + k),
  ...(stage.borrowed ?? []),
];

const struct = (rule: Rule): string => `var<private> hyper_now: ${rule.struct};`;

/** The struct as `construct` reads it, without what the reduction is yet to make. */
export const prepared = (stage: Stage): string => construct(stage).replace(/reduced\[[^\]]*\]/g, "0.0");

/** The variant of block_terms that adds a rule's terms. */
export function termsVariant(stage: Stage): Variant {
  const rule = ruleNamed(stage.rule);
  const slots = state(stage, rule);
  const term = (x: string): string =>
    `${rule.call}_terms(u.${x}, p.${x}, hyper_now${slots.map((s) => `, s${s}.${x}`).join("")})`;
  const number = [
    "fn number(at: Place, i: u32) -> vec4f {",
    "  let u = gradient[base(params.gradient, at) + i];",
    "  let p = parameter[base(params.parameter, at) + i];",
    ...[...new Set(slots)].map((s) => `  let s${s} = state[base(params.state, at) + i + ${s}u * params.state.pitch];`),
    `  return (${term("x")} + ${term("y")}) + (${term("z")} + ${term("w")});`,
    "}",
  ].join("\n");
  const prepare = `fn prepare(at: Place) {\n  hyper_now = ${prepared(stage)};\n}`;
  return { label: rule.name, chain: [stage], hooks: { prepare, number }, fragments: [rule.wgsl, struct(rule)] };
}

/** The hook that plays a rule's own function of its sums, with the struct's text. */
export function settledHook(stage: Stage, fields: string): string {
  const waiting = stage.gate === undefined ? "" : `  if (scalar(at, ${stage.gate}u) == 0.0) { return before; }\n`;
  const anew = stage.anew !== undefined;
  const kept = anew ? `  let kept = select(before, vec4f(), scalar(at, ${stage.anew}u) != 0.0);\n` : "";
  const made = `${ruleNamed(stage.rule).call}_settle(sums, count, ${fields}, ${anew ? "kept" : "before"})`;
  return `fn settled(at: Place, sums: vec4f, count: f32, before: vec4f) -> vec4f {\n${waiting}${kept}  return ${made};\n}`;
}

/** The variant of settle that plays a rule's own function of its sums. */
export function settleVariant(stage: Stage): Variant {
  const rule = ruleNamed(stage.rule);
  const label = rule.name;
  if (!reducerOf(rule).settle) return { label, chain: [stage] };
  const settled = settledHook(stage, prepared(stage));
  return { label, chain: [stage], hooks: { settled }, fragments: [rule.wgsl] };
}

export const stageOf = (variant: Variant): Stage => (variant.chain as readonly [Stage])[0];

export const approximate = (fields: Readonly<Record<string, number>>): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, v]) => [name, exact(v)]));

const list = (tensors: Tensors, names: readonly string[]): Tensor[] => names.map((name) => tensors[name] as Tensor);

defineKernel({
  name: "block_terms",
  wgsl: termsWgsl,
  params: ["blocks", "quantities"],
  hooks: ["prepare", "number"],
  bindings: ({ blocks = 0, quantities = 1, size = blocks * ALIGNMENT, slots = 1, scalars = 1 }) => ({
    gradient: read(size),
    parameter: read(size),
    state: read(slots, size),
    hyper: readWords(2 * scalars),
    tiles: readWords(2 * blocks),
    y: write(quantities, blocks),
  }),
  threads: ({ blocks = 0 }) => [blocks],
  reference(tensors, { blocks = 0, quantities = 1 }, { variant, values }) {
    const [gradient, parameter, kept, y] = list(tensors, ["gradient", "parameter", "state", "y"]) as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    const { rule, slots, fields } = playing(stageOf(variant), { hyper: tensors.hyper as Tensor }, values);
    const sums = Array.from({ length: quantities }, () => new Float64Array(blocks));
    let k = 0;
    visit(tensors, { size: blocks * ALIGNMENT }, (i) => {
      const s = slots.map((slot) => kept.at(slot, i));
      const terms = reducerOf(rule).terms(gradient.at(i), parameter.at(i), fields, s);
      for (const [q, term] of terms.entries()) sums[q]![Math.floor(k / ALIGNMENT)]! += term;
      k++;
    });
    for (const [q, row] of sums.entries()) row.forEach((sum, at) => void y.set(sum, q, at));
  },
  /** A balanced tree of 64: six additions deep. */
  bound(tensors, { blocks = 0, quantities = 1 }, rounding, { variant, values }) {
    const by = new Bounds(rounding);
    const [gradient, parameter, kept, y] = list(tensors, ["gradient", "parameter", "state", "y"]) as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    const { rule, slots, fields } = playing(stageOf(variant), { hyper: tensors.hyper as Tensor }, values);
    const f = approximate(fields);
    const [errors, sizes] = [0, 1].map(() => Array.from({ length: quantities }, () => new Float64Array(blocks)));
    let k = 0;
    visit(tensors, { size: blocks * ALIGNMENT }, (i) => {
      const s = slots.map((slot) => loaded(kept.at(slot, i), kept.error(slot, i)));
      const [u, p] = [gradient, parameter].map((of) => loaded(of.at(i), of.error(i))) as [Approx, Approx];
      reducerOf(rule)
        .termsBound(by, u, p, f, s)
        .forEach(({ v, e }, q) => {
          errors![q]![Math.floor(k / ALIGNMENT)]! += e;
          sizes![q]![Math.floor(k / ALIGNMENT)]! += Math.abs(v) + e;
        });
      k++;
    });
    for (const [q, row] of errors!.entries()) {
      row.forEach((e, at) => void y.allow(e + gamma(6, rounding.u) * sizes![q]![at]! + ALIGNMENT * FLUSH, q, at));
    }
  },
});

/** Sums of a span's blocks for every quantity, with their bounds. */
function sumsOf({ x, spans }: Tensors, segment: number, quantities: number, u = 0): Approx[] {
  const [from, to] = [0, 1].map((i) => (spans as Tensor).at(8 * segment + i)) as [number, number];
  return Array.from({ length: quantities }, (_, q) => {
    let [v, e, size] = [0, 0, 0];
    for (let i = from; i < to; i++) {
      v += (x as Tensor).at(q, i);
      e += (x as Tensor).error(q, i);
      size += Math.abs((x as Tensor).at(q, i)) + (x as Tensor).error(q, i);
    }
    return { v, e: e + gamma(Math.ceil((to - from) / 8) + 3, u) * size + (to - from + 1) * FLUSH };
  });
}

const byQuantity = <T>(quantities: number, of: (q: number) => T): T[] =>
  Array.from({ length: quantities }, (_, q) => of(q));

export const settle: Kernel = defineKernel({
  name: "settle",
  wgsl: settleWgsl,
  params: ["segments", "quantities"],
  hooks: ["settled"],
  bindings: ({ segments = 0, quantities = 1, blocks = 1, scalars = 1 }) => ({
    x: read(quantities, blocks),
    spans: readWords(8 * segments),
    hyper: readWords(2 * scalars),
    y: update(quantities, segments),
  }),
  threads: ({ segments = 0 }) => [segments],
  reference(tensors, { segments = 0, quantities = 1 }, { variant, values }) {
    const [spans, y] = list(tensors, ["spans", "y"]) as [Tensor, Tensor];
    const now = variant.chain && playing(stageOf(variant), { hyper: tensors.hyper as Tensor }, values);
    const own = now && reducerOf(now.rule).settle;
    if (own && !now.plays) return;
    for (let segment = 0; segment < segments; segment++) {
      const sums = sumsOf(tensors, segment, quantities).map(({ v }) => v);
      const before = byQuantity(quantities, (q) => (now?.anew ? 0 : y.at(q, segment)));
      const made = own ? own(sums, spans.at(8 * segment + 2), now.fields, before) : sums;
      for (let q = 0; q < quantities; q++) y.set(made[q] ?? 0, q, segment);
    }
  },
  bound(tensors, { segments = 0, quantities = 1 }, rounding, { variant, values }) {
    const [spans, y] = list(tensors, ["spans", "y"]) as [Tensor, Tensor];
    const now = variant.chain && playing(stageOf(variant), { hyper: tensors.hyper as Tensor }, values);
    const own = now && reducerOf(now.rule).settleBound;
    if (own && !now.plays) return;
    for (let segment = 0; segment < segments; segment++) {
      const sums = sumsOf(tensors, segment, quantities, rounding.u);
      const before = byQuantity(quantities, (q) =>
        now?.anew ? exact(0) : loaded(y.at(q, segment), y.error(q, segment)),
      );
      const count = spans.at(8 * segment + 2);
      const made = own ? own(new Bounds(rounding), sums, count, approximate(now.fields), before) : sums;
      for (let q = 0; q < quantities; q++) y.allow(made[q]?.e ?? 0, q, segment);
    }
  },
});
