// A model, its start and its loss as lines of Python.
import { canonical } from "../core/hash.ts";
import { input } from "../graph/node.ts";
import { build, type Initializer, type Layer, type Loss, type Parameter } from "../nn/index.ts";
import { linearInit } from "../nn/linear.ts";
import { torchParameters } from "./torch.ts";

/** A number as Python reads it. */
export const py = (value: number): string => String(value).replace("Infinity", "inf");

const number = (value: unknown, fallback: number): string => py(typeof value === "number" ? value : fallback);

/** Modules by kind of layer: of the spec and the width that flows in. */
const MODULES: Readonly<Record<string, (spec: Layer, width: number) => string>> = {
  linear: ({ width, bias }, from) => `nn.Linear(${from}, ${width}${bias === false ? ", bias=False" : ""})`,
  relu: () => "nn.ReLU()",
  tanh: () => "nn.Tanh()",
  sigmoid: () => "nn.Sigmoid()",
  gelu: ({ approximate = "tanh" }) => `nn.GELU(approximate="${String(approximate)}")`,
  leakyRelu: ({ negativeSlope }) => `nn.LeakyReLU(${number(negativeSlope, 0.01)})`,
  elu: ({ alpha }) => `nn.ELU(${number(alpha, 1)})`,
  selu: () => "nn.SELU()",
  silu: () => "nn.SiLU()",
  softplus: () => "nn.Softplus(threshold=float('inf'))",
  dropout: ({ rate }) => `nn.Dropout(${number(rate, 0.5)})`,
  layerNorm: ({ eps, gain, bias }, width) => {
    const plain = gain === false ? ", elementwise_affine=False" : bias === false ? ", bias=False" : "";
    return `nn.LayerNorm(${width}, eps=${number(eps, 1e-5)}${plain})`;
  },
  flatten: () => "nn.Flatten()",
};

const RESIDUAL = `class Residual(nn.Module):
    """x + layers(x), which PyTorch has no module for."""

    def __init__(self, *layers):
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return x + self.layers(x)
`;

type Fans = Pick<Parameter, "fanIn" | "fanOut">;

interface Widths {
  /** By path: what flows into each layer. */
  readonly into: ReadonlyMap<string, number>;
}

function lines(list: readonly Layer[], path: string, { into }: Widths, indent: string): string[] {
  return list.flatMap((spec, i) => {
    const at = `${path}layer${i + 1}`;
    const inner = spec.layers as readonly Layer[] | undefined;
    if (inner) {
      const name = spec.kind === "residual" ? "Residual" : "nn.Sequential";
      return [`${indent}${name}(`, ...lines(inner, `${at}.`, { into }, `${indent}    `), `${indent}),`];
    }
    const module = Object.hasOwn(MODULES, spec.kind) ? MODULES[spec.kind]?.(spec, into.get(at) ?? 0) : undefined;
    if (module) return [`${indent}${module},`];
    return [
      `${indent}# PyTorch has no ${spec.kind}: put a module of your own here. ${canonical(spec)}`,
      `${indent}nn.Identity(),`,
    ];
  });
}

const holdsResidual = (list: readonly Layer[]): boolean =>
  list.some(({ kind, layers }) => kind === "residual" || holdsResidual((layers as Layer[] | undefined) ?? []));

/** The model as an nn.Sequential named `model`, with the classes it needs. */
export function modelLines(model: readonly Layer[], features: number): string {
  const built = build(model, input("x", [1, features])).layers;
  const into = new Map(built.map(({ name, input: shape }) => [name, shape[1] as number]));
  const body = lines(model, "", { into }, "    ").join("\n");
  return `${holdsResidual(model) ? `${RESIDUAL}\n\n` : ""}model = nn.Sequential(\n${body}\n)`;
}

/** Variance gain^2 / fan of the laws that have one: of which fan, and the usual gain. */
const SCALED: Readonly<Record<string, { readonly fan: (of: Fans) => number; readonly gain: number }>> = {
  glorot: { fan: ({ fanIn, fanOut }) => (fanIn + fanOut) / 2, gain: 1 },
  he: { fan: ({ fanIn }) => fanIn, gain: Math.SQRT2 },
  lecun: { fan: ({ fanIn }) => fanIn, gain: 1 },
};

/** A start by its law, in PyTorch's words. */
function startLine(torch: string, init: Initializer, fans: Fans): string {
  const of = `model.get_parameter("${torch}")`;
  switch (init.kind) {
    case "zeros":
      return `nn.init.zeros_(${of})`;
    case "constant":
      return `nn.init.constant_(${of}, ${py(init.value)})`;
    case "uniform":
      return `nn.init.uniform_(${of}, ${py(init.low)}, ${py(init.high)})`;
    case "normal":
      return `nn.init.normal_(${of}, ${py(init.mean ?? 0)}, ${py(init.sigma)})`;
    case "orthogonal":
      return `nn.init.orthogonal_(${of}, ${py(init.gain ?? 1)})`;
    default: {
      const [, law = "", form] = /^(\w+?)(Uniform|Normal)$/.exec(init.kind) ?? [];
      const scaled = Object.hasOwn(SCALED, law) ? SCALED[law] : undefined;
      if (!scaled) return `# PyTorch has no ${canonical(init)}: ${torch} starts as PyTorch has it`;
      const sigma = (init.gain ?? scaled.gain) / Math.sqrt(scaled.fan(fans));
      const limit = Math.sqrt(3) * sigma;
      const call =
        form === "Uniform" ? `uniform_(${of}, ${py(-limit)}, ${py(limit)})` : `normal_(${of}, 0.0, ${py(sigma)})`;
      return `nn.init.${call}  # ${init.kind}`;
    }
  }
}

/** How PyTorch's modules start their parameters, by our kind of layer and name. */
const USUAL: Readonly<Record<string, Initializer>> = {
  "linear.w": linearInit,
  "linear.b": linearInit,
  "layerNorm.gain": { kind: "constant", value: 1 },
  "layerNorm.bias": { kind: "zeros" },
};

/** How parameters start where PyTorch's own start is another law. Its numbers are others in any case. */
export function startLines(model: readonly Layer[], features: number): string {
  const other = torchParameters(model, features).filter(({ kind, name, parameter }) => {
    const usual = USUAL[`${kind}.${name.split(".").at(-1)}`];
    return usual === undefined || canonical(usual) !== canonical(parameter.init);
  });
  const same = "# nn.Linear starts uniform in +-1 / sqrt(in), weights and biases, as Fall Line's linear does.";
  if (other.length === 0) return same;
  const laws = other.map(({ torch, parameter }) => startLine(torch, parameter.init, parameter));
  return ["# What is not named here starts as PyTorch has it, which is the same law.", ...laws].join("\n");
}

/** `label_smoothing=0.1, weight=torch.tensor([1, 2])` */
function crossEntropyOptions({ labelSmoothing, classWeights }: Loss): string {
  const weights = classWeights as readonly number[] | undefined;
  const listed = weights && `weight=torch.tensor([${weights.map(py).join(", ")}], dtype=x.dtype)`;
  return [labelSmoothing ? `label_smoothing=${number(labelSmoothing, 0)}` : "", listed ?? ""]
    .filter(Boolean)
    .join(", ");
}

/** `pos_weight=torch.tensor(3)`, or nothing. */
function positives(posWeight: unknown): string {
  if (posWeight === undefined) return "";
  const shown = Array.isArray(posWeight)
    ? `[${(posWeight as readonly number[]).map(py).join(", ")}]`
    : py(posWeight as number);
  return `pos_weight=torch.tensor(${shown}, dtype=x.dtype)`;
}

/** Loss functions of (output, y) by kind. */
const LOSSES: Readonly<Record<string, (spec: Loss) => string>> = {
  crossEntropy: (spec) => `nn.CrossEntropyLoss(${crossEntropyOptions(spec)})`,
  meanSquaredError: () => "nn.MSELoss()",
  meanAbsoluteError: () => "nn.L1Loss()",
  huber: ({ delta }) => `nn.HuberLoss(delta=${number(delta, 1)})`,
  binaryCrossEntropy: ({ posWeight }) => `nn.BCEWithLogitsLoss(${positives(posWeight)})`,
};

/** The loss as a module named `criterion`. */
export function lossLine(loss: Loss): string {
  const made = Object.hasOwn(LOSSES, loss.kind) ? LOSSES[loss.kind]?.(loss) : undefined;
  if (made) return `criterion = ${made}`;
  return `# PyTorch has no ${loss.kind}: put it here. ${canonical(loss)}\ncriterion = nn.MSELoss()`;
}
