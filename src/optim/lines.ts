// Sums or maxima over the rows and columns of tensors: stretches of lines first, then what a rule makes of each line.
import termsWgsl from "../../shaders/optim/line_terms.wgsl?raw";
import settleWgsl from "../../shaders/optim/line_settle.wgsl?raw";
import { pitchOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import {
  defineKernel,
  read,
  readWords,
  type Stage,
  type Tensors,
  update,
  type Variant,
  write,
} from "../kernel/kernel.ts";
import { construct } from "./phase.ts";
import { prepared, type Reducer, reducerOf, settledHook, stageOf } from "./reduce.ts";
import { type CutAt, type CutCall, lineField, type Rule, ruleNamed } from "./rule.ts";
import { slotsOf } from "./update.ts";
import { type Playing, playing } from "./update.reference.ts";

/** Words of a group of lines, and of a group of whole lines. */
export const GROUP = 9;
export const END = 6;

/** Lines of a group: a thread each, or a thread for four columns. */
export const LINES = 16;

/**
 * A reduction over rows and columns, whose shader stands beside the rule's function as for `reduction`. `fields` name what
 * is kept of the number's row, column and tensor: row_x, col_x, all_x for x of `kept`. A vector is one row.
 */
export const lineReduction = (of: Omit<Reducer, "calls" | "over"> & { readonly kept: readonly string[] }): Reducer => ({
  ...of,
  over: "lines",
  calls,
});

/** The two dispatches. */
function calls({ size, slots, scalars, stage, lines }: CutAt): CutCall[] {
  const rule = ruleNamed(stage.rule);
  const { kept = [] } = reducerOf(rule);
  const { groups, partials, ends, room, passes } = lines as NonNullable<CutAt["lines"]>;
  const quantities = quantitiesOf(rule);
  const x = { scratch: `${rule.name} stretches`, shape: [quantities, partials] } as const;
  const hyper = { arena: "hyper" } as const;
  const lined = { arena: "lines" } as const;
  return [
    {
      name: `${rule.name}, stretches of lines`,
      kernel: "line_terms",
      sizes: { entries: groups, quantities, size, slots, scalars, kept: kept.length, room, partials, passes },
      variant: lineTermsVariant(stage),
      tensors: {
        gradient: { arena: "gradient" },
        parameter: { arena: "parameter" },
        state: { arena: "state" },
        hyper,
        lines: lined,
        groups: { arena: "groups" },
        y: x,
      },
    },
    {
      name: `${rule.name}, lines`,
      kernel: "line_settle",
      sizes: { entries: ends, quantities, kept: kept.length, scalars, room, partials },
      variant: lineSettleVariant(stage),
      tensors: { x, ends: { arena: "ends" }, hyper, y: lined },
    },
  ];
}

/** Terms of a number. */
export const quantitiesOf = (rule: Rule): number =>
  reducerOf(rule).terms(
    0,
    0,
    Object.fromEntries(rule.fieldNames.map((name) => [name, 1])),
    new Array(rule.slots).fill(0),
  ).length;

const LARGEST = "fn joined(a: vec4f, b: vec4f) -> vec4f {\n  return max(a, b);\n}";
const joined = (rule: Rule): Record<string, string> => (reducerOf(rule).largest ? { joined: LARGEST } : {});

/** The variant of line_terms that makes a rule's terms. */
export function lineTermsVariant(stage: Stage): Variant {
  const rule = ruleNamed(stage.rule);
  const reducer = reducerOf(rule);
  const slots = slotsOf(stage, rule);
  const known = (x: number): string[] =>
    reducer.fields
      .filter((field) => new RegExp(`h\\.${field}\\b`).test(termsText(rule)))
      .map((field) => {
        const { line, k } = lineField(reducer, field);
        const place = `lines[base(params.lines, at) + ${k}u * params.lines.pitch + ${line}${line === "col" ? ` + ${x}u` : ""}]`;
        const now = stage.anew === undefined ? place : `select(${place}, 0.0, scalar(at, ${stage.anew}u) != 0.0)`;
        return `  hyper_now.${field} = ${now};`;
      });
  const lanes = ["x", "y", "z", "w"].flatMap((lane, x) => [
    ...known(x),
    `  four[${x}] = ${rule.call}_terms(u.${lane}, p.${lane}, hyper_now${slots.map((s) => `, s${s}.${lane}`).join("")});`,
  ]);
  const hook = [
    "fn terms_of(at: Place, i: u32, row: u32, col: u32) -> array<vec4f, 4> {",
    "  let u = gradient[base(params.gradient, at) + i];",
    "  let p = parameter[base(params.parameter, at) + i];",
    ...[...new Set(slots)].map((s) => `  let s${s} = state[base(params.state, at) + i + ${s}u * params.state.pitch];`),
    "  var four = array<vec4f, 4>();",
    ...lanes,
    "  return four;",
    "}",
  ].join("\n");
  const prepare = `fn prepare(at: Place) {\n  hyper_now = ${construct(stage)};\n}`;
  const fragments = [rule.wgsl, `var<private> hyper_now: ${rule.struct};`];
  return { label: rule.name, chain: [stage], hooks: { prepare, terms_of: hook, ...joined(rule) }, fragments };
}

/** The text of a rule's terms. */
const termsText = ({ wgsl, call }: Rule): string => wgsl.slice(wgsl.indexOf(`fn ${call}_terms`)).split("\n}")[0] ?? "";

/** The variant of line_settle that plays a rule's own function of a line's sums. */
export function lineSettleVariant(stage: Stage): Variant {
  const rule = ruleNamed(stage.rule);
  const own = reducerOf(rule).settle ? { settled: settledHook(stage, prepared(stage)) } : {};
  const text = reducerOf(rule).settle ? { fragments: [rule.wgsl] } : {};
  return { label: rule.name, chain: [stage], hooks: { ...own, ...joined(rule) }, ...text };
}

/** A number of a group of lines: which line and stretch it is of, where it lies, where its row and column are kept. */
export interface OfLine {
  readonly i: number;
  readonly at: number;
  readonly row: number;
  readonly col: number;
}

/** Every number that line_terms takes, line by line; `at` is where its line's sum goes. */
export function visitLines(groups: Tensor, entries: number, meet: (number: OfLine) => void): void {
  for (let entry = 0; entry < entries; entry++) {
    const word = (k: number): number => groups.at(GROUP * entry + k);
    const [first, stride, lines, steps, y, columns, row, col, left] = Array.from({ length: GROUP }, (_, k) =>
      word(k),
    ) as number[] as [number, number, number, number, number, number, number, number, number];
    for (let line = 0; line < lines; line++) {
      for (let k = 0; k < steps; k++) {
        for (let x = 0; x < 4; x++) {
          if (columns) {
            const i = 4 * (first + line + k * stride) + x;
            meet({ i, at: y + 4 * line + x, row: row + k, col: col + 4 * line + x });
          } else if (4 * k + x < left) {
            meet({ i: 4 * (first + line * stride + k) + x, at: y + line, row: row + line, col: col + 4 * k + x });
          }
        }
      }
    }
  }
}

/** The rule's fields with those of a number's row and column, from what is kept of them. */
export function withLines(now: Playing, lines: Tensor, at: OfLine, read = (k: number, i: number) => lines.at(k, i)) {
  const fields = { ...now.fields };
  const reducer = reducerOf(now.rule);
  for (const field of reducer.fields) {
    const { line, k } = lineField(reducer, field);
    fields[field] = now.anew || line === "all" ? 0 : read(k, at[line]);
  }
  return fields;
}

export const lineTensors = (tensors: Tensors, names: readonly string[]): Tensor[] =>
  names.map((name) => tensors[name] as Tensor);

/** The groups of whole lines: each line's stretches in x, where it is kept, and how many numbers it is over. */
export function visitEnds(
  ends: Tensor,
  entries: number,
  meet: (line: { from: number; stride: number; stretches: number; at: number; count: number }) => void,
): void {
  for (let entry = 0; entry < entries; entry++) {
    const [from = 0, stride = 0, stretches = 0, lines = 0, at = 0, count = 0] = Array.from({ length: END }, (_, k) =>
      ends.at(END * entry + k),
    );
    for (let line = 0; line < lines; line++) meet({ from: from + line, stride, stretches, at: at + line, count });
  }
}

defineKernel({
  name: "line_terms",
  wgsl: termsWgsl,
  params: ["entries", "quantities"],
  hooks: ["prepare", "terms_of", "joined"],
  bindings: ({ entries = 0, quantities = 1, size = 64, slots = 1, scalars = 1, kept = 1, room = 4, partials = 1 }) => ({
    gradient: read(size),
    parameter: read(size),
    state: read(slots, size),
    hyper: readWords(2 * scalars),
    lines: read(kept, room),
    groups: readWords(GROUP * entries),
    y: write(quantities, partials),
  }),
  threads: ({ entries = 0 }) => [LINES * entries],
  reference(tensors, { entries = 0, quantities = 1, partials = 1 }, { variant, values }) {
    const names = ["gradient", "parameter", "state", "lines", "groups", "y"];
    const [gradient, parameter, kept, lines, groups, y] = lineTensors(tensors, names) as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    const now = playing(stageOf(variant), { hyper: tensors.hyper as Tensor }, values);
    const reducer = reducerOf(now.rule);
    const totals = Array.from({ length: quantities }, () => new Float64Array(pitchOf(partials)));
    const met = new Set<number>();
    visitLines(groups, entries, (number) => {
      const s = now.slots.map((slot) => kept.at(slot, number.i));
      const terms = reducer.terms(gradient.at(number.i), parameter.at(number.i), withLines(now, lines, number), s);
      met.add(number.at);
      for (const [q, term] of terms.entries()) {
        const total = totals[q] as Float64Array;
        const before = total[number.at] as number;
        total[number.at] = reducer.largest ? Math.max(before, term) : before + term;
      }
    });
    for (const at of met) totals.forEach((total, q) => void y.set(total[at] as number, q, at));
  },
});

defineKernel({
  name: "line_settle",
  wgsl: settleWgsl,
  params: ["entries", "quantities", "kept"],
  hooks: ["settled", "joined"],
  bindings: ({ entries = 0, quantities = 1, kept = 1, scalars = 1, room = 4, partials = 1 }) => ({
    x: read(quantities, partials),
    ends: readWords(END * entries),
    hyper: readWords(2 * scalars),
    y: update(kept, room),
  }),
  threads: ({ entries = 0 }) => [LINES * entries],
  reference(tensors, { entries = 0, quantities = 1, kept = 1 }, { variant, values }) {
    const [x, ends, y] = lineTensors(tensors, ["x", "ends", "y"]) as [Tensor, Tensor, Tensor];
    const now = playing(stageOf(variant), { hyper: tensors.hyper as Tensor }, values);
    const { settle, largest } = reducerOf(now.rule);
    if (settle && !now.plays) return;
    visitEnds(ends, entries, ({ from, stride, stretches, at, count }) => {
      const sums = Array.from({ length: quantities }, (_, q) => {
        let total = 0;
        for (let i = 0; i < stretches; i++) {
          const next = x.at(q, from + i * stride);
          total = largest ? Math.max(total, next) : total + next;
        }
        return total;
      });
      const before = Array.from({ length: kept }, (_, k) => (now.anew ? 0 : y.at(k, at)));
      const made = settle ? settle(sums, count, now.fields, before) : sums;
      for (let k = 0; k < kept; k++) y.set(made[k] ?? 0, k, at);
    });
  },
});
