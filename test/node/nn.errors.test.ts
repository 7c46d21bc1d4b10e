import { describe, expect, it } from "vitest";
import { input, type Node } from "../../src/graph/node.ts";
import {
  build,
  defineLayer,
  flatten,
  type Layer,
  layers,
  linear,
  relu,
  residual,
  sequential,
  zeros,
} from "../../src/nn/index.ts";

const batch = (features: number, rows = 32): Node => input("x", [rows, features]);

const named = (model: readonly Layer[], features = 8): string[] =>
  build(model, batch(features)).parameters.map(({ name }) => name);

describe("errors", () => {
  const wrong = (...data: unknown[]) => data as Layer[];
  it.each<[string, () => unknown, string]>([
    [
      "a misspelt kind",
      () => named(wrong(relu(), { kind: "liner", width: 2 })),
      'layer2: unknown layer "liner"; did you mean "linear"?',
    ],
    ["a kind like none", () => named(wrong({ kind: "convolution" })), "import the module that defines it"],
    [
      "a method of objects as a kind",
      () => named(wrong({ kind: "constructor" })),
      'layer1: unknown layer "constructor"',
    ],
    ["no layer", () => named(wrong(relu(), null)), "layer2: null is no layer, expected { kind: ... }"],
    ["a string", () => named(wrong("relu")), 'layer1: "relu" is no layer'],
    ["an empty model", () => named([]), "model: has no layers, expected at least one; add one: linear(10)"],
    ["a bad width", () => linear(0), "linear: width is 0, expected an integer >= 1"],
    ["a width that is no integer", () => linear(2.5), "linear: width is 2.5, expected an integer >= 1"],
    [
      "a bad width in JSON",
      () => named(wrong({ kind: "linear" })),
      "layer1.linear: width is undefined, expected an integer >= 1",
    ],
    [
      "a misspelt option",
      () => linear(2, { biass: true } as never),
      'linear: unknown option "biass"; did you mean "bias"?',
    ],
    [
      "a width among the options",
      () => linear(2, { width: 3 } as never),
      'linear: unknown option "width"; known options are bias, init',
    ],
    [
      "an option of JSON",
      () => named(wrong({ kind: "relu", slope: 1 })),
      'layer1.relu: unknown option "slope"; known options are kind',
    ],
    [
      "a bad bias",
      () => linear(2, { bias: 1 as never }),
      "linear bias: 1 is no initializer; use heUniform(), normal(0.02), zeros() ...",
    ],
    [
      "a bad init",
      () => linear(2, { init: { kind: "heNorm" } as never }),
      'linear init: unknown initializer "heNorm"; did you mean "heNormal"?',
    ],
    ["an empty residual", () => residual(), "residual: has no layers, expected at least one"],
    [
      "a residual without an array",
      () => named(wrong({ kind: "residual" })),
      "layer1.residual: its layers are not an array",
    ],
    [
      "an input that is no matrix",
      () => build([relu()], input("x", [2, 3, 4])),
      "model: input x is [2, 3, 4], expected [batch, features]",
    ],
    [
      "a residual that changes the width",
      () => named([linear(8), residual(linear(4), relu())]),
      "layer2.residual: widths differ: layer1.biasAdd [32, 8] and layer2.layer2.relu [32, 4] (8 and 4); end it in linear(8)",
    ],
    [
      "a late flatten",
      () => named([linear(8), flatten()]),
      "layer2.flatten: comes after layer1.biasAdd [32, 8], expected the model's input; leave it out",
    ],
    [
      "something wrong deep inside",
      () => named([residual(sequential(relu(), ...wrong({ kind: "linear", width: -1 })))]),
      "layer1.layer1.layer2.linear: width is -1, expected an integer >= 1",
    ],
  ])("%s", (_, run, message) => {
    expect(run).toThrow(message);
  });

  it("of a layer that makes a parameter twice", () => {
    defineLayer({
      kind: "double",
      options: [],
      build: (_, x, { parameter }) => {
        for (let i = 0; i < 2; i++) parameter("w", [1], { init: zeros(), fanIn: 1, fanOut: 1 });
        return x;
      },
    });
    expect(() => named([{ kind: "double" }])).toThrow("layer1.w: is made twice");
    layers.delete("double");
  });
});
