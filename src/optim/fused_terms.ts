// A phase that leaves u and the terms of the reduction after it in one kernel: a thread takes whole blocks of 64 numbers, so
// that their sums are the tree of block_terms.
import type { Stage, Variant } from "../kernel/kernel.ts";
import { prepared, reducerOf } from "./reduce.ts";
import { ruleNamed } from "./rule.ts";

/** Quads of a block. */
const QUADS = 16;

const QUAD = `fn quad(x: u32, q: u32, lane: u32) -> u32 {\n  return (x * WORKGROUP + lane) * ${QUADS}u + q;\n}`;

/** The sums of quads 2 k and 2 k + 1, then of two such, and so on: what waits for its other half is kept. */
const levels = [0, 1, 2, 3].map(
  (k) => `  if ((q & ${1 << k}u) == 0u) { halves[${k}] = sum; return; }\n  sum = halves[${k}] + sum;`,
);

/** The variant of the update kernel that also leaves `stage`'s terms; none for rules whose terms need state. */
export function withTerms(update: Variant, stage: Stage): Variant | undefined {
  const rule = ruleNamed(stage.rule);
  const { hooks = {}, fragments = [], cut, chain } = update;
  if (!cut || update.from !== undefined || update.extra || rule.slots > 0 || rule.borrows || rule.recalls)
    return undefined;
  const term = (x: string): string => `${rule.call}_terms(u.${x}, p.${x}, terms_now)`;
  const quantities = reducerOf(rule).fields.length;
  const finish = [
    "fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {",
    "  gradient[base(params.gradient, at) + i] = u;",
    `  let q = i % ${QUADS}u;`,
    `  var sum = (${term("x")} + ${term("y")}) + (${term("z")} + ${term("w")});`,
    ...levels,
    `  let place = base(params.terms, at) + i / ${QUADS}u;`,
    `  for (var k = 0u; k < ${quantities}u; k++) { terms[place + k * params.terms.pitch] = sum[k]; }`,
    "}",
  ].join("\n");
  const prepare = hooks.prepare?.replace(/\n}$/, `\n  terms_now = ${prepared(stage)};\n}`) as string;
  const own = `var<private> terms_now: ${rule.struct};\n\nvar<private> halves: array<vec4f, 4>;`;
  return {
    label: `${update.label} + ${rule.name} terms`,
    chain: chain as readonly Stage[],
    cut,
    consts: { QUADS },
    hooks: { ...hooks, prepare, finish, quad: QUAD },
    fragments: [...new Set([...fragments, rule.wgsl]), own],
    extra: [{ name: "terms", type: "array<f32>", access: "read_write" }],
  };
}
