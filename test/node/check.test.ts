import { describe, expect, it } from "vitest";
import { checkInteger, checkKeys, checkNumber, FallLineError, fail, nearest } from "../../src/core/check.ts";

describe("fail", () => {
  it("throws where, what and hint, in one line and apart", () => {
    const attempt = (hint?: string): unknown => {
      try {
        return fail("matmul", "inner sizes differ", hint);
      } catch (error) {
        return error;
      }
    };
    const error = attempt("transpose one");
    expect(error).toBeInstanceOf(FallLineError);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: "FallLineError",
      message: "matmul: inner sizes differ; transpose one",
      where: "matmul",
      hint: "transpose one",
    });
    expect(attempt()).toMatchObject({ message: "matmul: inner sizes differ", hint: undefined });
  });
});

describe("nearest", () => {
  const names = ["momentum", "lr", "beta1", "beta2", "weightDecay", "eps"];
  it.each([
    ["momentun", "momentum"],
    ["momnetum", "momentum"],
    ["weightdecay", "weightDecay"],
    ["weight_decay", "weightDecay"],
    ["beta", "beta1"],
    ["rl", "lr"],
    ["l", "lr"],
    ["learningRate", undefined],
    ["x", undefined],
    ["", undefined],
  ])("to %j is %j", (name, want) => {
    expect(nearest(name, names)).toBe(want);
  });
});

describe("checkKeys", () => {
  it("names the key meant, or all of them", () => {
    checkKeys("adam", { lr: 1 }, ["lr", "eps"]);
    expect(() => checkKeys("adam", { lrr: 1 }, ["lr", "eps"])).toThrow(
      'adam: unknown option "lrr"; did you mean "lr"?',
    );
    expect(() => checkKeys("adam", { rho: 1 }, ["lr", "eps"])).toThrow('"rho"; known options are lr, eps');
    expect(() => checkKeys("relu", { slope: 1 }, [])).toThrow('relu: unknown option "slope"; it takes no options');
  });
});

describe("checkInteger and checkNumber", () => {
  it("return what is right", () => {
    expect(checkInteger("train", "batch", 1, { min: 1 })).toBe(1);
    expect(checkNumber("adam", "beta1", 0, { min: 0, below: 1 })).toBe(0);
    expect(checkNumber("adam", "lr", -3.5)).toBe(-3.5);
  });

  it.each<[unknown, string]>([
    [0, "train: batch is 0, expected an integer >= 1 and <= 8"],
    [9, "train: batch is 9,"],
    [1.5, "train: batch is 1.5,"],
    [Number.NaN, "train: batch is NaN,"],
    ["4", 'train: batch is "4",'],
    [undefined, "train: batch is undefined,"],
    [[4], "train: batch is an array,"],
    [{}, "train: batch is an object,"],
  ])("refuse the integer %j", (value, message) => {
    expect(() => checkInteger("train", "batch", value, { min: 1, max: 8 })).toThrow(message);
  });

  it.each<[unknown, string]>([
    [0, "sgd: lr is 0, expected a finite number > 0 and < 1"],
    [1, "sgd: lr is 1,"],
    [Infinity, "sgd: lr is Infinity,"],
    [Number.NaN, "sgd: lr is NaN,"],
    [null, "sgd: lr is null,"],
  ])("refuse the number %j", (value, message) => {
    expect(() => checkNumber("sgd", "lr", value, { above: 0, below: 1 })).toThrow(message);
  });
});
