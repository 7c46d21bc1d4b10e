// The generated hook that does elementwise work on a result before it is stored, and the fragments and bindings it needs.
import type { Variant } from "../kernel/kernel.ts";
import { callOf, elementwiseNamed } from "../ops/elementwise.ts";
import type { Epilogue } from "./work.ts";

type Extra = NonNullable<Variant["extra"]>[number];

const element = (name: string): string => `${name}[base(params.${name}, at) + row * params.${name}.pitch + column]`;

function epilogueLine(step: Epilogue, name: string, columns: string): string {
  if (step.kind === "bias") return `  v = v + ${name}[base(params.${name}, at) + column];`;
  if (step.kind === "map") return `  v = ${callOf(elementwiseNamed(step.f), columns)};`;
  if (step.kind === "keep") return `  ${element(name)} = select(vec4f(), v, inside4(column * 4u, ${columns}));`;
  const call = elementwiseNamed(step.f).call;
  return step.first ? `  v = ${call}(v, ${element(name)});` : `  v = ${call}(${element(name)}, v);`;
}

/** The hook's whole definition: every step in order, operands e0, e1 ... by position. `columns` is the result's width. */
export function epilogueHook(epilogue: readonly Epilogue[], columns: string): string {
  const lines = epilogue.map((step, i) => epilogueLine(step, `e${i}`, columns));
  return `fn epilogue(value: vec4f, at: Place, row: u32, column: u32) -> vec4f {\n  var v = value;\n${lines.join("\n")}\n  return v;\n}`;
}

export function epilogueFragments(epilogue: readonly Epilogue[]): { fragments: string[]; extra: Extra[] } {
  const fragments = new Set<string>();
  const extra: Extra[] = [];
  epilogue.forEach((step, i) => {
    if (step.kind === "map" || step.kind === "zip") fragments.add(elementwiseNamed(step.f).wgsl);
    if (step.kind === "map") extra.push(...(elementwiseNamed(step.f).extra ?? []));
    else extra.push({ name: `e${i}`, type: "array<vec4f>", access: step.kind === "keep" ? "read_write" : "read" });
  });
  return { fragments: [...fragments], extra };
}
