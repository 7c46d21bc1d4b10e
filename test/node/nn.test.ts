import { describe, expect, it } from "vitest";
import { elements } from "../../src/core/shape.ts";
import { input, type Node, order, scope } from "../../src/graph/node.ts";
import {
  build,
  crossEntropy,
  defineLayer,
  flatten,
  gelu,
  heNormal,
  type Layer,
  layers,
  linear,
  linearInit,
  losses,
  meanSquaredError,
  relu,
  residual,
  sequential,
  sigmoid,
  tanh,
  zeros,
} from "../../src/nn/index.ts";
import { adamw } from "../../src/optim/presets.ts";

const batch = (features: number, rows = 32): Node => input("x", [rows, features]);

/** A graph without its ids: op, shape, attributes, name, and which nodes go in. */
function shown(root: Node): unknown[] {
  const nodes = order([root]);
  return nodes.map(({ op, shape, dtype, attributes, name, inputs }) => {
    return { op, shape, dtype, attributes, name, inputs: inputs.map((from) => nodes.indexOf(from)) };
  });
}

const named = (model: readonly Layer[], features = 8): string[] =>
  build(model, batch(features)).parameters.map(({ name }) => name);

describe("a model", () => {
  const model = [linear(256), relu(), linear(10)];

  it("has parameters with names, shapes, fans and streams in the order of its layers", () => {
    const { output, parameters } = build(model, batch(784));
    expect(output.shape).toEqual([32, 10]);
    expect(parameters.map(({ name, shape, fanIn, fanOut, stream }) => [name, shape, fanIn, fanOut, stream])).toEqual([
      ["layer1.w", [784, 256], 784, 256, 0],
      ["layer1.b", [256], 784, 256, 1],
      ["layer3.w", [256, 10], 256, 10, 2],
      ["layer3.b", [10], 256, 10, 3],
    ]);
    for (const { node, name, shape } of parameters) expect(node).toMatchObject({ op: "parameter", name, shape });
  });

  it("is x w + b, activation, x w + b", () => {
    const { output } = build(model, batch(784));
    expect(order([output]).map(({ name }) => name)).toEqual([
      "x",
      "layer1.w",
      "layer1.matmul",
      "layer1.b",
      "layer1.biasAdd",
      "layer2.relu",
      "layer3.w",
      "layer3.matmul",
      "layer3.b",
      "layer3.biasAdd",
    ]);
  });

  it("names what is nested by its path", () => {
    const block = residual(linear(8), relu(), sequential(linear(4), tanh(), linear(8, { bias: false })));
    expect(named([linear(8), block, linear(2)])).toEqual([
      "layer1.w",
      "layer1.b",
      "layer2.layer1.w",
      "layer2.layer1.b",
      "layer2.layer3.layer1.w",
      "layer2.layer3.layer1.b",
      "layer2.layer3.layer3.w",
      "layer3.w",
      "layer3.b",
    ]);
  });

  it("is the same graph from parsed JSON", () => {
    const whole = [
      flatten(),
      linear(8, { bias: false, init: heNormal() }),
      residual(linear(8, { bias: zeros() }), gelu()),
      sequential(sigmoid(), tanh(), relu()),
      linear(3),
    ];
    const parsed = JSON.parse(JSON.stringify(whole)) as Layer[];
    expect(parsed).toEqual(whole);
    const [one, other] = [build(whole, batch(6)), build(parsed, batch(6))];
    expect(shown(other.output)).toEqual(shown(one.output));
    const plain = (model: typeof one) => model.parameters.map(({ node: _, ...rest }) => rest);
    expect(plain(other)).toEqual(plain(one));
  });

  it("may be a single layer", () => {
    expect(build(linear(3), batch(2)).parameters.map(({ name }) => name)).toEqual(["layer1.w", "layer1.b"]);
  });

  it("gives a layer used twice two sets of parameters", () => {
    const layer = linear(8);
    expect(named([layer, layer])).toEqual(["layer1.w", "layer1.b", "layer2.w", "layer2.b"]);
  });

  it("lists its layers, containers before what is in them, each parameter once", () => {
    const built = build([linear(4), residual(linear(4), relu())], batch(8));
    expect(built.layers.map(({ name, kind, input, output }) => [name, kind, input, output])).toEqual([
      ["layer1", "linear", [32, 8], [32, 4]],
      ["layer2", "residual", [32, 4], [32, 4]],
      ["layer2.layer1", "linear", [32, 4], [32, 4]],
      ["layer2.layer2", "relu", [32, 4], [32, 4]],
    ]);
    expect(built.layers.flatMap(({ parameters }) => parameters)).toEqual(built.parameters);
  });

  it("leaves the names of later nodes alone when a layer throws", () => {
    expect(() => build([linear(8), residual(linear(4))], batch(8))).toThrow();
    expect(scope("after", () => build([linear(2)], batch(8))).output.name).toBe("after.layer1.biasAdd");
  });
});

describe("layers as data", () => {
  it.each([
    [linear(256), { kind: "linear", width: 256 }],
    [linear(256, { bias: true }), { kind: "linear", width: 256 }],
    [linear(9, { bias: false }), { kind: "linear", width: 9, bias: false }],
    [linear(9, { init: heNormal() }), { kind: "linear", width: 9, init: { kind: "heNormal" } }],
    [relu(), { kind: "relu" }],
    [residual(relu()), { kind: "residual", layers: [{ kind: "relu" }] }],
    [crossEntropy(), { kind: "crossEntropy" }],
    [meanSquaredError(), { kind: "meanSquaredError" }],
  ])("%j", (made, data) => {
    expect(made).toStrictEqual(data);
    expect(structuredClone(made)).toStrictEqual(data);
  });

  it("takes bias: true and its own initializers from JSON", () => {
    const built = build([{ kind: "linear", width: 2, bias: true, init: { kind: "zeros" } }], batch(3));
    expect(built.parameters.map(({ init }) => init)).toEqual([zeros(), linearInit]);
  });

  it("knows each kind by name", () => {
    const kinds = [
      "linear",
      "relu",
      "tanh",
      "sigmoid",
      "gelu",
      "leakyRelu",
      "elu",
      "selu",
      "silu",
      "softplus",
      "dropout",
      "layerNorm",
      "residual",
      "sequential",
      "flatten",
    ];
    expect([...layers.keys()].sort()).toEqual(kinds.sort());
    expect([...losses.keys()].sort()).toEqual([
      "binaryCrossEntropy",
      "crossEntropy",
      "huber",
      "meanAbsoluteError",
      "meanSquaredError",
    ]);
  });

  it("takes a user's own kind", () => {
    interface Twice extends Layer {
      readonly kind: "twice";
      readonly layer: Layer;
    }
    const twice = defineLayer<Twice>({
      kind: "twice",
      options: ["layer"],
      build: ({ layer }, x, context) => context.build([layer, layer], x),
    });
    const model = [twice({ kind: "twice", layer: linear(8) })];
    layers.delete("twice");
    expect(() => named(model)).toThrow('layer1: unknown layer "twice"');
    defineLayer({ kind: "twice", options: ["layer"], build: (_, x) => x });
    expect(named(model)).toEqual([]);
    layers.delete("twice");
  });

  it("flatten adds nothing before the first layer, also within one", () => {
    expect(shown(build([flatten(), linear(2)], batch(4)).output).length).toBe(5);
    const x = batch(4);
    expect(build([sequential(flatten())], x).output).toBe(x);
  });
});

it("specs of a whole task cross as plain data", () => {
  const task = { model: [linear(4), residual(linear(4))], loss: crossEntropy(), optimizer: adamw() };
  expect(structuredClone(task)).toEqual(JSON.parse(JSON.stringify(task)));
  expect(elements(build(task.model, batch(3)).output.shape)).toBe(32 * 4);
});
