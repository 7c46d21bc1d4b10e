// A model as PyTorch has it: modules within nn.Sequential, and the names and orientation of its parameters there.
import { fail } from "../core/check.ts";
import { input } from "../graph/node.ts";
import { build, type Layer, type Parameter } from "../nn/layer.ts";

/** A parameter of ours and where PyTorch keeps it. */
export interface TorchParameter {
  /** layer1.w */
  readonly name: string;
  /** 0.weight */
  readonly torch: string;
  /** PyTorch's nn.Linear stores [out, in], the transpose of ours. */
  readonly transposed: boolean;
  /** Of the layer it belongs to. */
  readonly kind: string;
  /** Ours: logical and row-major. */
  readonly shape: readonly number[];
  readonly parameter: Parameter;
}

/** How a kind of layer names its parameters there; other names stay. */
const RENAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  linear: { w: "weight", b: "bias" },
  layerNorm: { gain: "weight" },
};

/** What stands between a layer and those within it: our Residual module holds an nn.Sequential named layers. */
const INNER: Readonly<Record<string, string>> = { residual: "layers." };

/** layer2.layer1.w to 1.layers.0.weight. */
function torchName(model: readonly Layer[], name: string): { torch: string; kind: string } {
  let list = model;
  let torch = "";
  let kind = "";
  const parts = name.split(".");
  const own = parts.pop() as string;
  for (const part of parts) {
    const at = Number(part.replace("layer", "")) - 1;
    const layer = list[at] ?? fail("export", `${name} is of no layer of the model`);
    kind = layer.kind;
    torch += `${at}.${INNER[kind] ?? ""}`;
    list = (layer.layers as readonly Layer[] | undefined) ?? [];
  }
  return { torch: torch + (RENAMED[kind]?.[own] ?? own), kind };
}

/** All parameters of a model on `features` inputs, in the order of its layers, by their names in PyTorch. */
export function torchParameters(model: readonly Layer[], features: number): TorchParameter[] {
  return build(model, input("x", [1, features])).parameters.map((parameter) => {
    const { name, shape } = parameter;
    const { torch, kind } = torchName(model, name);
    return { name, torch, shape, kind, transposed: kind === "linear" && shape.length === 2, parameter };
  });
}
