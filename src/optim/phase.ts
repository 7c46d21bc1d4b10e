// The text of a phase: the hooks of the update kernel that play a phase's rules, generated.
import type { Stage, Variant } from "../kernel/kernel.ts";
import type { Phase } from "./compile.ts";
import { type Rule, reducedFields, ruleNamed } from "./rule.ts";
import { scalarFields } from "./scalars.ts";
import { slotsOf } from "./update.ts";

const LANES = ["x", "y", "z", "w"] as const;

/** The struct of one rule, its fields read in order; those of a tensor are read as its elements are met. */
export function construct(stage: Stage): string {
  const rule = ruleNamed(stage.rule);
  const scalars = scalarFields(rule);
  const fields = rule.fieldNames.map((field) => {
    const q = reducedFields(rule).indexOf(field);
    if (q >= 0 && (rule.reduces?.over ?? "run") === "run") return `reduced[${reducedAt(stage, q)}]`;
    const i = scalars.indexOf(field);
    return i < 0 ? "0.0" : `scalar(at, ${stage.scalar + i}u)`;
  });
  return `${rule.struct}(${fields.join(", ")})`;
}

/** Where a stage finds its q-th reduced number. */
export const reducedAt = ({ reduced = 0 }: Stage, q: number): string =>
  `base(params.reduced, at)${reduced + q > 0 ? ` + ${reduced + q}u * params.reduced.pitch` : ""}`;

/** One lane of the chain: the rules in order, state in variables of its own. `before` says what else a rule reads. */
function lane(
  { links, view }: Phase,
  x: string,
  slots: readonly number[],
  before: (stage: Stage, i: number, x: string) => string = () => "",
): string {
  const lines = [`  var u_${x} = ${view ? "p" : "u"}.${x};`, ...slots.map((s) => `  var s${s}_${x} = s${s}.${x};`)];
  links.forEach((stage, i) => {
    const rule = ruleNamed(stage.rule);
    const pointers = slotsOf(stage, rule).map((s) => `, &s${s}_${x}`);
    const call = `u_${x} = ${rule.call}(u_${x}, p.${x}, hyper_now.r${i}${pointers.join("")});`;
    const own = slotsOf(stage, rule).slice(0, rule.slots);
    const clear = own.map((s) => `s${s}_${x} = select(s${s}_${x}, 0.0, hyper_now.anew${i} != 0.0); `).join("");
    const begun = before(stage, i, x) + (stage.anew === undefined ? call : clear + call);
    lines.push(
      stage.gate === undefined ? `  ${begun}` : `  if (hyper_now.gate${i} != 0.0) { ${begun} } else { u_${x} = 0.0; }`,
    );
  });
  return lines.join("\n");
}

/** What a phase needs that does not go over the whole arena from p and the gradient: see places.ts. */
export interface Places {
  /** Lines at the head of the chain's hook, hooks of its own, module-scope variables. */
  readonly lines: readonly string[];
  /** What a lane reads before a rule. */
  readonly before: (stage: Stage, i: number, x: string) => string;
  readonly hooks: Readonly<Record<string, string>>;
  readonly fragment: string;
  readonly rest: Partial<Variant>;
}

const SCALAR = /scalar\(at, (\d+)u\)/g;

/** The hook that reads a run's hyperparameters; in one loop where they lie together, which compiles sooner than one by one. */
function prepareHook(made: string): string {
  const read = new Set([...made.matchAll(SCALAR)].map(([, i]) => Number(i)));
  const first = Math.min(...read);
  const count = Math.max(...read) + 1 - first;
  if (read.size < 3 || count > read.size) return `fn prepare(at: Place) {\n  hyper_now = Hyper(${made});\n}`;
  return [
    "fn prepare(at: Place) {",
    `  var now = array<f32, ${count}>();`,
    `  for (var i = 0u; i < ${count}u; i++) { now[i] = scalar(at, ${first}u + i); }`,
    `  hyper_now = Hyper(${made.replace(SCALAR, (_, i: string) => `now[${Number(i) - first}]`)});`,
    "}",
  ].join("\n");
}

/** The variant of the update kernel that plays a phase of a chain. */
export function playedVariant(phase: Phase, places?: Places): Variant {
  const { links, last } = phase;
  const played = links.map(({ rule }) => ruleNamed(rule));
  const slots = [...new Set(links.flatMap((stage, i) => slotsOf(stage, played[i] as Rule)))];
  const flags = links.flatMap(({ gate, anew, draws }, i) => [
    ...(draws ? [[`high${i}`, draws.seed] as const, [`low${i}`, draws.seed + 1] as const] : []),
    ...(gate === undefined ? [] : [[`gate${i}`, gate]]),
    ...(anew === undefined ? [] : [[`anew${i}`, anew]]),
  ]);
  const fields = [...played.map((rule, i) => `r${i}: ${rule.struct}`), ...flags.map(([name]) => `${name}: f32`)];
  const made = [...links.map(construct), ...flags.map(([, i]) => `scalar(at, ${i}u)`)].join(",\n    ") || "1.0";
  const chain = [
    "fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {",
    ...(slots.length > 0 ? ["  let origin = base(params.state, at) + i;"] : []),
    ...(places?.lines ?? []),
    ...slots.map((s) => `  let s${s} = state[origin + ${s}u * params.state.pitch];`),
    ...LANES.map((x) => lane(phase, x, slots, places?.before)),
    ...slots.map(
      (s) => `  state[origin + ${s}u * params.state.pitch] = vec4f(${LANES.map((x) => `s${s}_${x}`).join(", ")});`,
    ),
    `  return vec4f(${LANES.map((x) => `u_${x}`).join(", ")});`,
    "}",
  ].join("\n");
  const prepare = prepareHook(made);
  const finish = `fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {\n  gradient[base(params.gradient, at) + i] = u;\n}`;
  const unique = [...new Set(played.map((rule) => rule.wgsl))];
  return {
    label: links.map(({ rule }) => rule).join(" > ") || "view",
    chain: links,
    ...(last ? {} : { cut: true }),
    ...places?.rest,
    hooks: { prepare, chain, ...places?.hooks, ...(last ? {} : { finish }) },
    fragments: [
      ...unique,
      `struct Hyper { ${fields.join(", ") || "unit: f32"} }\n\nvar<private> hyper_now: Hyper;${places?.fragment ?? ""}`,
    ],
  };
}
