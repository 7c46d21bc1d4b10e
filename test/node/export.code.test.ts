// The code that the page writes: it makes the same data again, whatever the rule, schedule, layer or initializer, and trains to the
// same losses.
import { describe, expect, it } from "vitest";
import { canonical, hashParts } from "../../src/core/hash.ts";
import { type CodeOptions, tenLines } from "../../src/export/code.ts";
import { optimizerCode } from "../../src/export/code_optimizer.ts";
import { scheduleCode } from "../../src/export/code_schedule.ts";
import * as library from "../../src/index.ts";
import { constantInit, layers, losses } from "../../src/nn/index.ts";
import * as family from "../../src/optim/index.ts";
import { sampleFunctions } from "../../src/optim/chain.ts";
import { examples } from "../harness/schedules.ts";
import { wrapped } from "../harness/wrapped.ts";

/** What an expression gives when it stands in a module that imports from the library. */
const evaluate = (code: string, names: object = library): unknown =>
  new Function(...Object.keys(names), `return (${code});`)(...Object.values(names));

const isOptimizer = (made: unknown): made is family.Optimizer =>
  (made as family.Optimizer | undefined)?.kind === "chain";

/** Every preset, plain and with each option it takes. */
const presets: [string, family.Optimizer][] = [];
const OPTIONS = {
  ...{ lr: family.cosine(0.01, 100), weightDecay: 0.02, decoupled: true, clip: 0.5, momentum: 0.8, nesterov: true },
  ...{ beta1: 0.8, beta2: 0.99, eps: 1e-6, debias: false, amsgrad: true, centered: true, rho: 0.8, dampening: 0.1 },
  ...{ initial: 1, lrDecay: 0.1, epsInside: true, alpha: 0.9 },
};
for (const [name, make] of Object.entries(family) as [string, (options?: object) => unknown][]) {
  if (name.startsWith("define")) continue;
  for (const options of [{}, ...Object.entries(OPTIONS).map(([key, value]) => ({ [key]: value }))]) {
    try {
      const made = make(options);
      if (isOptimizer(made)) presets.push([`${name}(${Object.keys(options).join()})`, made]);
    } catch {
      // No function, or one that takes no such option.
    }
  }
}

describe("code of an optimizer", () => {
  it("makes it again, for every preset and option", () => {
    expect(presets.length).toBeGreaterThan(200);
    for (const [name, optimizer] of presets) {
      const { code } = optimizerCode(optimizer);
      expect(canonical(evaluate(code)), `${name}: ${code}`).toBe(canonical(optimizer));
      if (!/^(prodigy|scheduleFree)/.test(name)) expect(code, name).not.toContain("rule:");
    }
  });

  it("is the call a person would write", () => {
    const { adam, adamw, sgd, chain, clipByGlobalNorm, scaleByAdam, descend, rmsprop, adamax } = family;
    const all: [family.Optimizer, string][] = [
      [sgd({ lr: 0.1, momentum: 0.9, nesterov: true }), "sgd({ lr: 0.1, momentum: 0.9, nesterov: true })"],
      [adam({ lr: 0.01 }), "adam({ lr: 0.01 })"],
      [adam({ amsgrad: true, clip: 1 }), "adam({ clip: 1, amsgrad: true })"],
      [
        adamw({ lr: family.cosine(2e-3, 500), weightDecay: 0.05 }),
        "adamw({ lr: cosine(0.002, 500), weightDecay: 0.05 })",
      ],
      [rmsprop({ centered: true, lr: 0.02 }), "rmsprop({ lr: 0.02, centered: true })"],
      [adamax({ decoupled: true, weightDecay: 0.1 }), "adamax({ weightDecay: 0.1, decoupled: true })"],
      [
        chain(scaleByAdam(), clipByGlobalNorm(0.5), descend(0.01)),
        "chain(scaleByAdam(), clipByGlobalNorm(0.5), descend(0.01))",
      ],
    ];
    for (const [optimizer, code] of all) expect(optimizerCode(optimizer).code).toBe(code);
  });

  it("of wrappers, groups and functions is the data, with the functions sampled", () => {
    for (const [name, optimizer] of Object.entries(wrapped)) {
      expect(canonical(evaluate(optimizerCode(optimizer).code)), name).toBe(canonical(optimizer));
    }
    const own = sampleFunctions(family.adam({ lr: (t) => 0.1 / (1 + t) }), 4);
    expect(canonical(evaluate(optimizerCode(own).code))).toBe(canonical(own));
  });
});

describe("code of a schedule", () => {
  it("makes it again, for every kind", () => {
    const seen = new Set<string>();
    for (const [text, spec] of Object.entries(examples)) {
      const { code } = scheduleCode(spec);
      seen.add(spec.kind);
      expect(canonical(evaluate(code)), `${text}: ${code}`).toBe(canonical(spec));
      if (spec.kind !== "sampled") expect(code, text).not.toContain("kind:");
    }
    expect([...family.schedules.keys()].filter((kind) => !seen.has(kind))).toEqual([]);
  });
});

const base: CodeOptions = {
  data: { name: "moons", options: { count: 100, seed: 3 } },
  model: [library.linear(6), library.tanh(), library.linear(2)],
  loss: library.crossEntropy(),
  optimizer: library.adamw({ lr: library.cosine(0.02, 40) }),
  ...{ batch: 8, steps: 40, seed: 5 },
};

/** What the module does on the CPU: its log and its training. */
async function play(code: string): Promise<unknown[][]> {
  const log: unknown[][] = [];
  const body = code
    .replace(/^import \{ (.*) \} from "fall-line";$/m, "const { $1 } = library;")
    .replace("openBackend()", 'openBackend("cpu")');
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
  await new AsyncFunction("library", "console", body)(library, { log: (...given: unknown[]) => log.push(given) });
  return log;
}

const lossHash = (losses: readonly number[]): string => hashParts([Float64Array.from(losses)]);

describe("ten lines", () => {
  it("are ten, and train to the same losses as the recipe does", async () => {
    const code = tenLines(base);
    expect(code.trimEnd().split("\n")).toHaveLength(10);
    const log = await play(code);
    const { data: _, ...options } = base;
    const run = library.train(await library.openBackend("cpu"), {
      ...options,
      data: library.moons({ count: 100, seed: 3 }),
    });
    const want: number[] = [];
    for await (const { step, loss } of run) if (step % 2 === 0) want.push(loss);
    expect(want).toHaveLength(20);
    const got = log.slice(0, -1).map(([, loss]) => loss as number);
    expect(lossHash(got)).toBe(lossHash(want));
    expect(log.at(-1)).toEqual([await run.evaluate("test")]);
  });

  it("import what they use, all of it public", () => {
    for (const [name, optimizer] of presets) {
      const names = /import \{ (.*) \}/.exec(tenLines({ ...base, optimizer }))?.[1]?.split(", ") ?? [];
      expect(
        names.filter((at) => !Object.hasOwn(library, at)),
        name,
      ).toEqual([]);
    }
  });

  it("hold every kind of layer, loss and initializer as its call", () => {
    const { linear, residual, sequential, heNormal, uniform, normal, zeros } = library;
    const options: Readonly<Record<string, object>> = {
      linear: linear(4),
      residual: residual(linear(4)),
      sequential: sequential(linear(4)),
      dropout: library.dropout(0.5),
    };
    const kinds = [...layers.keys()].map(
      (kind) => (options[kind] ?? (library as never as Record<string, () => object>)[kind]?.()) as never,
    );
    const odd = [
      linear(4, { bias: false, init: heNormal({ gain: 2 }) }),
      linear(4, { bias: zeros(), init: normal(0.1, { mean: 1 }) }),
      linear(4, { init: uniform(-1, 1), bias: constantInit(0.5) }),
    ];
    const model = [...kinds, ...odd];
    const text = /model: (.*),$/m.exec(tenLines({ ...base, model }))?.[1] as string;
    expect(canonical(evaluate(text))).toBe(canonical(model));
    expect(text).not.toContain("kind:");
    for (const kind of losses.keys()) {
      const loss = /loss: (.*),$/m.exec(tenLines({ ...base, loss: { kind } }))?.[1] as string;
      expect(canonical(evaluate(loss))).toBe(canonical({ kind }));
      expect(loss).toBe(`${kind}()`);
    }
  });

  it("say digits by awaiting them, and an order that is not the usual one", () => {
    const code = tenLines({ ...base, data: { name: "digits", options: { size: 14 } }, order: "replacement" });
    expect(code).toContain("  data: await digits({ size: 14 }),");
    expect(code).toContain('seed: 5, order: "replacement",');
  });
});
