import { describe, expect, it } from "vitest";
import { input, type Node } from "../../src/graph/node.ts";
import {
  binaryCrossEntropy,
  crossEntropy,
  huber,
  loadLoss,
  lossKindOf,
  lossOf,
  meanAbsoluteError,
  meanSquaredError,
} from "../../src/nn/index.ts";

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
      inputs: [z, targets, { op: "constant", attributes: { value: 1 }, shape: [32] }],
    });
  });

  it("say what they compare with and whether hits mean accuracy", () => {
    expect(lossKindOf(crossEntropy())).toMatchObject({ against: "labels", accuracy: true });
    for (const loss of [meanSquaredError(), meanAbsoluteError(), huber()])
      expect(lossKindOf(loss)).toMatchObject({ against: "targets", accuracy: false });
    expect(lossKindOf(binaryCrossEntropy())).toMatchObject({ against: "targets", accuracy: true });
  });

  it("leave their defaults out of the data", () => {
    expect(crossEntropy({ labelSmoothing: 0 })).toEqual({ kind: "crossEntropy" });
    expect(crossEntropy({ labelSmoothing: 0.1, classWeights: [1, 2] })).toEqual({
      ...{ kind: "crossEntropy", labelSmoothing: 0.1, classWeights: [1, 2] },
    });
    expect(binaryCrossEntropy({ posWeight: 1 })).toEqual({ kind: "binaryCrossEntropy" });
    expect(binaryCrossEntropy({ posWeight: [1, 3] })).toEqual({ kind: "binaryCrossEntropy", posWeight: [1, 3] });
    expect([huber({ delta: 1 }), huber({ delta: 2 })]).toEqual([{ kind: "huber" }, { kind: "huber", delta: 2 }]);
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
      "known are binaryCrossEntropy, crossEntropy, huber, meanAbsoluteError, meanSquaredError; import the module",
    ],
    [
      "options that nobody loaded",
      () => lossOf(crossEntropy({ labelSmoothing: 0.1 }), z, labels),
      "crossEntropy: its options are not loaded; await loadLoss(loss) first",
    ],
    [
      "too much smoothing",
      () => crossEntropy({ labelSmoothing: 2 }),
      "crossEntropy: labelSmoothing is 2, expected a finite number >= 0 and <= 1",
    ],
    [
      "a weight below 0",
      () => crossEntropy({ classWeights: [1, -1] }),
      "crossEntropy: a class weight is -1, expected a finite number >= 0",
    ],
    [
      "weights of JSON",
      () => lossKindOf({ kind: "crossEntropy", classWeights: 3 }),
      "crossEntropy: classWeights is no array",
    ],
    ["a delta of 0", () => huber({ delta: 0 }), "huber: delta is 0, expected a finite number > 0"],
    [
      "a weight of 0 for a yes",
      () => binaryCrossEntropy({ posWeight: [1, 0] }),
      "binaryCrossEntropy: posWeight is 0, expected a finite number > 0",
    ],
    [
      "weights for other columns",
      () => lossOf(binaryCrossEntropy({ posWeight: [1, 2, 3] }), z, input("targets", z.shape)),
      `binaryCrossEntropy: 3 numbers of posWeight, expected ${z.shape[1]}, the model's columns, or 1`,
    ],
    ["a delta of JSON", () => lossKindOf({ kind: "huber", delta: -1 }), "huber: delta is -1"],
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

  // Last: what is loaded stays loaded.
  it("load what options take, and refuse weights of another number of classes", async () => {
    await loadLoss(crossEntropy({ labelSmoothing: 0.1 }));
    expect(lossOf(crossEntropy({ labelSmoothing: 0.1 }), z, labels)).toMatchObject({ op: "softCrossEntropy" });
    expect(lossOf(crossEntropy(), z, labels)).toMatchObject({ op: "crossEntropy" });
    expect(() => lossOf(crossEntropy({ classWeights: [1, 2] }), z, labels)).toThrow(
      "crossEntropy: 2 class weights, expected 10, the model's classes",
    );
  });
});
