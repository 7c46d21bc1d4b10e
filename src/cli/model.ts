// A model as one line, "linear 64, relu, linear 10", to layers and back.
import { checkKeys, fail, nearest } from "../core/check.ts";
import { layers as kinds, type Layer } from "../nn/index.ts";
import { type Item, readItems } from "./words.ts";

const WHERE = "model";

/** Options that stand bare beside a layer's name: linear 64, dropout 0.5. */
const BARE = ["width", "rate"];
/** Options whose words are initializers; those of others are what they say. */
const STARTS = ["init", "bias", "gain"];

function layerOf({ name, bare, options, inner }: Item): Layer {
  const kind = kinds.get(name);
  if (!kind) {
    const meant = nearest(name, kinds.keys());
    const hint = meant ? `did you mean "${meant}"?` : `known are ${[...kinds.keys()].join(", ")}`;
    return fail(WHERE, `"${name}" is no layer`, hint);
  }
  const takes = kind.options.filter((option) => !BARE.includes(option) && option !== "layers");
  checkKeys(`${WHERE}: ${name}`, options, takes);
  const stands = kind.options.find((option) => BARE.includes(option));
  if (bare.length !== (stands ? 1 : 0)) {
    fail(
      WHERE,
      `${name} has ${bare.length} ${stands ?? "width"}s, expected ${stands ? 1 : 0}`,
      `write ${name}${stands ? (stands === "width" ? " 64" : " 0.5") : ""}`,
    );
  }
  const holds = kind.options.includes("layers");
  if (holds !== (inner !== undefined)) {
    fail(
      WHERE,
      `${name} ${holds ? "holds no layers" : "takes no brackets"}`,
      holds ? `write ${name} (linear 8, relu)` : undefined,
    );
  }
  const own = Object.entries(options).map(([key, value]) => {
    return [key, typeof value === "string" && STARTS.includes(key) ? { kind: value } : value];
  });
  return {
    kind: name,
    ...(stands ? { [stands]: bare[0] } : {}),
    ...(inner ? { layers: inner.map(layerOf) } : {}),
    ...Object.fromEntries(own),
  };
}

/**
 * Reads `linear 64, relu, residual (linear 64, tanh), linear 10 bias false init heNormal`. Throws for an unknown layer or option,
 * naming the likeliest; widths that do not fit are found when the model is built.
 */
export const readModel = (text: string): Layer[] => readItems(WHERE, text).map(layerOf);

function textOf({ kind, width, rate, layers: inner, ...options }: Layer): string {
  const bare = width ?? rate;
  const own = Object.entries(options).map(([key, value]) => {
    const shown = typeof value === "object" && value !== null && "kind" in value ? value.kind : value;
    return ` ${key} ${String(shown)}`;
  });
  const held = Array.isArray(inner) ? ` (${(inner as Layer[]).map(textOf).join(", ")})` : "";
  return `${kind}${bare === undefined ? "" : ` ${String(bare)}`}${own.join("")}${held}`;
}

/** The line that reads back as these layers, initializers without their numbers. */
export const writeModel = (model: readonly Layer[]): string => model.map(textOf).join(", ");

/** For people: `784 - linear 64 - relu - linear 10`. */
export const modelText = (features: number, model: readonly Layer[]): string =>
  [features, ...model.map(textOf)].join(" - ");
