// The PyTorch script and the files beside it: what real PyTorch made of them, and what it says where PyTorch has no such thing.
import { describe, expect, it } from "vitest";
import { openCpu } from "../../src/backend/cpu.ts";
import { pytorchScript, type ScriptOptions } from "../../src/export/pytorch.ts";
import { torchOptimizer } from "../../src/export/pytorch_optimizer.ts";
import { scheduleLines } from "../../src/export/pytorch_schedule.ts";
import { dataSafetensors, rowsOf } from "../../src/export/rows.ts";
import { fromSafetensors, toSafetensors } from "../../src/export/weights.ts";
import * as library from "../../src/index.ts";
import type { Dataset, Optimizer, TrainOptions } from "../../src/index.ts";
import { type Layer, layers, losses } from "../../src/nn/index.ts";
import * as family from "../../src/optim/index.ts";
import json from "../golden/pytorch.json?raw";
import { examples } from "../harness/schedules.ts";

interface Ran {
  readonly losses: readonly number[];
  readonly outputs: readonly (readonly number[])[];
  readonly trained: string;
}

const golden = JSON.parse(json) as Record<"classifier" | "regression", Ran>;

const { linear, tanh, gelu, sigmoid, residual } = library;

/** Half a unit in the last place of f32, and how far an lr is moved to see what its rounding does. */
const U = 2 ** -24;
const DELTA = 2 ** -10;

interface Case {
  readonly data: Dataset;
  readonly options: Omit<TrainOptions, "data" | "optimizer" | "seed" | "order"> &
    Required<Pick<TrainOptions, "seed" | "order">>;
  /** With the lr of each step times a factor. All numbers but the factors are exact in f32. */
  readonly optimizer: (factor: (t: number) => number) => Optimizer;
  /** As it is written into the script. */
  readonly plain: Optimizer;
}

const classifierLr = library.cosine(2 ** -5, 12);
const regressionLr = library.stepDecay(2 ** -4, 5, { gamma: 0.5 });
const adamw = (lr: family.Hyper): Optimizer =>
  library.adamw({ lr, beta1: 0.875, beta2: 0.96875, eps: 2 ** -20, weightDecay: 2 ** -4, clip: 0.5 });
const sgd = (lr: family.Hyper): Optimizer => library.sgd({ lr, momentum: 0.875, nesterov: true, weightDecay: 2 ** -7 });

const cases: Readonly<Record<"classifier" | "regression", Case>> = {
  classifier: {
    data: library.moons({ count: 40, seed: 3 }),
    options: {
      model: [linear(6), tanh(), residual(linear(6), gelu()), linear(2)],
      loss: library.crossEntropy(),
      ...{ batch: 8, steps: 12, seed: 5, order: "permutation" },
    },
    optimizer: (factor) => adamw((t) => library.valueAt(classifierLr, t) * factor(t)),
    plain: adamw(classifierLr),
  },
  regression: {
    data: library.sine({ count: 30, seed: 4 }),
    options: {
      model: [linear(5, { init: library.heNormal(), bias: library.zeros() }), sigmoid(), linear(1)],
      loss: library.meanSquaredError(),
      ...{ batch: 6, steps: 12, seed: 9, order: "replacement" },
    },
    optimizer: (factor) => sgd((t) => library.valueAt(regressionLr, t) * factor(t)),
    plain: sgd(regressionLr),
  },
};

const backend = openCpu({ precision: 64 });

async function lossesOf({ data, options }: Case, optimizer: Optimizer): Promise<number[]> {
  const run = library.train(backend, { ...options, data, optimizer });
  const losses: number[] = [];
  for await (const { loss } of run) losses.push(loss);
  await run.close();
  return losses;
}

const scriptOptions = ({ data, options, plain }: Case): ScriptOptions => ({
  ...options,
  optimizer: plain,
  features: data.features,
  labels: data.classes !== undefined,
  data: data.name,
});

const base64 = (bytes: Uint8Array): string =>
  `${Buffer.from(bytes)
    .toString("base64")
    .replace(/.{100}/g, "$&\n")}\n`;
const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64"));

describe.each(["classifier", "regression"] as const)("the script of a %s", (name) => {
  const one = cases[name];
  const { data, options } = one;

  it("and its files are those that PyTorch ran", async () => {
    const run = library.train(backend, { ...options, data, optimizer: one.plain });
    const start = toSafetensors(await run.parameters(), { model: options.model, features: data.features });
    await run.close();
    const at = (part: string): string => `../golden/pytorch/${name}.${part}`;
    await expect(pytorchScript(scriptOptions(one))).toMatchFileSnapshot(at("py"));
    await expect(base64(start)).toMatchFileSnapshot(at("start.b64"));
    await expect(base64(dataSafetensors(data, options))).toMatchFileSnapshot(at("data.b64"));
  });

  it("has the losses of Fall Line in f64, but for what rounding its lr and scales to f32 does", async () => {
    const got = await lossesOf(one, one.plain);
    // Each step is too long by at most 6 U: lr (factor, shape, product), Adam's rest1, m_scale, and half of rest2 and v_scale.
    // A reported loss is rounded to f32 once.
    const allowed = got.map((loss) => U * loss + 1e-13);
    for (let s = 0; s < options.steps; s++) {
      const moved = await lossesOf(
        one,
        one.optimizer((t) => (t === s ? 1 + DELTA : 1)),
      );
      moved.forEach((loss, t) => {
        allowed[t] = (allowed[t] as number) + (1.25 * Math.abs(loss - (got[t] as number)) * 6 * U) / DELTA;
      });
    }
    const want = golden[name].losses;
    expect(want).toHaveLength(options.steps);
    got.forEach((loss, t) => {
      expect(Math.abs(loss - (want[t] as number)), `loss ${t}: ${loss}, PyTorch ${want[t]}`).toBeLessThanOrEqual(
        allowed[t] as number,
      );
    });
    // Losses that hardly move would agree whatever the optimizer: these move by far more than what is allowed.
    expect(Math.abs((got.at(-1) as number) - (got[0] as number))).toBeGreaterThan(1e4 * (allowed.at(-1) as number));
  });

  it("gives weights that come back, with PyTorch's own outputs", async () => {
    const file = fromBase64(golden[name].trained);
    const where = { model: options.model, features: data.features };
    const run = library.train(backend, { ...options, data, optimizer: one.plain });
    await run.begin(fromSafetensors(file, where));
    const rows = data.x.subarray(0, 4 * data.features) as Float32Array;
    const { values } = await run.predict(rows);
    const want = golden[name].outputs.flatMap((row) => {
      if (name === "regression") return row;
      const sum = row.reduce((total, z) => total + Math.exp(z), 0);
      return row.map((z) => Math.exp(z) / sum);
    });
    // Probabilities and outputs are stored as f32 in a prediction: U relative, of numbers of at most 2.
    for (const [i, value] of want.entries()) expect(Math.abs((values[i] as number) - value)).toBeLessThanOrEqual(2 * U);
    await run.close();
  });
});

describe("rows", () => {
  it("of each order are those the training takes: its losses on the rows, one by one, as a sequence", async () => {
    const { data, options } = cases.classifier;
    for (const order of ["permutation", "replacement", "sequential"] as const) {
      const of = { ...options, order, steps: order === "sequential" ? 4 : 9 };
      const rows = rowsOf(data, of);
      const x = Float32Array.from([...rows].flatMap((row) => [...data.x.subarray(2 * row, 2 * row + 2)]));
      const y = Uint32Array.from(rows, (row) => data.y[row] as number);
      const laid = library.dataset({ x, y, outputs: 2, split: { train: rows.length }, shuffle: false });
      const want = await lossesOf({ ...cases.classifier, options: of }, cases.classifier.plain);
      const sequential = { ...of, order: "sequential" as const };
      const got = await lossesOf({ ...cases.classifier, data: laid, options: sequential }, cases.classifier.plain);
      expect(got, order).toEqual(want);
    }
  });
});

describe("PyTorch's optimizers", () => {
  const lineOf = (optimizer: Optimizer): string => torchOptimizer(optimizer).lines.at(-1) as string;
  const has = "optimizer = torch.optim.";

  it("with every option spelled out", () => {
    const { adam, adamw, adamax, adagrad, adadelta, nadam, radam, rmsprop, rprop, sgd } = family;
    const betas = "betas=(0.9, 0.999), eps=1e-8";
    const all: [Optimizer, string][] = [
      [sgd({ lr: 0.1 }), "SGD(model.parameters(), lr=0.1)"],
      [
        sgd({ lr: 0.1, momentum: 0.9, dampening: 0.1, weightDecay: 0.01 }),
        "SGD(model.parameters(), lr=0.1, momentum=0.9, dampening=0.1, weight_decay=0.01)",
      ],
      [sgd({ lr: 0.1, momentum: 0.9, nesterov: true }), "SGD(model.parameters(), lr=0.1, momentum=0.9, nesterov=True)"],
      [adam(), `Adam(model.parameters(), lr=0.001, ${betas})`],
      [
        adam({ amsgrad: true, weightDecay: 0.1 }),
        `Adam(model.parameters(), lr=0.001, ${betas}, weight_decay=0.1, amsgrad=True)`,
      ],
      [adamw(), `AdamW(model.parameters(), lr=0.001, ${betas}, weight_decay=0.01)`],
      [adamax(), `Adamax(model.parameters(), lr=0.002, ${betas})`],
      [
        nadam({ weightDecay: 0.1, decoupled: true }),
        `NAdam(model.parameters(), lr=0.002, ${betas}, momentum_decay=0.004, weight_decay=0.1, decoupled_weight_decay=True)`,
      ],
      [radam(), `RAdam(model.parameters(), lr=0.001, ${betas})`],
      [adagrad(), "Adagrad(model.parameters(), lr=0.01, lr_decay=0, initial_accumulator_value=0, eps=1e-10)"],
      [adadelta(), "Adadelta(model.parameters(), lr=1, rho=0.9, eps=0.000001)"],
      [
        rmsprop({ momentum: 0.5, centered: true }),
        "RMSprop(model.parameters(), lr=0.01, alpha=0.99, eps=1e-8, momentum=0.5, centered=True)",
      ],
      [rprop(), "Rprop(model.parameters(), lr=0.01, etas=(0.5, 1.2), step_sizes=(0.000001, 50))"],
    ];
    for (const [optimizer, line] of all) expect(lineOf(optimizer)).toBe(has + line);
    expect(torchOptimizer(adam({ clip: 0.5 })).before).toEqual(["nn.utils.clip_grad_norm_(model.parameters(), 0.5)"]);
  });

  it("are refused where PyTorch's do something else, with the chain in the comment", () => {
    const { adam, adamw, rmsprop, sgd, lion, lamb, ema, adagrad, adamax, momentum, chain, descend, weightDecay } =
      family;
    const others = [
      ...[lion(), lamb(), ema(adam()), adam({ debias: false }), adam({ epsHat: true }), rmsprop({ epsInside: true })],
      ...[adagrad({ epsInside: true }), adamax({ decoupled: true, weightDecay: 0.1 }), rmsprop({ start: 1 })],
      ...[adamw({ amsgrad: true, maxDebiased: true }), sgd({ momentum: 0.9, lrInside: true })],
      chain(momentum(), weightDecay(0.1), descend(0.1)),
      library.freeze(adam(), "vectors"),
    ];
    for (const optimizer of others) {
      const { lines } = torchOptimizer(optimizer);
      expect(lines[0], JSON.stringify(optimizer.links)).toMatch(/^# PyTorch has no optimizer that does the same/);
      expect(lines.join("\n")).toContain("SGD stands here");
    }
  });
});

describe("PyTorch's schedulers", () => {
  it("stand for every kind: by name, by factors, or hearing the losses", () => {
    for (const [text, spec] of Object.entries(examples)) {
      const { lines, hears } = scheduleLines(spec, 100);
      if (spec.kind === "constant") expect(lines).toEqual([]);
      else expect(lines.join("\n"), text).toContain("schedule = torch.optim.lr_scheduler.");
      expect(hears, text).toBe(spec.kind === "plateau");
    }
    expect(scheduleLines(library.cosine(1, 100), 100).lines).toEqual([
      "schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=100, eta_min=0)",
    ]);
    // Ours stays at its end, PyTorch's goes up again.
    expect(scheduleLines(library.cosine(1, 80), 100).lines.join()).toContain("LambdaLR");
    expect(scheduleLines(library.rex(1, 4), 4).lines).toEqual([
      "# PyTorch has no schedule like Fall Line's rex: its factors of lr, step by step.",
      "factors = [",
      "    1, 0.8571428571428571, 0.6666666666666666, 0.4, 0.4,",
      "]",
      "schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: factors[min(t, len(factors) - 1)])",
    ]);
  });
});

describe("modules", () => {
  const one = cases.classifier;
  const scriptOf = (part: Partial<ScriptOptions>): string => pytorchScript({ ...scriptOptions(one), ...part });

  it("stand for every kind of layer, with its options", () => {
    const options: Readonly<Record<string, Layer>> = {
      linear: linear(3, { bias: false }),
      residual: residual(linear(3)),
      sequential: library.sequential(linear(3)),
      dropout: library.dropout(0.25),
      gelu: gelu({ approximate: "none" }),
      elu: library.elu({ alpha: 0.5 }),
      leakyRelu: library.leakyRelu({ negativeSlope: 0.2 }),
      layerNorm: library.layerNorm({ eps: 1e-3, bias: false }),
    };
    const all = [...layers.keys()].map((kind) => options[kind] ?? { kind });
    const script = scriptOf({
      model: [{ kind: "flatten" }, linear(3), ...all.filter(({ kind }) => kind !== "flatten")],
    });
    expect(script).not.toContain("# PyTorch has no");
    const wanted = [
      ...["nn.Linear(3, 3, bias=False)", "nn.Dropout(0.25)", 'nn.GELU(approximate="none")', "nn.ELU(0.5)"],
      ...["nn.LeakyReLU(0.2)", "nn.LayerNorm(3, eps=0.001, bias=False)", "nn.Sequential(\n        nn.Linear(3, 3),"],
    ];
    for (const module of wanted) expect(script).toContain(module);
  });

  it("stand for every loss, with its options", () => {
    for (const kind of losses.keys()) expect(scriptOf({ loss: { kind } }), kind).toMatch(/criterion = nn\.\w+Loss\(/);
    const smooth = library.crossEntropy({ labelSmoothing: 0.1, classWeights: [1, 2] });
    expect(scriptOf({ loss: smooth })).toContain(
      "criterion = nn.CrossEntropyLoss(label_smoothing=0.1, weight=torch.tensor([1, 2], dtype=x.dtype))",
    );
    const positive = (posWeight: number | number[]): string =>
      scriptOf({ loss: library.binaryCrossEntropy({ posWeight }) });
    expect(positive(3)).toContain("criterion = nn.BCEWithLogitsLoss(pos_weight=torch.tensor(3, dtype=x.dtype))");
    expect(positive([1, 2])).toContain(
      "criterion = nn.BCEWithLogitsLoss(pos_weight=torch.tensor([1, 2], dtype=x.dtype))",
    );
    expect(scriptOf({ loss: library.huber({ delta: 2 }) })).toContain("criterion = nn.HuberLoss(delta=2)");
    expect(scriptOf({ weighted: true })).toContain("# The rows have weights in Fall Line");
  });

  it("start by the laws the layers name", () => {
    const { glorotNormal, lecunUniform, orthogonal, zeros, normal } = library;
    const model = [
      linear(8, { init: glorotNormal(), bias: zeros() }),
      linear(8, { init: lecunUniform() }),
      linear(2, { init: orthogonal({ gain: 2 }), bias: normal(0.5) }),
    ];
    const script = scriptOf({ model });
    // sqrt(2 / (2 + 8)), sqrt(3 / 8).
    expect(script).toContain(
      `nn.init.normal_(model.get_parameter("0.weight"), 0.0, ${1 / Math.sqrt(5)})  # glorotNormal`,
    );
    expect(script).toContain('nn.init.zeros_(model.get_parameter("0.bias"))');
    const limit = Math.sqrt(3) / Math.sqrt(8);
    expect(script).toContain(`nn.init.uniform_(model.get_parameter("1.weight"), ${-limit}, ${limit})  # lecunUniform`);
    expect(script).toContain('nn.init.orthogonal_(model.get_parameter("2.weight"), 2)');
    expect(script).toContain('nn.init.normal_(model.get_parameter("2.bias"), 0, 0.5)');
    expect(script).not.toContain('get_parameter("1.bias")');
  });

  it("that PyTorch has none for are said where they would stand", () => {
    expect(scriptOf({ loss: { kind: "odd" } })).toContain('# PyTorch has no odd: put it here. {"kind":"odd"}');
    expect(() => scriptOf({ model: [{ kind: "mystery" }] })).toThrow("mystery");
  });
});
