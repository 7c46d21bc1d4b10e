// Settings in the address: only what is not the default, each field read by itself with its limits, never merged.
import { readModel, writeModel } from "../../cli/model.ts";
import { readItems } from "../../cli/words.ts";
import { nearest } from "../../core/check.ts";
import { type Layer, summary } from "../../nn/index.ts";
import { type Limits, readNumber, writeNumber } from "./numbers.ts";
import { CHAIN, type OptimizerChoice, optimizerFields, optimizerNames, plainChoice, ruleNames } from "./optimizers.ts";
import { scheduleForms, scheduleNames, scheduleValues } from "./schedules.ts";
import { defaults, limits, lossNames, MOST_LAYERS, type Settings } from "./settings.ts";
import { OWN, setNames, sets } from "./sets.ts";

/** Readable in an address: spaces as +, commas and brackets as they are. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/%20/g, "+").replace(/%2C/g, ",").replace(/%28/g, "(").replace(/%29/g, ")");

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The query of settings: the version, and what is not the default for their data and optimizer on a GPU. */
export function writeQuery(settings: Settings): string {
  const { data, dataOptions, hidden, loss, optimizer, lr, schedule } = settings;
  const usual = defaults(data, optimizer.name, false);
  const parts: [string, string][] = [["v", "1"]];
  if (data !== "spirals") parts.push(["data", data]);
  for (const [name, value] of Object.entries(dataOptions)) parts.push([`data.${name}`, writeNumber(value)]);
  if (!same(hidden, usual.hidden)) parts.push(["hidden", hidden.length === 0 ? "none" : writeModel(hidden)]);
  if (loss !== usual.loss) parts.push(["loss", loss]);
  if (optimizer.name !== "adam") parts.push(["optimizer", optimizer.name]);
  if (optimizer.name === CHAIN) parts.push(["chain", optimizer.chain.join(", ")]);
  for (const [name, value] of Object.entries(optimizer.tweaks)) parts.push([name, writeNumber(value)]);
  if (optimizer.clip !== 0) parts.push(["clip", writeNumber(optimizer.clip)]);
  if (lr !== usual.lr) parts.push(["lr", writeNumber(lr)]);
  if (schedule.kind !== "constant") parts.push(["schedule", schedule.kind]);
  for (const [name, value] of Object.entries(schedule.options)) parts.push([`schedule.${name}`, writeNumber(value)]);
  if (schedule.warmup !== 0) parts.push(["warmup", writeNumber(schedule.warmup)]);
  for (const name of ["batch", "steps", "seed"] as const)
    if (settings[name] !== usual[name]) parts.push([name, writeNumber(settings[name])]);
  return parts.map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&");
}

/** Fields of one link, each taken once; what is left at the end is unknown. */
class Fields {
  readonly notes: string[] = [];
  readonly #given: URLSearchParams;
  readonly #known = new Set<string>(["v"]);

  constructor(query: string) {
    this.#given = new URLSearchParams(query);
    const version = this.#given.get("v");
    if (version !== null && version !== "1") this.notes.push("it was made by another version of this page");
  }

  text(name: string): string | undefined {
    this.#known.add(name);
    return this.#given.get(name) ?? undefined;
  }

  choose(name: string, choices: readonly string[], fallback: string): string {
    const text = this.text(name);
    if (text === undefined || choices.includes(text)) return text ?? fallback;
    this.notes.push(`${name} "${text.slice(0, 40)}" is unknown, ${fallback} is used`);
    return fallback;
  }

  number(name: string, within: Limits & { readonly choices?: readonly number[] }, fallback: number): number {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const value = readNumber(within, text);
    const { choices } = within;
    if (typeof value === "number" && (!choices || choices.includes(value))) return value;
    const words = typeof value === "string" ? value : `${within.label}: expected one of ${choices?.join(", ")}`;
    this.notes.push(`${words}; ${writeNumber(fallback)} is used`);
    return fallback;
  }

  /** The numbers among these names that are given and are not the defaults. */
  numbers(prefix: string, of: Readonly<Record<string, Limits & { readonly value: number }>>): Record<string, number> {
    const found: Record<string, number> = {};
    for (const [name, within] of Object.entries(of)) {
      const value = this.number(`${prefix}${name}`, { ...within, label: `${prefix}${name}` }, within.value);
      if (value !== within.value) found[name] = value;
    }
    return found;
  }

  /** Words on what nobody asked for. */
  rest(): void {
    const known = [...this.#known];
    for (const key of new Set(this.#given.keys())) {
      if (this.#known.has(key)) continue;
      const meant = nearest(key, known);
      this.notes.push(`"${key.slice(0, 40)}" is no setting${meant ? ` (meant: ${meant}?)` : ""}`);
    }
  }
}

const countLayers = (layers: readonly Layer[]): number =>
  layers.reduce((sum, { layers: inner }) => sum + 1 + (Array.isArray(inner) ? countLayers(inner as Layer[]) : 0), 0);

/** Words on what is wrong with hidden layers; undefined where they can be built on some input. */
export function layersWrong(hidden: readonly Layer[]): string | undefined {
  if (countLayers(hidden) > MOST_LAYERS)
    return `the network has ${countLayers(hidden)} layers, expected at most ${MOST_LAYERS}`;
  const wide = (layers: readonly Layer[]): Layer | undefined =>
    layers.find(
      ({ width, layers: inner }) =>
        Number(width ?? 1) > limits.width.max || (Array.isArray(inner) && wide(inner as Layer[])),
    );
  if (wide(hidden)) return `a layer is wider than ${limits.width.max}`;
  try {
    if (hidden.length > 0) summary(hidden, { input: [Number(hidden[0]?.width ?? 1)] });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return undefined;
}

function readHidden(fields: Fields, fallback: readonly Layer[]): readonly Layer[] {
  const text = fields.text("hidden")?.slice(0, 1000);
  if (text === undefined) return fallback;
  if (text === "none") return [];
  try {
    const hidden = readModel(text);
    const wrong = layersWrong(hidden);
    if (wrong === undefined) return hidden;
    fields.notes.push(`${wrong}; the usual network is used`);
  } catch (error) {
    fields.notes.push(`${error instanceof Error ? error.message : error}; the usual network is used`);
  }
  return fallback;
}

function readChain(fields: Fields): readonly string[] {
  const text = fields.text("chain")?.slice(0, 1000) ?? "descend";
  let rules: string[];
  try {
    rules = readItems("chain", text).map(({ name }) => name);
  } catch {
    rules = text.split(",");
  }
  const known = rules.slice(0, 12).filter((rule) => ruleNames.includes(rule));
  if (known.length < rules.length) fields.notes.push(`the chain "${text.slice(0, 60)}" holds what is no rule`);
  return known.includes("descend") ? known : [...known, "descend"];
}

function readOptimizer(fields: Fields, fallback: string): OptimizerChoice {
  const name = fields.choose("optimizer", [...optimizerNames, CHAIN], fallback);
  const choice = {
    ...plainChoice(name),
    chain: name === CHAIN ? readChain(fields) : [],
    clip: fields.number("clip", limits.clip, 0),
  };
  const tweaks: Record<string, number> = {};
  for (const { key, options } of optimizerFields(choice)) {
    const own = Object.entries(options).map(([option, value]) => [option, { ...limits.tweak, value }]);
    const found = fields.numbers(`${key}.`, Object.fromEntries(own));
    for (const [option, value] of Object.entries(found)) tweaks[`${key}.${option}`] = value;
  }
  return { ...choice, tweaks };
}

/** Settings from a query; what is unknown or out of limits becomes the default and is told in words. `small` is for an empty one. */
export function readQuery(query: string, small: boolean): { settings: Settings; notes: string[] } {
  const fields = new Fields(query);
  const data = fields.choose("data", [...setNames, OWN], "spirals");
  const optimizer = readOptimizer(fields, "adam");
  const usual = defaults(data, optimizer.name, small && query === "");
  const steps = fields.number("steps", limits.steps, usual.steps);
  const kind = fields.choose("schedule", scheduleNames, "constant");
  const values = scheduleValues({ kind, options: {}, warmup: 0 }, steps);
  const forms = Object.entries(scheduleForms[kind]?.fields ?? {});
  const schedule = {
    kind,
    options: fields.numbers(
      "schedule.",
      Object.fromEntries(forms.map(([name, field]) => [name, { ...field, value: values[name] as number }])),
    ),
    warmup: fields.number("warmup", limits.warmup, 0),
  };
  const settings: Settings = {
    data,
    dataOptions: query === "" ? usual.dataOptions : fields.numbers("data.", sets[data]?.fields ?? {}),
    hidden: readHidden(fields, usual.hidden),
    loss: fields.choose(
      "loss",
      data === OWN
        ? [...lossNames("labels"), ...lossNames("targets")]
        : lossNames(usual.loss === "meanSquaredError" ? "targets" : "labels"),
      usual.loss,
    ),
    optimizer,
    lr: fields.number("lr", limits.lr, usual.lr),
    schedule,
    batch: fields.number("batch", limits.batch, usual.batch),
    steps,
    seed: fields.number("seed", limits.seed, usual.seed),
  };
  fields.rest();
  return { settings, notes: fields.notes.slice(0, 5) };
}
