// Fusions as passes over work: each replaces two pieces by one whose parts are the two. Switched off, the plan is unfused.
import { fail } from "../core/check.ts";
import type { Variant } from "../kernel/kernel.ts";
import { type ChoiceKind, type Note, unnoted } from "./choices.ts";
import { epilogueFragments, epilogueHook } from "./epilogue.ts";
import { reads, writes } from "./lower.ts";
import type { Tuning } from "./tuning.ts";
import type { Epilogue, Value, Work } from "./work.ts";

/** A matmul whose sum is whole: parts of one (class split-k) carry no more work. */
export const isMatmul = (work: Work): boolean => work.kernel.startsWith("matmul_") && !work.sliced;

const hasEpilogue = (work: Work): boolean => isMatmul(work) || work.kernel === "split_sums";

export const partsOf = (work: Work): readonly Work[] => work.parts ?? [work];

/** The function of an elementwise piece of work. */
const functionOf = (work: Work): string => work.variant.label ?? "";

/** What `next` does to the matmul's result `y`, as an epilogue; undefined where it cannot be one. */
function epilogueOf(next: Work, y: Value): Epilogue | undefined {
  if (next.kernel === "bias_add" && next.tensors.x === y) return { kind: "bias", value: next.tensors.b as Value };
  if (next.kernel === "map") return { kind: "map", f: functionOf(next) };
  if (next.kernel !== "zip") return undefined;
  const { a, b } = next.tensors as { a: Value; b: Value };
  if (a === b) return undefined;
  return { kind: "zip", f: functionOf(next), other: a === y ? b : a, first: a === y };
}

/** WebGPU's default is 8 storage buffers a stage; step and runs may take two. */
export const MOST_BINDINGS = 8;

/** Storage buffers a piece of work binds: tensors of one arena share a binding; the step and the run table may be two more. */
export function bindingCount({ tensors, variant: { extra = [] } }: Work): number {
  const buffers = new Set(Object.values(tensors).map((value) => value.home?.buffer ?? value));
  return (
    buffers.size + new Set(extra.map(({ name }) => name).filter((name) => name === "step" || name === "runs")).size
  );
}

/** Work in, work out: beside it what to keep whatever happens, what a tuning table says, and an account of what was chosen. */
export type Pass = (work: readonly Work[], wanted: ReadonlySet<Value>, tuning: Tuning, note: Note) => Work[];

/** Whether fused work binds more than it may, of which an account is kept. */
export function overbound(kind: ChoiceKind, fused: Work, works: readonly Work[], note: Note): boolean {
  const count = bindingCount(fused);
  const over = count > MOST_BINDINGS;
  if (over) note(kind, works, [count, MOST_BINDINGS]);
  return over;
}

/** Bias, activation, derivative, residual: elementwise work on a matmul's result (of a split one: on its sums), done before the result is stored. */
export function fuseEpilogues(work: readonly Work[], wanted: ReadonlySet<Value>, note: Note = unnoted): Work[] {
  const list = [...work];
  for (let i = 0; i < list.length; i++) {
    const at = list[i] as Work;
    if (!hasEpilogue(at)) continue;
    const y = at.tensors.y as Value;
    const j = list.findIndex((other, index) => index > i && Object.values(reads(other)).includes(y));
    const next = list[j];
    const step = next && epilogueOf(next, y);
    if (!next || !step) continue;
    const beside = step.kind === "zip" ? step.other : step.kind === "bias" ? step.value : undefined;
    if (beside && !madeBefore(list, beside, i)) continue;
    if (overwritesEarly(list.slice(i, j), next.tensors.y as Value)) continue;
    const used =
      wanted.has(y) ||
      y.home !== undefined ||
      list.some((other, index) => index > j && Object.values(reads(other)).includes(y));
    const keep: Epilogue[] = used ? [{ kind: "keep", value: y }] : [];
    const fused = withEpilogue(at, next, [...(at.epilogue ?? []), ...keep, step]);
    if (overbound("epilogue: bindings", fused, [next, at], note)) continue;
    list[i] = fused;
    list.splice(j, 1);
    i--;
  }
  return list;
}

/** Whether work that a value's write would move ahead of reads the buffer it lies in: an assignment must not come early. */
const overwritesEarly = (between: readonly Work[], { home }: Value): boolean =>
  home !== undefined &&
  between.some((other) => Object.values(reads(other)).some((value) => value.home?.buffer === home.buffer));

const madeBefore = (list: readonly Work[], value: Value, i: number): boolean =>
  !list.some((other, index) => index >= i && Object.values(writes(other)).includes(value));

function withEpilogue(at: Work, next: Work, epilogue: readonly Epilogue[]): Work {
  const tensors: Record<string, Value> = { ...at.tensors, y: next.tensors.y as Value };
  epilogue.forEach((step, i) => {
    if (step.kind === "bias" || step.kind === "keep") tensors[`e${i}`] = step.value;
    if (step.kind === "zip") tensors[`e${i}`] = step.other;
  });
  const fused = {
    ...at,
    name: `${at.name} + ${shortName(next.name, at.name)}`,
    tensors,
    epilogue,
    parts: [...partsOf(at), next],
  };
  return { ...fused, variant: matmulVariant(fused) };
}

/** layer1.relu beside layer1.matmul is just relu. */
const shortName = (name: string, beside: string): string => {
  const scope = beside.slice(0, beside.lastIndexOf(".") + 1);
  return scope !== "" && name.startsWith(scope) ? name.slice(scope.length) : name;
};

/** The bias gradient: the column sums of dy inside the weight-gradient matmul that reads dy anyway. */
export function fuseColumnSums(work: readonly Work[], note: Note = unnoted): Work[] {
  const list = [...work];
  for (let i = 0; i < list.length; i++) {
    const at = list[i] as Work;
    if (!isMatmul(at) || !at.variant.consts?.A_TRANSPOSED || at.tensors.sums) continue;
    const j = list.findIndex((other) => other.kernel === "column_sums" && other.tensors.x === at.tensors.b);
    const sums = list[j];
    if (!sums || !madeBefore(list, at.tensors.b as Value, Math.min(i, j))) continue;
    const early = list.slice(0, i).some((other) => Object.values(reads(other)).includes(sums.tensors.y as Value));
    if (early) continue;
    const tensors = { ...at.tensors, sums: sums.tensors.y as Value };
    const summed = {
      ...at,
      name: `${at.name} + ${shortName(sums.name, at.name)}`,
      tensors,
      parts: [...partsOf(at), sums],
    };
    const fused = { ...summed, variant: matmulVariant(summed) };
    if (overbound("sums: bindings", fused, [sums, at], note)) continue;
    list[i] = fused;
    list.splice(j, 1);
    if (j < i) i--;
  }
  return list;
}

const passes = new Map<string, Pass>();

/** Enters a pass that only some tables ask for: fuse_gather.ts, fuse_update.ts, loaded with a table that does. */
export const definePass = (name: string, pass: Pass): void => void passes.set(name, pass);

/** Such a pass; without effect where the table does not ask. */
export const asked =
  (name: string, limit: (tuning: Tuning) => number): Pass =>
  (work, wanted, tuning, note) => {
    if (limit(tuning) === 0) return [...work];
    const pass = passes.get(name) ?? fail("plan", `${tuning.name} ${name}`, "await loadTuning(tuning) first");
    return pass(work, wanted, tuning, note);
  };

/** The batch's rows read straight from the data set in a matmul's loads, where a tuning table says that it pays. */
export const fuseGathers = asked("gathers in matmuls", ({ gatherTiles }) => gatherTiles);

/** A classifier's last layer with its loss and gradients, likewise. */
export const fuseHead = asked("classifiers' heads", ({ headDepth }) => headDepth);

/** The rules of a chain played as its gradients are stored, likewise. */
export const fuseUpdates = asked("updates in matmuls", ({ updateInGradient }) => updateInGradient);

/** A network's work in one dispatch, likewise. */
export const fuseNetworks = asked("networks in one dispatch", ({ network }) => Number(network !== undefined));

/** Updates without what lies between tensors, likewise. */
export const packUpdates = asked("packed updates", ({ packed = false }) => Number(packed));

const SUMS = "var<private> column_sums: array<vec4f, 4>;";

const SUM_HOOKS = {
  sum_b: [
    "fn sum_b(part: u32, row: u32, block: mat4x4f) {",
    "  if (row == 0u) { column_sums[part] = (((column_sums[part] + block[0]) + block[1]) + block[2]) + block[3]; }",
    "}",
  ].join("\n"),
  sums_at: "fn sums_at(row: u32) -> bool {\n  return row == 0u;\n}",
  column_sum: "fn column_sum(part: u32) -> vec4f {\n  return column_sums[part];\n}",
  store: [
    "fn store(at: Place, row: u32, column: u32, value: vec4f) {",
    "  let c = column / 4u;",
    "  let real = inside4(column, params.n);",
    "  if (row == SUMS_ROW && column < params.n) { sums[base(params.sums, at) + c] = select(vec4f(), value, real); }",
    "  if (row < params.m && column < params.n) {",
    "    y[base(params.y, at) + row * params.y.pitch + c] = select(vec4f(), epilogue(value, at, row, c), real);",
    "  }",
    "}",
  ].join("\n"),
};

const epilogueLabel = (step: Epilogue): string => (step.kind === "bias" || step.kind === "keep" ? step.kind : step.f);

/** The variant of a matmul with all its work gathered, appended, summed. */
export function matmulVariant(work: Work): Variant {
  const { epilogue = [], gathered, tensors } = work;
  const hooks: Record<string, string> = {};
  const own = epilogueFragments(epilogue);
  const fragments = [...own.fragments];
  const extra = [...own.extra];
  if (epilogue.length > 0) hooks.epilogue = epilogueHook(epilogue, "params.n");
  if (tensors.sums) {
    Object.assign(hooks, SUM_HOOKS);
    fragments.push(SUMS);
    extra.push({ name: "sums", type: "array<vec4f>", access: "read_write" });
  }
  if (gathered) {
    Object.assign(hooks, gathered.hooks);
    extra.push(...gathered.extra);
  }
  const types = gathered?.types ? { types: gathered.types } : {};
  const label = [gathered?.label ?? "", ...epilogue.map(epilogueLabel), tensors.sums ? "column sums" : ""]
    .filter((part) => part !== "")
    .join(" + ");
  const { consts } = work.variant;
  return { ...(consts ? { consts } : {}), ...(label ? { label } : {}), hooks, fragments, extra, ...types };
}
