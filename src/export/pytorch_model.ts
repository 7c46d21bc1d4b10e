// A model, its start and its loss as lines of Python.
import { canonical } from "../core/hash.ts";
import { input } from "../graph/node.ts";
import { build, type Initializer, type Layer, type Loss } from "../nn/index.ts";
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
  gelu: ({ exact }) => (exact === true ? "nn.GELU()" : 'nn.GELU(approximate="tanh")'),
  leakyRelu: ({ slope }) => `nn.LeakyReLU(${number(slope, 0.01)})`,
  elu: ({ alpha }) => `nn.ELU(${number(alpha, 1)})`,
  selu: () => "nn.SELU()",
  silu: () => "nn.SiLU()",
  softplus: () => "nn.Softplus(threshold=float('inf'))",
  dropout: ({ rate }) => `nn.Dropout(${number(rate, 0.5)})`,
  layerNorm: ({ eps }, width) => `nn.LayerNorm(${width}, eps=${number(eps, 1e-5)})`,
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

/** A start by its law, in PyTorch's words. */
function startLine(torch: string, init: Initializer, fans: { fanIn: number; fanOut: number }): string {
  const { fanIn, fanOut } = fans;
  const of = `model.get_parameter("${torch}")`;
  const gained = init as { gain?: number };
  const uniform = (limit: number): string => `nn.init.uniform_(${of}, ${py(-limit)}, ${py(limit)})  # ${init.kind}`;
  const normal = (sigma: number): string => `nn.init.normal_(${of}, 0.0, ${py(sigma)})  # ${init.kind}`;
  switch (init.kind) {
    case "zeros":
      return `nn.init.zeros_(${of})`;
    case "constant":
      return `nn.init.constant_(${of}, ${py(init.value)})`;
    case "uniform":
      return `nn.init.uniform_(${of}, ${py(init.low)}, ${py(init.high)})`;
    case "normal":
      return `nn.init.normal_(${of}, ${py(init.mean ?? 0)}, ${py(init.sigma)})`;
    case "glorotUniform":
      return uniform((gained.gain ?? 1) * Math.sqrt(6 / (fanIn + fanOut)));
    case "glorotNormal":
      return normal((gained.gain ?? 1) * Math.sqrt(2 / (fanIn + fanOut)));
    case "heUniform":
      return uniform((gained.gain ?? Math.SQRT2) * Math.sqrt(3 / fanIn));
    case "heNormal":
      return normal((gained.gain ?? Math.SQRT2) / Math.sqrt(fanIn));
    default:
      return `# PyTorch has no ${canonical(init)}: ${torch} starts as PyTorch has it`;
  }
}

/** How parameters start where PyTorch's own start is another law; and that its numbers are others in any case. */
export function startLines(model: readonly Layer[], features: number): string {
  const usual = canonical(linearInit);
  const own = torchParameters(model, features)
    .filter(({ parameter, transposed, torch }) => {
      const linear = transposed || /(^|\.)\d+\.bias$/.test(torch);
      return canonical(parameter.init) !== usual || !linear;
    })
    // Scales of 1 and shifts of 0 are PyTorch's for its norms as well.
    .filter(
      ({ parameter: { init }, shape }) =>
        shape.length > 1 || !["constant", "zeros"].includes(init.kind) || init.kind === "zeros",
    );
  const laws = own.map(({ torch, parameter }) => startLine(torch, parameter.init, parameter));
  const rest = "# nn.Linear starts uniform in +-1 / sqrt(in), weights and biases, as Fall Line's linear does.";
  return [
    ...(laws.length === 0
      ? [rest]
      : ["# The start's laws; what is not named here starts as PyTorch has it, which is the same law.", ...laws]),
  ].join("\n");
}

/** Loss functions of (output, y) by kind. */
const LOSSES: Readonly<Record<string, (spec: Loss) => string>> = {
  crossEntropy: ({ smoothing }) => `nn.CrossEntropyLoss(${smoothing ? `label_smoothing=${number(smoothing, 0)}` : ""})`,
  meanSquaredError: () => "nn.MSELoss()",
  meanAbsoluteError: () => "nn.L1Loss()",
  huber: ({ delta }) => `nn.HuberLoss(delta=${number(delta, 1)})`,
  binaryCrossEntropy: () => "nn.BCEWithLogitsLoss()",
};

/** The loss as a module named `criterion`. */
export function lossLine(loss: Loss): string {
  const made = Object.hasOwn(LOSSES, loss.kind) ? LOSSES[loss.kind]?.(loss) : undefined;
  if (made) return `criterion = ${made}`;
  return `# PyTorch has no ${loss.kind}: put it here. ${canonical(loss)}\ncriterion = nn.MSELoss()`;
}
