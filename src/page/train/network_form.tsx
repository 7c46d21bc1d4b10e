// The network's layers: added, removed, moved, resized; blocks hold layers of their own. Kinds come from the registry.
import { layers as kinds, type Layer } from "../../nn/index.ts";
import { readNumber, writeNumber } from "./numbers.ts";
import { layersWrong } from "./hash.ts";
import { limits } from "./settings.ts";
import { change, made, settings } from "./store.ts";
import { useState } from "preact/hooks";

const LABELS: Readonly<Record<string, string>> = {
  linear: "Dense",
  layerNorm: "Layer norm",
  relu: "ReLU",
  gelu: "GELU",
  geluTanh: "GELU (tanh)",
  silu: "SiLU",
  elu: "ELU",
  selu: "SELU",
  leakyRelu: "Leaky ReLU",
};
const labelOf = (kind: string): string => LABELS[kind] ?? kind.charAt(0).toUpperCase() + kind.slice(1);

const holds = (kind: string): boolean => kinds.get(kind)?.options.includes("layers") ?? false;
const isWide = (kind: string): boolean => kinds.get(kind)?.options.includes("width") ?? false;

/** Numbers a kind has beside its width, from what its layers are made with. */
const NUMBERS: Readonly<
  Record<string, Readonly<Record<string, { readonly value: number; readonly min: number; readonly max: number }>>>
> = {
  dropout: { rate: { value: 0.2, min: 0, max: 0.95 } },
  leakyRelu: { negativeSlope: { value: 0.01, min: 0, max: 1 } },
  elu: { alpha: { value: 1, min: 0.01, max: 10 } },
};

/** Words a kind may have, the usual one first. */
const WORDS: Readonly<Record<string, Readonly<Record<string, readonly (readonly [value: string, label: string])[]>>>> =
  {
    gelu: {
      approximate: [
        ["tanh", "by tanh"],
        ["none", "exact"],
      ],
    },
  };

/** A new layer; a block begins with what keeps the width it is given, which the layer before it tells. */
function newLayer(kind: string, width: number): Layer {
  if (holds(kind)) return { kind, layers: [{ kind: "linear", width }, { kind: "relu" }] };
  const own = Object.entries(NUMBERS[kind] ?? {}).filter(([name]) => kinds.get(kind)?.options.includes(name));
  return {
    kind,
    ...(isWide(kind) ? { width } : {}),
    ...Object.fromEntries(own.map(([name, { value }]) => [name, value])),
  };
}

/** Kinds in the order in which people look for them; sequential and flatten have no use on this page. */
const offered = (): string[] => {
  const all = [...kinds.keys()].filter((kind) => kind !== "sequential" && kind !== "flatten");
  const first = ["linear", "relu", "tanh"].filter((kind) => all.includes(kind));
  return [...first, ...all.filter((kind) => !first.includes(kind)).sort()];
};

interface ListProps {
  readonly layers: readonly Layer[];
  readonly onChange: (layers: readonly Layer[]) => void;
  /** Where it is, for ids and for words: "layer 2, ". */
  readonly path: string;
  readonly words: string;
}

function Size({
  id,
  label,
  value,
  min,
  max,
  whole,
  onChange,
}: {
  readonly id: string;
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
  readonly onChange: (value: number) => void;
}) {
  const [wrong, setWrong] = useState("");
  const commit = (text: string): void => {
    const read = readNumber({ label, min, max, whole }, text);
    setWrong(typeof read === "string" ? read : "");
    if (typeof read === "number") onChange(read);
  };
  return (
    <input
      id={id}
      class="size"
      aria-label={label}
      title={wrong || label}
      value={writeNumber(value)}
      inputMode="decimal"
      autoComplete="off"
      aria-invalid={wrong !== ""}
      onChange={(event) => commit(event.currentTarget.value)}
    />
  );
}

function Row({ layer, at, list }: { readonly layer: Layer; readonly at: number; readonly list: ListProps }) {
  const { layers, onChange, path, words } = list;
  const id = `${path}${at + 1}`;
  const name = `${words}layer ${at + 1}`;
  const set = (next: Layer): void => onChange(layers.with(at, next));
  const width = Number(layers.slice(0, at).findLast((before) => before.width)?.width ?? 32);
  const move = (by: number): void => {
    const rest = layers.toSpliced(at, 1);
    onChange(rest.toSpliced(at + by, 0, layer));
  };
  return (
    <li>
      <div class="layer">
        <select
          id={`${id}-kind`}
          aria-label={`${name}, kind`}
          value={layer.kind}
          onChange={(event) => set(newLayer(event.currentTarget.value, Number(layer.width ?? width)))}
        >
          {offered().map((kind) => (
            <option key={kind} value={kind} selected={kind === layer.kind}>
              {labelOf(kind)}
            </option>
          ))}
        </select>
        {isWide(layer.kind) && (
          <Size
            id={`${id}-width`}
            label={`${name}, width`}
            value={Number(layer.width)}
            min={limits.width.min}
            max={limits.width.max}
            whole
            onChange={(next) => set({ ...layer, width: next })}
          />
        )}
        {Object.entries(NUMBERS[layer.kind] ?? {}).map(([option, { value, min, max }]) => (
          <Size
            key={option}
            id={`${id}-${option}`}
            label={`${name}, ${option}`}
            value={Number(layer[option] ?? value)}
            min={min}
            max={max}
            whole={false}
            onChange={(next) => set({ ...layer, [option]: next })}
          />
        ))}
        {Object.entries(WORDS[layer.kind] ?? {}).map(([option, choices]) => (
          <select
            key={option}
            id={`${id}-${option}`}
            aria-label={`${name}, ${option}`}
            onChange={(event) => {
              const { [option]: _, ...rest } = layer;
              const { value } = event.currentTarget;
              set((value === choices[0]?.[0] ? rest : { ...rest, [option]: value }) as Layer);
            }}
          >
            {choices.map(([value, label]) => (
              <option key={value} value={value} selected={value === (layer[option] ?? choices[0]?.[0])}>
                {label}
              </option>
            ))}
          </select>
        ))}
        <span class="tools">
          <button
            type="button"
            id={`${id}-up`}
            aria-label={`Move ${name} up`}
            title="Up"
            disabled={at === 0}
            onClick={() => move(-1)}
          >
            ↑
          </button>
          <button
            type="button"
            id={`${id}-down`}
            aria-label={`Move ${name} down`}
            title="Down"
            disabled={at === layers.length - 1}
            onClick={() => move(1)}
          >
            ↓
          </button>
          <button
            type="button"
            id={`${id}-remove`}
            aria-label={`Remove ${name}`}
            title="Remove"
            disabled={path !== "layer" && layers.length === 1}
            onClick={() => onChange(layers.toSpliced(at, 1))}
          >
            ×
          </button>
        </span>
      </div>
      {Array.isArray(layer.layers) && (
        <LayerList
          layers={layer.layers as readonly Layer[]}
          onChange={(inner) => set({ ...layer, layers: inner })}
          path={`${id}-`}
          words={`${name}, `}
        />
      )}
    </li>
  );
}

function LayerList(props: ListProps) {
  const { layers, onChange, path, words } = props;
  const width = Number(layers.findLast((layer) => layer.width)?.width ?? 32);
  return (
    <ol class="layers">
      {layers.map((layer, at) => (
        // A layer is known by its place only.
        <Row key={at} layer={layer} at={at} list={props} />
      ))}
      <li class="add">
        <select
          id={`${path}-add`}
          aria-label={`${words}add a layer`}
          value=""
          onChange={(event) => {
            const kind = event.currentTarget.value;
            event.currentTarget.value = "";
            if (kind !== "") onChange([...layers, newLayer(kind, width)]);
          }}
        >
          <option value="">+ add a layer …</option>
          {offered().map((kind) => (
            <option key={kind} value={kind}>
              {labelOf(kind)}
            </option>
          ))}
        </select>
      </li>
    </ol>
  );
}

export function NetworkForm() {
  const { hidden } = settings.value;
  const { made: able } = made.value;
  const [wrong, setWrong] = useState("");
  const set = (next: readonly Layer[]): void => {
    const words = layersWrong(next) ?? "";
    setWrong(words);
    if (words === "") change({ ...settings.value, hidden: next });
  };
  const inputs = able?.facts.shape.join(" x ");
  const outputs = able?.facts.outputs;
  return (
    <>
      <p class="flow soft">
        {inputs === undefined ? "Input" : `Input: ${inputs} ${inputs === "1" ? "number" : "numbers"}`}
      </p>
      <LayerList layers={hidden} onChange={set} path="layer" words="" />
      <p class="flow soft">
        {outputs === undefined ? "Output" : `Output: dense ${outputs}${able?.facts.labels ? ", one a class" : ""}`}
      </p>
      {wrong !== "" && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
    </>
  );
}
