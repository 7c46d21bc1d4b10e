// The one kernel behind every chain: its hooks are generated from the rules, its reference plays them in f64.
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
  type Variant,
} from "../kernel/kernel.ts";
import { type Phase, scalarFields } from "./chain.ts";
import { type Rule, reducedFields, ruleNamed } from "./rule.ts";

const bits = new DataView(new ArrayBuffer(4));
const fromBits = (word: number): number => {
  bits.setUint32(0, word);
  return bits.getFloat32(0);
};

/** The slots a rule's function gets pointers to, in order. */
const slotsOf = ({ slot, borrowed = [] }: Stage, { slots }: Rule): number[] => [
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

const LANES = ["x", "y", "z", "w"] as const;

/** The struct of one rule, its fields read in order; those of a tensor are read as its elements are met. */
export function construct(stage: Stage): string {
  const rule = ruleNamed(stage.rule);
  const scalars = scalarFields(rule);
  const fields = rule.fieldNames.map((field) => {
    const q = reducedFields(rule).indexOf(field);
    if (q >= 0 && rule.reduces?.over !== "tensor") return `reduced[${reducedAt(stage, q)}]`;
    const i = scalars.indexOf(field);
    return i < 0 ? "0.0" : `scalar(at, ${stage.scalar + i}u)`;
  });
  return `${rule.struct}(${fields.join(", ")})`;
}

const reducedAt = ({ reduced = 0 }: Stage, q: number): string =>
  `base(params.reduced, at)${reduced + q > 0 ? ` + ${reduced + q}u * params.reduced.pitch` : ""}`;

/** What a rule reads of the tensor an element lies in. */
function refreshed(stage: Stage, i: number): string[] {
  const rule = ruleNamed(stage.rule);
  const fields = rule.reduces?.over === "tensor" ? rule.reduces.fields : [];
  const lines = fields.map(
    (field, q) => `  hyper_now.r${i}.${field} = reduced[${reducedAt(stage, q)} + (tile & 0xffffu)];`,
  );
  return rule.matrix ? [...lines, `  hyper_now.r${i}.matrix = f32(tile >> 16u);`] : lines;
}

/** Whether a phase must know which tensor an element lies in. */
export const meetsTensors = ({ links }: Phase): boolean =>
  links.some(({ rule }) => ruleNamed(rule).matrix || ruleNamed(rule).reduces?.over === "tensor");

/** One lane of the chain: the rules in order, state in variables of its own. */
function lane({ links, view }: Phase, x: string, slots: readonly number[]): string {
  const lines = [`  var u_${x} = ${view ? "p" : "u"}.${x};`, ...slots.map((s) => `  var s${s}_${x} = s${s}.${x};`)];
  links.forEach((stage, i) => {
    const rule = ruleNamed(stage.rule);
    const pointers = slotsOf(stage, rule).map((s) => `, &s${s}_${x}`);
    const call = `u_${x} = ${rule.call}(u_${x}, p.${x}, hyper_now.r${i}${pointers.join("")});`;
    const own = slotsOf(stage, rule).slice(0, rule.slots);
    const clear = own.map((s) => `s${s}_${x} = select(s${s}_${x}, 0.0, hyper_now.anew${i} != 0.0); `).join("");
    const begun = stage.anew === undefined ? call : clear + call;
    lines.push(
      stage.gate === undefined ? `  ${begun}` : `  if (hyper_now.gate${i} != 0.0) { ${begun} } else { u_${x} = 0.0; }`,
    );
  });
  return lines.join("\n");
}

/** Hooks that find elements through a list of blocks, and p in a state slot. */
function places(tiled: boolean, from: number | undefined): Record<string, string> {
  const spot = `fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}`;
  const start = `fn start(at: Place, i: u32) -> vec4f {\n  return state[base(params.state, at) + i + ${from}u * params.state.pitch];\n}`;
  return { ...(tiled ? { spot } : {}), ...(from === undefined ? {} : { start }) };
}

const TILES = [{ name: "tiles", type: "array<u32>", access: "read" }] as const;

/** The variant of the update kernel that plays a phase of a chain, on all elements or on those of listed blocks. */
export function phaseVariant(phase: Phase, tiled = meetsTensors(phase)): Variant {
  const { links, last, from, view } = phase;
  const played = links.map(({ rule }) => ruleNamed(rule));
  const slots = [...new Set(links.flatMap((stage, i) => slotsOf(stage, played[i] as Rule)))];
  const flags = links.flatMap(({ gate, anew }, i) => [
    ...(gate === undefined ? [] : [[`gate${i}`, gate]]),
    ...(anew === undefined ? [] : [[`anew${i}`, anew]]),
  ]);
  const fields = [...played.map((rule, i) => `r${i}: ${rule.struct}`), ...flags.map(([name]) => `${name}: f32`)];
  const made = [...links.map(construct), ...flags.map(([, i]) => `scalar(at, ${i}u)`)].join(",\n    ") || "1.0";
  const chain = [
    "fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {",
    "  let origin = base(params.state, at) + i;",
    ...links.flatMap(refreshed),
    ...slots.map((s) => `  let s${s} = state[origin + ${s}u * params.state.pitch];`),
    ...LANES.map((x) => lane(phase, x, slots)),
    ...slots.map(
      (s) => `  state[origin + ${s}u * params.state.pitch] = vec4f(${LANES.map((x) => `s${s}_${x}`).join(", ")});`,
    ),
    `  return vec4f(${LANES.map((x) => `u_${x}`).join(", ")});`,
    "}",
  ].join("\n");
  const prepare = `fn prepare(at: Place) {\n  hyper_now = Hyper(${made});\n}`;
  const finish = `fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {\n  gradient[base(params.gradient, at) + i] = u;\n}`;
  const unique = [...new Set(played.map((rule) => rule.wgsl))];
  const tile = tiled ? "\nvar<private> tile: u32;" : "";
  return {
    label: links.map(({ rule }) => rule).join(" > ") || "view",
    chain: links,
    ...(last ? {} : { cut: true }),
    ...(from === undefined ? {} : { from }),
    ...(view ? { view } : {}),
    hooks: { prepare, chain, ...places(tiled, from), ...(last ? {} : { finish }) },
    fragments: [
      ...unique,
      `struct Hyper { ${fields.join(", ") || "unit: f32"} }\n\nvar<private> hyper_now: Hyper;${tile}`,
    ],
    ...(tiled ? { extra: TILES } : {}),
  };
}
