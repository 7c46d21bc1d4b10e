import { input } from "../../src/graph/node.ts";
import { build, layers } from "../../src/nn/index.ts";
import { describe, expect, test } from "vitest";
import { modelText, readModel, writeModel } from "../../src/cli/model.ts";
import { entryName, makeOptimizer, optimizerNames, optimizerText } from "../../src/cli/optimizers.ts";
import { readItems } from "../../src/cli/words.ts";

describe("models in a line", () => {
  test("layers with widths, options and brackets, and back", () => {
    const text = "linear 64 bias false init heNormal, relu, residual (linear 64, sequential (tanh)), linear 10";
    const model = readModel(text);
    expect(model).toEqual([
      { kind: "linear", width: 64, bias: false, init: { kind: "heNormal" } },
      { kind: "relu" },
      {
        kind: "residual",
        layers: [
          { kind: "linear", width: 64 },
          { kind: "sequential", layers: [{ kind: "tanh" }] },
        ],
      },
      { kind: "linear", width: 10 },
    ]);
    expect(writeModel(model)).toBe(text);
    expect(modelText(784, readModel("linear 64,relu"))).toBe("784 - linear 64 - relu");
  });

  test("rates, words and numbers of activations and layer norm, and back", () => {
    const text =
      "linear 8 init orthogonal, layerNorm eps 0.01 bias false gain zeros, dropout 0.25, gelu approximate none, elu alpha 0.5, leakyRelu negativeSlope 0.2, selu, silu, softplus, linear 2";
    const model = readModel(text);
    expect(model.slice(0, 6)).toEqual([
      { kind: "linear", width: 8, init: { kind: "orthogonal" } },
      { kind: "layerNorm", eps: 0.01, bias: false, gain: { kind: "zeros" } },
      { kind: "dropout", rate: 0.25 },
      { kind: "gelu", approximate: "none" },
      { kind: "elu", alpha: 0.5 },
      { kind: "leakyRelu", negativeSlope: 0.2 },
    ]);
    expect(writeModel(model)).toBe(text);
    expect(build(model, input("x", [2, 3])).output.shape).toEqual([2, 2]);
    const every = model.map(({ kind }) => kind);
    const others = ["flatten", "gelu", "relu", "residual", "sequential", "sigmoid", "tanh"];
    expect([...new Set([...every, ...others])].toSorted()).toEqual([...layers.keys()].toSorted());
  });

  test.each([
    ["dropout", "dropout has 0 rates, expected 1; write dropout 0.5"],
    ["linar 64", '"linar" is no layer; did you mean "linear"?'],
    ["linear", "linear has 0 widths, expected 1; write linear 64"],
    ["linear 64 32", "linear has 2 widths"],
    ["relu 3", "relu has 1 widths, expected 0"],
    ["linear 64 bais false", 'unknown option "bais"; did you mean "bias"?'],
    ["linear 64 init", 'linear: "init" has no value'],
    ["residual", "residual holds no layers; write residual (linear 8, relu)"],
    ["residual (linear 8", 'a "(" is never closed'],
    ["linear 8)", 'a ")" closes nothing'],
    ["linear 8,, relu", 'found "," where a name was expected'],
    ["64", 'found "64" where a name was expected'],
    ["linear 8,", "found the end where a name was expected"],
    ["", "model: is empty"],
  ])("%s is an error in words", (text, message) => {
    expect(() => readModel(text)).toThrow(message);
  });
});

test("items: bare numbers, options, booleans", () => {
  expect(readItems("data", "spirals classes 3 turns 1.5e0")).toEqual([
    { name: "spirals", bare: [], options: { classes: 3, turns: 1.5 }, inner: undefined },
  ]);
});

describe("optimizers by name", () => {
  const spec = { name: "sgd", lr: 0.1, options: {}, schedule: "constant" } as const;

  test("every name makes a chain", () => {
    for (const name of optimizerNames) expect(makeOptimizer({ ...spec, name }, 10).links.at(-1)?.rule).toBe("descend");
    expect(() => makeOptimizer({ ...spec, name: "adma" }, 10)).toThrow('"adma" is not known; did you mean "adam"?');
    expect(() => makeOptimizer({ ...spec, options: { momentun: 1 } }, 10)).toThrow('did you mean "momentum"?');
  });

  test("names tell entries apart, texts tell families apart", () => {
    expect(entryName(spec)).toBe("sgd 0.1");
    expect(entryName({ ...spec, options: { momentum: 0.5 } })).toBe("sgd momentum 0.5 lr 0.1");
    expect(optimizerText({ ...spec, name: "momentum", schedule: "cosine" })).toBe(
      "momentum lr 0.1 momentum 0.9 schedule cosine",
    );
  });

  test("a cosine ends with the training", () => {
    const { options } = makeOptimizer({ ...spec, schedule: "cosine" }, 200).links.at(-1) ?? {};
    expect(options?.lr).toEqual({ kind: "cosine", value: 0.1, steps: 200, to: 0 });
  });
});
