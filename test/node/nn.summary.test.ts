import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { flatten, linear, relu, residual, summary } from "../../src/nn/index.ts";
import { adamw, sgd } from "../../src/optim/presets.ts";

const model = [linear(256), relu(), linear(10)];

describe("the summary of 784-256-10", () => {
  const made = summary(model, { input: [784], optimizer: adamw(), batch: 128, runs: 16 });

  it("counts logical parameters", () => {
    expect(made.parameters).toBe(203_530);
    expect(made.rows).toEqual([
      { name: "layer1", kind: "linear", input: [784], output: [256], parameters: 200_960 },
      { name: "layer2", kind: "relu", input: [256], output: [256], parameters: 0 },
      { name: "layer3", kind: "linear", input: [256], output: [10], parameters: 2_570 },
    ]);
  });

  it("counts bytes as stored", () => {
    // Rows of 10 take 12, the bias of 10 a whole 64.
    const stored = 784 * 256 + 256 + 256 * 12 + 64;
    // x, then matmul, bias, relu, matmul, bias, each with its gradient.
    const activations = 4 * 128 * (784 + 2 * (256 + 256 + 256 + 12 + 12));
    expect(made).toMatchObject({ stored, slots: 2, batch: 128, runs: 16, estimated: true });
    expect(made.bytes).toEqual({
      parameters: 4 * stored,
      gradients: 4 * stored,
      state: 8 * stored,
      activations,
      run: 16 * stored + activations,
      total: 16 * (16 * stored + activations),
    });
  });

  it("prints an aligned table", () => {
    expect(`${made}\n`).toBe(`layer   kind    input  output  parameters
layer1  linear  [784]  [256]      200,960
layer2  relu    [256]  [256]            0
layer3  linear  [256]  [10]         2,570
total                             203,530

parameters       797.3 KiB  204,096 f32 with padding
gradients        797.3 KiB
optimizer state    1.6 MiB  2 for each parameter
activations        1.2 MiB  estimate, batch 128
one run            4.3 MiB
16 runs           68.3 MiB
`);
  });

  it("takes a plan's activations instead of the estimate", () => {
    const exact = summary(model, { input: [784], optimizer: sgd(), activationBytes: 1000 });
    expect(exact.bytes).toMatchObject({ state: 0, activations: 1000, run: exact.bytes.total });
    expect(exact.estimated).toBe(false);
    expect(exact.toString()).toMatch(/activations +1000 B {2}batch 1\n/);
    expect(exact.toString()).not.toContain("runs");
  });

  it("is plain data besides its table", () => {
    expect(structuredClone(made)).toEqual(JSON.parse(JSON.stringify(made)));
  });
});

it("a summary shows an example's own shape, what is nested, and a learning rate that is a function", () => {
  const made = summary([flatten(), residual(linear(784), relu())], {
    input: [28, 28],
    optimizer: adamw({ lr: (t) => 1 / (t + 1) }),
  });
  expect(made.rows.map(({ name, input, output, parameters }) => [name, input, output, parameters])).toEqual([
    ["layer1", [28, 28], [784], 0],
    ["layer2", [784], [784], 0],
    ["layer2.layer1", [784], [784], 784 * 784 + 784],
    ["layer2.layer2", [784], [784], 0],
  ]);
  expect(made.parameters).toBe(784 * 785);
  expect(made.slots).toBe(2);
});

describe("a summary refuses", () => {
  it.each<[string, () => unknown, string]>([
    [
      "no input",
      () => summary(model, {} as never),
      "summary: input is no shape, expected that of one example; give input: [784]",
    ],
    ["a size of 0", () => summary(model, { input: [0] }), "summary: a size of input is 0, expected an integer >= 1"],
    [
      "a misspelt option",
      () => summary(model, { input: [2], run: 3 } as never),
      'summary: unknown option "run"; did you mean "runs"?',
    ],
    ["half a run", () => summary(model, { input: [2], runs: 0.5 }), "summary: runs is 0.5, expected an integer >= 1"],
    ["an empty model", () => summary([], { input: [2] }), "model: has no layers"],
  ])("%s", (_, run, message) => {
    expect(run).toThrow(message);
  });
});

describe("the imports of src/nn", () => {
  const source = fileURLToPath(new URL("../../src", import.meta.url));

  /** Every module of src a module reaches, itself included, from src. */
  function reached(module: string, found = new Set<string>()): Set<string> {
    if (found.has(module)) return found;
    found.add(module);
    const text = readFileSync(`${source}/${module}`, "utf8");
    for (const [, path = ""] of text.matchAll(/from "(\.[^"]+\.ts)"/g)) {
      reached(resolve(dirname(`${source}/${module}`), path).slice(source.length + 1), found);
    }
    return found;
  }

  it("go to nn, optim and what is left of them", () => {
    const allowed = ["core", "kernel", "graph", "ops", "activations", "autodiff.ts", "nn", "optim"];
    const layers = new Set([...reached("nn/index.ts")].map((module) => module.split("/")[0]));
    expect([...layers].filter((layer) => !allowed.includes(layer as string))).toEqual([]);
  });

  it.each(["relu", "tanh", "sigmoid", "silu", "gelu"])("of %s hold that activation and no other layer", (name) => {
    const modules = [...reached(`nn/${name}.ts`)];
    // gelu has two forms: gelu.ts, gelu_erf.ts.
    const own = modules.filter((module) => module.startsWith("activations/"));
    expect(own.map((module) => module.replace("_erf", ""))).toEqual(own.map(() => `activations/${name}.ts`));
    expect(own.length).toBe(name === "gelu" ? 2 : 1);
    expect(modules.filter((module) => module.startsWith("nn/")).sort()).toEqual(
      ["nn/initializers.ts", "nn/layer.ts", `nn/${name}.ts`].sort(),
    );
    expect(modules.filter((module) => module.startsWith("optim/"))).toEqual([]);
  });

  it("of a loss hold no other loss", () => {
    expect([...reached("nn/cross_entropy.ts")]).not.toContain("ops/target_loss.ts");
    expect([...reached("nn/mean_squared_error.ts")]).not.toContain("ops/cross_entropy.ts");
  });
});
