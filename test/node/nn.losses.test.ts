import { describe, expect, it } from "vitest";
import { input, type Node } from "../../src/graph/node.ts";
import { crossEntropy, lossKindOf, lossOf, meanSquaredError } from "../../src/nn/index.ts";

const batch = (features: number, rows = 32): Node => input("x", [rows, features]);

describe("losses", () => {
  const z = batch(10);
  const labels = input("y", [32], "u32");
  const targets = input("y", [32, 10]);

  it("are one number of the model's output and labels or targets", () => {
    expect(lossOf(crossEntropy(), z, labels)).toMatchObject({ op: "crossEntropy", shape: [], inputs: [z, labels] });
    expect(lossOf(meanSquaredError(), z, targets)).toMatchObject({
      op: "squaredError",
      shape: [],
      inputs: [z, targets],
    });
  });

  it("say what they compare with and whether hits mean accuracy", () => {
    expect(lossKindOf(crossEntropy())).toMatchObject({ against: "labels", accuracy: true });
    expect(lossKindOf(meanSquaredError())).toMatchObject({ against: "targets", accuracy: false });
  });

  it.each<[string, () => unknown, string]>([
    [
      "targets for labels",
      () => lossOf(crossEntropy(), z, targets),
      "crossEntropy: compares with y [32, 10] of f32, expected u32 labels [batch]; for targets use meanSquaredError()",
    ],
    [
      "labels for targets",
      () => lossOf(meanSquaredError(), z, labels),
      "meanSquaredError: compares with y [32] of u32, expected f32 targets [batch, width]; for labels use crossEntropy()",
    ],
    ["other rows", () => lossOf(crossEntropy(), batch(10, 8), labels), "rows differ: x [8, 10] and y [32]"],
    ["other widths", () => lossOf(meanSquaredError(), batch(9), targets), "widths differ: x [32, 9] and y [32, 10]"],
    [
      "one class",
      () => lossOf(crossEntropy(), batch(1), labels),
      "crossEntropy: x [32, 1] has 1 column, expected at least 2; end the model in linear(2) or wider",
    ],
    [
      "a misspelt kind",
      () => lossKindOf({ kind: "crossentropy" }),
      'loss: unknown loss "crossentropy"; did you mean "crossEntropy"?',
    ],
    [
      "an unknown kind",
      () => lossKindOf({ kind: "hinge" }),
      "known are crossEntropy, meanSquaredError; import the module that defines it",
    ],
    [
      "an option",
      () => lossKindOf({ kind: "crossEntropy", smoothing: 0.1 }),
      'crossEntropy: unknown option "smoothing"',
    ],
    [
      "no loss",
      () => lossKindOf(undefined as never),
      "loss: undefined is no loss; use crossEntropy() or meanSquaredError()",
    ],
  ])("refuse %s", (_, run, message) => {
    expect(run).toThrow(message);
  });
});
