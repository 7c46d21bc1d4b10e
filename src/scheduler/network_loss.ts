// A loss' row in the text of a network's kernel: as cross_entropy.wgsl and target_loss.wgsl have it, its columns written out.
import { kernelNamed } from "../kernel/kernel.ts";
import { functionIn } from "../kernel/source.ts";
import { laneOf, literal, narrowed, type Row, spread, together, typeOf, widened, widthOf } from "./network_row.ts";
import type { NetworkText } from "./network_text.ts";
import type { Value, Work } from "./work.ts";

/** The four numbers of a value, added as the kernels do: 0 for those beyond its width. */
function added(name: string, width: number): string {
  const lane = (x: number): string => (x >= width ? "0.0" : width === 1 ? name : `${name}.${"xyzw"[x]}`);
  return `((${lane(0)} + ${lane(1)}) + (${lane(2)} + ${lane(3)}))`;
}

const sumOf = (names: readonly string[], cols: number): string =>
  names.reduce((sum, name, q) => `(${sum} + ${added(name, widthOf(cols, q))})`, "0.0");

/** What a row tells: its loss and its hits, 0 where it does not count. */
function tell(text: NetworkText, loss: string, hits: string): void {
  text.each("let counts = row < step.valid;");
  text.each(`metrics[metrics_at + row] = select(0.0, ${loss}, counts);`);
  text.each(`metrics[metrics_at + row + params.metrics.pitch] = select(0.0, ${hits}, counts);`);
}

/** Softmax cross-entropy: the gradient in the logits of the row. */
export function crossEntropyRow(text: NetworkText, { sizes }: Work, z: Row, label: string): Row {
  let [largest, best, wanted] = ["-3.0e38", "0u", "0.0"];
  for (let j = 0; j < z.cols; j++) {
    const [at, own] = [laneOf(z, j), (name: string) => `${name}${j}`];
    text.each(`let ${own("largest")} = select(${largest}, ${at}, ${at} > ${largest});`);
    text.each(`let ${own("best")} = select(${best}, ${j}u, ${at} > ${largest});`);
    text.each(`let ${own("wanted")} = select(${wanted}, ${at}, ${label} == ${j}u);`);
    [largest, best, wanted] = [own("largest"), own("best"), own("wanted")];
  }
  const e = text.row(z.cols, (q) => `exp(${z.names[q]} - ${largest})`);
  text.each(`let sum = ${sumOf(e.names, z.cols)};`);
  tell(text, `log(sum) + ${largest} - ${wanted}`, `select(0.0, 1.0, ${best} == ${label})`);
  const hot = (q: number, width: number): string =>
    together(Array.from({ length: width }, (_, x) => `f32(${label} == ${4 * q + x}u)`));
  const factor = literal(sizes.factor as number);
  return text.row(z.cols, (q, width) => {
    const gradient = `${factor} * (${e.names[q]} / sum - ${hot(q, width)})`;
    return `select(${typeOf(width)}(), ${gradient}, counts)`;
  });
}

/** The functions of a loss against targets: its variant's, or the kernel's own. */
function declareTerms(text: NetworkText, { kernel, variant }: Work): void {
  const { wgsl } = kernelNamed(kernel);
  for (const fragment of variant.fragments ?? []) text.fragments.add(fragment);
  for (const hook of ["term", "slope", "hit"]) text.fragments.add(variant.hooks?.[hook] ?? functionIn(wgsl, hook));
}

/** A loss against targets whose rows all have the same weight: the gradient in z of the row. */
export function targetLossRow(text: NetworkText, work: Work, z: Row, targets: Row): Row {
  declareTerms(text, work);
  const { factor, share } = work.sizes as { factor: number; share: number };
  const weight = literal((work.tensors.weights as Value).fill as number);
  const pair = (q: number): string => `${widened(z, q)}, ${widened(targets, q)}`;
  const terms = text.row(z.cols, (q, width) => narrowed(`term(${pair(q)}, ${q}u)`, width));
  const hits = text.row(z.cols, (q, width) => narrowed(`hit(${pair(q)})`, width));
  tell(
    text,
    `${literal(share)} * ${sumOf(terms.names, z.cols)} * ${weight}`,
    `${literal(share)} * ${sumOf(hits.names, z.cols)}`,
  );
  return text.row(z.cols, (q, width) => {
    const gradient = `${spread(`(${literal(factor)} * ${weight})`, width)} * ${narrowed(`slope(${pair(q)}, ${q}u)`, width)}`;
    return `select(${typeOf(width)}(), ${gradient}, counts)`;
  });
}
