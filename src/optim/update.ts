// The one kernel behind every chain: its hooks are generated from the rules, its reference plays them in f64.
import wgsl from "../../shaders/optim/update.wgsl?raw";
import type { Tensor } from "../core/tensor.ts";
import {
  type Context,
  defineKernel,
  read,
  readWords,
  type Sizes,
  type Tensors,
  update,
  type Variant,
} from "../kernel/kernel.ts";
import type { Phase } from "./chain.ts";
import { type Rule, ruleNamed, type Values } from "./rule.ts";

const bits = new DataView(new ArrayBuffer(4));
const fromBits = (word: number): number => {
  bits.setUint32(0, word);
  return bits.getFloat32(0);
};

interface Played {
  readonly rule: Rule;
  readonly slot: number;
  readonly fields: Values;
}

/** The rules of a phase with their fields' values now: factor times series, one f32 product each. */
export function played(tensors: Tensors, { variant, values }: Context): Played[] {
  const { hyper, reduced } = tensors as { hyper: Tensor; reduced: Tensor };
  return (variant.chain ?? []).map(({ rule: name, scalar, slot }) => {
    const rule = ruleNamed(name);
    let next = scalar;
    const fields: Record<string, number> = {};
    for (const field of rule.fieldNames) {
      if (field === rule.reduces?.field) fields[field] = reduced.at();
      else {
        fields[field] = Math.fround(fromBits(hyper.at(2 * next)) * (values[hyper.at(2 * next + 1)] as number));
        next++;
      }
    }
    return { rule, slot, fields };
  });
}

function reference(tensors: Tensors, { size = 0 }: Sizes, context: Context): void {
  const { gradient, parameter, state, latch } = tensors as Record<string, Tensor> as {
    [K in "gradient" | "parameter" | "state" | "latch"]: Tensor;
  };
  const chain = played(tensors, context);
  for (let i = 0; i < size; i++) {
    const p = parameter.at(i);
    let u = gradient.at(i);
    for (const { rule, slot, fields } of chain) {
      const s = Array.from({ length: rule.slots }, (_, k) => state.at(slot + k, i));
      u = rule.reference(u, p, fields, s);
      s.forEach((value, k) => void state.set(value, slot + k, i));
    }
    if (context.variant.cut) gradient.set(u, i);
    else {
      parameter.set(p - u, i);
      // Not finite as f32, which f64 may still hold.
      if (!Number.isFinite(Math.fround(p - u))) latch.set(Math.min(latch.at(), context.t));
    }
  }
}

defineKernel({
  name: "update",
  wgsl,
  params: ["size"],
  hooks: ["prepare", "chain", "finish"],
  consts: ["WORKGROUP", "QUADS"],
  bindings: ({ size = 0, slots = 1, scalars = 1 }) => ({
    gradient: update(size),
    parameter: update(size),
    state: update(Math.max(slots, 1), size),
    hyper: readWords(2 * Math.max(scalars, 1)),
    reduced: read(1),
    latch: { mode: "update", shape: [1], dtype: "u32" },
  }),
  threads: ({ size = 0 }, { QUADS }) => [Math.ceil(size / 4 / (QUADS ?? 4))],
  reference,
});

const LANES = ["x", "y", "z", "w"] as const;

/** The struct of one rule, its fields read in order. */
function construct(rule: Rule, scalar: number): string {
  let next = scalar;
  const fields = rule.fieldNames.map((field) =>
    field === rule.reduces?.field ? "reduced[base(params.reduced, at)]" : `scalar(at, ${next++}u)`,
  );
  return `${rule.struct}(${fields.join(", ")})`;
}

/** One lane of the chain: the rules in order, state in variables of its own. */
function lane(links: Phase["links"], x: string): string {
  const lines = [`  var u_${x} = u.${x};`];
  links.forEach(({ rule: name, slot }, i) => {
    const rule = ruleNamed(name);
    const slots = Array.from({ length: rule.slots }, (_, k) => slot + k);
    for (const s of slots) lines.push(`  var s${s}_${x} = s${s}.${x};`);
    const pointers = slots.map((s) => `, &s${s}_${x}`).join("");
    lines.push(`  u_${x} = ${rule.call}(u_${x}, p.${x}, hyper_now.r${i}${pointers});`);
  });
  return lines.join("\n");
}

/** The variant of the update kernel that plays a phase of a chain. */
export function phaseVariant({ links, last }: Phase): Variant {
  const played = links.map(({ rule }) => ruleNamed(rule));
  const slots = links.flatMap(({ slot }, i) => Array.from({ length: played[i]?.slots ?? 0 }, (_, k) => slot + k));
  const fields = played.map((rule, i) => `r${i}: ${rule.struct}`).join(", ");
  const made = links.map(({ scalar }, i) => construct(played[i] as Rule, scalar)).join(",\n    ");
  const chain = [
    "fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {",
    "  let origin = base(params.state, at) + i;",
    ...slots.map((s) => `  let s${s} = state[origin + ${s}u * params.state.pitch];`),
    ...LANES.map((x) => lane(links, x)),
    ...slots.map(
      (s) => `  state[origin + ${s}u * params.state.pitch] = vec4f(${LANES.map((x) => `s${s}_${x}`).join(", ")});`,
    ),
    `  return vec4f(${LANES.map((x) => `u_${x}`).join(", ")});`,
    "}",
  ].join("\n");
  const prepare = `fn prepare(at: Place) {\n  hyper_now = Hyper(${made});\n}`;
  const finish = `fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {\n  gradient[base(params.gradient, at) + i] = u;\n}`;
  const unique = [...new Set(played)].map((rule) => rule.wgsl);
  return {
    label: links.map(({ rule }) => rule).join(" > "),
    chain: links,
    ...(last ? {} : { cut: true }),
    hooks: { prepare, chain, ...(last ? {} : { finish }) },
    fragments: [...unique, `struct Hyper { ${fields} }\n\nvar<private> hyper_now: Hyper;`],
  };
}
