// The ten lines of TypeScript that train what a recipe says.
import * as nn from "../nn/index.ts";
import type { Layer, Loss } from "../nn/index.ts";
import type { Optimizer } from "../optim/index.ts";
import type { Order } from "../ops/batch.ts";
import { optimizerCode } from "./code_optimizer.ts";
import { callOf, type Expression, type Factory, plainly } from "./expression.ts";

/** What makes the data: the name of one of the library's sets and its options. */
export interface DataName {
  readonly name: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** What the code that is written prints with. */
const SAY = "console.log";

export interface CodeOptions {
  readonly data: DataName;
  readonly model: readonly Layer[];
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly batch: number;
  readonly steps: number;
  readonly seed: number;
  readonly order?: Order;
}

const functions = (family: object): ReadonlyMap<string, Factory> =>
  new Map(Object.entries(family).filter((entry): entry is [string, Factory] => typeof entry[1] === "function"));

/** A spec by the function of its kind: with its options, its width or rate first, or the layers it holds. */
function specCode(family: ReadonlyMap<string, Factory>, spec: Layer | Loss): Expression {
  const { kind, ...options } = spec;
  const factory = family.get(kind);
  if (!factory) return plainly(spec);
  const { layers, ...others } = options as { layers?: readonly Layer[] };
  const inner = layers?.map((layer) => specCode(family, layer)) ?? [];
  const [head, ...tail] = Object.entries(options).map(([name, value]) => [name, initialized(family, value)] as const);
  const tries = [
    callOf({ name: kind, factory, options: Object.fromEntries(head ? [head, ...tail] : []), value: spec }),
    head && callOf({ name: kind, factory, first: [head[1]], options: Object.fromEntries(tail), value: spec }),
    callOf({ name: kind, factory, first: inner, options: others, value: spec }),
  ];
  return tries.find((call) => call !== undefined) ?? plainly(spec);
}

/** Initializers among a layer's options as calls. */
function initialized(family: ReadonlyMap<string, Factory>, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("kind" in value)) return value;
  const { kind, ...numbers } = value as Layer;
  const name = kind === "constant" ? "constantInit" : kind;
  const factory = family.get(name);
  if (!factory) return value;
  const given = Object.values(numbers);
  const tries = [
    callOf({ name, factory, options: numbers, value }),
    callOf({ name, factory, first: given, value }),
    callOf({
      name,
      factory,
      first: given.slice(0, 1),
      options: Object.fromEntries(Object.entries(numbers).slice(1)),
      value,
    }),
  ];
  return tries.find((call) => call !== undefined) ?? value;
}

/** The call of a set of the library's; `digits` is fetched, so it is awaited. */
function dataCode({ name, options = {} }: DataName): Expression {
  const given = Object.keys(options).length > 0 ? plainly(options).code : "";
  const call = `${name}(${given})`;
  return { code: name === "digits" ? `await ${call}` : call, value: undefined, uses: [name] };
}

/**
 * Ten lines of a module that train what these options say: the same numbers, bit for bit, on the same adapter. Throws
 * nothing: what no function makes is written as plain data.
 */
export function tenLines(options: CodeOptions): string {
  const { data, model, loss, optimizer, batch, steps, seed, order } = options;
  const layers = functions(nn);
  const rows = dataCode(data);
  const of = model.map((layer) => specCode(layers, layer));
  const against = specCode(layers, loss);
  const by = optimizerCode(optimizer);
  const uses = ["openBackend", "train", ...[rows, ...of, against, by].flatMap((at) => at.uses)];
  const numbers = [`batch: ${batch}`, `steps: ${steps}`, `seed: ${seed}`];
  if (order !== undefined && order !== "permutation") numbers.push(`order: "${order}"`);
  return `import { ${[...new Set(uses)].sort().join(", ")} } from "fall-line";
const run = train(await openBackend(), {
  data: ${rows.code},
  model: [${of.map(({ code }) => code).join(", ")}],
  loss: ${against.code},
  optimizer: ${by.code},
  ${numbers.join(", ")},
});
for await (const { step, loss } of run) if (step % ${Math.max(1, Math.round(steps / 20))} === 0) ${SAY}(step, loss);
${SAY}(await run.evaluate("test"));
`;
}
