// The command as it is called: in this process where that is enough, as a process of its own for exit codes and signals.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { root } from "../../scripts/chrome.mjs";
import { main } from "../../src/cli/main.ts";
import type { LrCurve } from "../../src/train/find_lr.ts";
import { decodeCheckpoint } from "../../src/train/checkpoint.ts";
import type { RaceResult } from "../../src/report/index.ts";

const folder = mkdtempSync(join(tmpdir(), "fall-line-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Services of a machine without Chrome. */
const bare = {
  root,
  chrome: () => {
    throw new Error("no Chrome found; install one");
  },
  serve: () => Promise.reject(new Error("nothing is served")),
  offer: () => {},
};

const adapter = { vendor: "acme", architecture: "", device: "", description: "", software: true };
const fake = { version: "1.2.3.4", profile: "software" as const, flags: [] as string[], adapter };

describe("in this process", () => {
  let err = "";
  let out = "";

  beforeEach(() => {
    err = "";
    out = "";
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      err += String(text);
      return true;
    });
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      out += String(text);
      return true;
    });
  });

  afterEach(() => vi.restoreAllMocks());

  test.each([
    [["trian"], '"trian" is no verb; did you mean "train"?'],
    [["race", "--optimisers", "sgd"], "did you mean --optimizers?"],
    [["race", "digits"], "expected flags only"],
    [["train", "--data", "xro"], 'did you mean "xor"?'],
    [["train", "--model", "linear 64, rleu"], '"rleu" is no layer; did you mean "relu"?'],
    [["train", "--resume", "nothing.ckpt"], "--resume: nothing.ckpt cannot be read"],
    [["train", "--resume", "package.json"], "does not begin as a Fall Line checkpoint"],
    [["validate", "./nothing.ts"], "there is no file ./nothing.ts"],
    [["train", "--backend", "cpu", "--data", "xor", "--model", "linear 3"], "2 classes"],
  ])("%j: usage, exit code 2", async (argv, message) => {
    expect(await main(argv, bare)).toBe(2);
    expect(err).toContain(message);
    expect(out).toBe("");
  });

  test("without Chrome: exit code 3, and the way that needs none", async () => {
    expect(await main(["race", "--data", "xor"], bare)).toBe(3);
    expect(err).toContain("no Chrome found; install one; --backend cpu");
    expect(await main(["validate"], bare)).toBe(3);
    expect(await main(["doctor"], bare)).toBe(3);
    expect(err).toContain("MISSING  Chrome");
  });

  test("help and version on stdout", async () => {
    expect(await main(["race", "--help"], bare)).toBe(0);
    expect(out).toContain("--optimizers LIST");
    expect(await main(["--version"], bare)).toBe(0);
    expect(out).toMatch(/\d+\.\d+\.\d+\n$/);
  });

  test("a race on the CPU references: one JSON on stdout, and the same again from its recipe", async () => {
    const small = [
      "--data",
      "xor count 80",
      "--model",
      "linear 4, tanh, linear 2",
      "--optimizers",
      "sgd,adam",
      "--lr",
      "0.1",
    ];
    const flags = [...small, "--seeds", "1,2", "--batch", "8", "--steps", "20", "--backend", "cpu"];
    expect(await main(["race", ...flags, "--out", folder, "--name", "first"], bare)).toBe(0);
    expect(out).toBe("");
    const config = join(folder, "first", "recipe.json");
    expect(await main(["race", "--config", config, "--backend", "cpu", "--json"], bare)).toBe(0);
    const again = JSON.parse(out) as RaceResult;
    const [line = ""] = readFileSync(join(folder, "first", "result.jsonl"), "utf8").split("\n");
    const first = JSON.parse(line) as RaceResult;
    expect(again.recipeHash).toBe(first.recipeHash);
    expect(again.winner).toEqual(first.winner);
    expect(again.entries.map(({ runs }) => runs.map(({ validation }) => validation))).toEqual(
      first.entries.map(({ runs }) => runs.map(({ validation }) => validation)),
    );
    expect(err).not.toContain("note: the recipe is not the config's own");
  });

  test("--find-lr: a curve, a suggestion, a plot", async () => {
    const flags = ["--data", "xor", "--model", "linear 8, tanh, linear 2", "--optimizer", "adam beta2 0.99"];
    const where = ["--backend", "cpu", "--json", "--out", folder, "--name", "lr"];
    expect(await main(["train", "--find-lr", ...flags, ...where], bare)).toBe(0);
    const { optimizer, points, steepest } = JSON.parse(out) as LrCurve & { optimizer: string };
    expect(optimizer).toBe("adam beta2 0.99");
    expect(points[0]?.lr).toBe(1e-6);
    expect(points.length).toBeGreaterThan(50);
    expect(err).toContain(`try --lr ${Number(steepest?.toPrecision(2))}`);
    expect(readFileSync(join(folder, "lr", "lr.svg"), "utf8")).toContain("The loss falls fastest at");
    expect(readFileSync(join(folder, "lr", "lr.csv"), "utf8").split("\n")).toHaveLength(points.length + 2);
    expect(await main(["train", "--find-lr", "--lr", "1", "--backend", "cpu"], bare)).toBe(2);
    expect(err).toContain("--lr: is of no use to --find-lr; leave it out");
  });

  test("a checkpoint goes on where it stopped, and a missed target is exit code 1", async () => {
    const file = join(folder, "xor.ckpt");
    const flags = ["--data", "xor", "--model", "linear 2", "--backend", "cpu", "--json"];
    expect(await main(["train", ...flags, "--steps", "10", "--save", file], bare)).toBe(0);
    out = "";
    const more = ["train", "--resume", file, "--steps", "15", "--backend", "cpu", "--json", "--target", "0.99"];
    expect(await main(more, bare)).toBe(1);
    expect(err).toContain("target missed: test accuracy is");
    const { at, steps } = JSON.parse(out) as RaceResult;
    expect([at[0], at.at(-1), steps]).toEqual([11, 15, 15]);
    expect(await main(["train", "--resume", file, "--steps", "10", "--backend", "cpu"], bare)).toBe(2);
    expect(await main(["train", "--resume", file, "--lr", "1", "--backend", "cpu"], bare)).toBe(2);
    expect(err).toContain("--lr: is in the checkpoint");
  });
});

describe("going on", () => {
  const task = ["--data", "xor", "--model", "linear 6, tanh, linear 2", "--batch", "16", "--lr", "0.01"];
  const drawn = ["--order", "replacement", "--numeric-class", "split-k", "--data-seed", "9", "--seed", "4"];
  const trained = async (file: string, ...more: string[]): Promise<Buffer> => {
    const path = join(folder, file);
    const quiet = ["--backend", "cpu", "--json", "--save", path];
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const code = await main(["train", ...more, ...quiet], bare);
    vi.restoreAllMocks();
    expect(code).toBe(0);
    return readFileSync(path);
  };

  test("from a checkpoint gives the bits of a training that was never interrupted", async () => {
    const whole = await trained("whole.ckpt", ...task, ...drawn, "--steps", "40");
    await trained("half.ckpt", ...task, ...drawn, "--steps", "17");
    const again = await trained("again.ckpt", "--resume", join(folder, "half.ckpt"), "--steps", "40");
    expect(again).toEqual(whole);
    expect(decodeCheckpoint(again).recipe).toMatchObject({ order: "replacement", numericClass: "split-k" });
    const other = await trained("other.ckpt", ...task, ...drawn, "--data-seed", "10", "--steps", "40");
    expect(other).not.toEqual(whole);
  });
});

test("a training that stops early by its validations is at its own end: judged and tested", async () => {
  let out = "";
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += String(text);
    return true;
  });
  const flags = ["--data", "xor", "--model", "linear 4, tanh, linear 2", "--steps", "300", "--lr", "0.01"];
  const early = [
    "--validate-every",
    "4",
    "--patience",
    "2",
    "--min-delta",
    "0.05",
    "--monitor",
    "accuracy",
    "--keep-best",
  ];
  const code = await main(["train", ...flags, ...early, "--backend", "cpu", "--json"], bare);
  vi.restoreAllMocks();
  expect(code).toBe(0);
  const { steps, winner, recipe } = JSON.parse(out) as RaceResult & { recipe: Record<string, unknown> };
  expect(steps).toBeLessThan(300);
  expect(winner?.test.accuracy).toBeGreaterThan(0);
  expect(recipe).toMatchObject({ validateEvery: 4, patience: 2, minDelta: 0.05, monitor: "accuracy", keepBest: true });
});

test("--headed opens a window, and nothing else does", async () => {
  const seen = join(folder, "flags.txt");
  const path = join(folder, "chrome.mjs");
  const write = `fs.writeFileSync(${JSON.stringify(seen)}, process.argv.join(" "))`;
  writeFileSync(path, `#!/usr/bin/env node\nimport fs from "node:fs";\n${write};\n`, { mode: 0o755 });
  const chrome = () => ({ ...fake, path });
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  for (const [more, headless] of [
    [[], true],
    [["--headed"], false],
  ] as const) {
    const services = { root, chrome, serve: () => Promise.resolve("http://127.0.0.1/"), offer: () => {} };
    expect(await main(["train", "--data", "xor", ...more], services)).toBe(3);
    expect(readFileSync(seen, "utf8").includes("--headless")).toBe(headless);
  }
  vi.restoreAllMocks();
});

/** A user's module: half is right, wrong is not what its reference says. */
const KERNELS = `
import { defineKernel, read, write } from "fall-line";
const wgsl = (factor: string) => \`
const WORKGROUP = 64u;
struct Params { grid: Grid, x: View, y: View, rows: u32, cols: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;
@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32) {
  let at = locate(params.grid, group, groups);
  let quads = (params.cols + 3u) / 4u;
  let i = at.x * WORKGROUP + lane;
  if (!at.inside || i >= params.rows * quads) { return; }
  let row = i / quads;
  let column = i - row * quads;
  let value = \${factor} * x[base(params.x, at) + row * params.x.pitch + column];
  y[base(params.y, at) + row * params.y.pitch + column] = select(vec4f(), value, inside4(column * 4u, params.cols));
}\`;
function make(name: string, factor: string) {
  const each = ({ rows = 0, cols = 0 }, visit: (i: number, j: number) => void) => {
    for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) visit(i, j);
  };
  return defineKernel({
    name,
    wgsl: wgsl(factor),
    params: ["rows", "cols"],
    bindings: ({ rows = 0, cols = 0 }) => ({ x: read(rows, cols), y: write(rows, cols) }),
    threads: ({ rows = 0, cols = 0 }) => [rows * Math.ceil(cols / 4)],
    reference: ({ x, y }, sizes) => each(sizes, (i, j) => y!.set(x!.at(i, j) / 2, i, j)),
    bound: ({ y }, sizes) => each(sizes, (i, j) => y!.allow(0, i, j)),
  });
}
export const half = make("half", "0.5");
export const wrong = make("wrong", "0.51");
export const cases = { half: [{ sizes: { rows: 3, cols: 5 } }, { sizes: { rows: 1, cols: 1 }, runs: 2 }] };
`;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command; `when` is asked at every piece of stderr, and true sends Ctrl-C. */
function command(
  argv: string[],
  options: { env?: NodeJS.ProcessEnv; when?: (err: string) => boolean } = {},
): Promise<Ended> {
  const env = { ...process.env, ...options.env };
  const child = spawn(process.execPath, [join(root, "bin", "fall-line.mjs"), ...argv], { cwd: folder, env });
  let out = "";
  let err = "";
  let pressed = false;
  child.stdout.on("data", (part: Buffer) => {
    out += part.toString();
  });
  child.stderr.on("data", (part: Buffer) => {
    err += part.toString();
    if (pressed || !options.when?.(err)) return;
    pressed = true;
    child.kill("SIGINT");
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err })));
}

test("a scheduled rate goes into the result and is drawn in the report", async () => {
  const flags = ["train", "--data", "xor", "--steps", "40", "--backend", "cpu", "--out", folder, "--name", "scheduled"];
  const words = "warmup 10 (linear)";
  expect(await main([...flags, "--optimizer", "adam lr 0.1", "--schedule", words], bare)).toBe(0);
  const html = readFileSync(join(folder, "scheduled", "report.html"), "utf8");
  expect(html).toMatch(/aria-label="lr against step\. adam 0\.1 from 0 over 0\.1 to 0\.00/);
  expect(readFileSync(join(folder, "scheduled", "recipe.json"), "utf8")).toContain(words);
});

/** The processes whose environment holds a word: what a command started, and what that started. */
function processesWith(word: string): string[] {
  const held = (id: string): boolean => {
    try {
      return readFileSync(join("/proc", id, "environ"), "utf8").includes(word);
    } catch {
      return false;
    }
  };
  return readdirSync("/proc").filter((id) => /^\d+$/.test(id) && held(id));
}

describe("as a process", () => {
  test("trains xor in headless Chrome on WebGPU", { timeout: 180_000 }, async () => {
    const { code, out, err } = await command(["train", "--data", "xor", "--steps", "60", "--json"]);
    expect(err).toContain("adapter");
    expect(code).toBe(0);
    const result = JSON.parse(out) as RaceResult;
    expect(result).toMatchObject({ kind: "train", steps: 60, data: { name: "xor" }, metricName: "accuracy" });
    expect(result.made.browser).toMatch(/^Chrome \d+/);
    expect(result.winner?.test.accuracy).toBeGreaterThan(0.9);
    expect(result.entries[0]?.runs[0]?.loss).toHaveLength(60);
  });

  test("Ctrl-C keeps what was measured and ends with 130", { timeout: 180_000 }, async () => {
    const model = ["--model", "linear 64, tanh, linear 64, tanh, linear 2"];
    const long = ["train", "--data", "xor", "--steps", "400", "--batch", "400", ...model];
    const flags = [...long, "--backend", "cpu", "--out", ".", "--name", "stopped", "--save", "stopped.ckpt"];
    const { code, err } = await command(flags, { when: (text) => text.includes("steps/s") });
    expect(err).toContain("stopping: what was measured is kept");
    expect(code).toBe(130);
    expect(existsSync(join(folder, "stopped.ckpt"))).toBe(true);
    expect(readFileSync(join(folder, "stopped", "runs.csv"), "utf8").split("\n")).toHaveLength(3);
  });

  test("Ctrl-C on WebGPU keeps what was measured and leaves no Chrome", { timeout: 180_000 }, async () => {
    const mark = `fall-line-${process.pid}-${Date.now()}`;
    const long = ["train", "--data", "xor", "--steps", "20000", "--out", ".", "--name", "cut", "--save", "cut.ckpt"];
    const { code, err } = await command(long, {
      env: { FALL_LINE_TEST: mark },
      when: (text) => text.includes("steps/s") && processesWith(mark).length > 1,
    });
    expect(err).toContain("stopping: what was measured is kept");
    expect(code).toBe(130);
    expect(decodeCheckpoint(new Uint8Array(readFileSync(join(folder, "cut.ckpt")))).step).toBeGreaterThan(0);
    expect(readFileSync(join(folder, "cut", "runs.csv"), "utf8").split("\n")).toHaveLength(3);
    await vi.waitFor(() => expect(processesWith(mark)).toEqual([]), 5000);
  });

  test("validates a user's own kernels from another folder", { timeout: 180_000 }, async () => {
    writeFileSync(join(folder, "kernels.ts"), KERNELS);
    const { code, out, err } = await command(["validate", "./kernels.ts", "--json", "--junit", "kernels.xml"]);
    expect(err).toMatch(/half +2 +2/);
    expect(err).toContain("1 of 2 kernels DISAGREE");
    expect(code).toBe(1);
    const { agree, rows } = JSON.parse(out) as { agree: boolean; rows: { kernel: string; agreed: number }[] };
    expect(agree).toBe(false);
    expect(rows.map(({ kernel, agreed }) => [kernel, agreed])).toEqual([
      ["half", 2],
      ["wrong", 0],
    ]);
    expect(readFileSync(join(folder, "kernels.xml"), "utf8")).toContain('failures="1"');
  });

  test("validates a user's own rule: the example of docs/rules.md, and one with a fault", {
    timeout: 180_000,
  }, async () => {
    const text = readFileSync(join(root, "docs", "examples", "quasi_hyperbolic.ts"), "utf8");
    writeFileSync(join(folder, "rule.ts"), text);
    const good = await command(["validate", "./rule.ts"]);
    expect(good.err).toMatch(/quasiHyperbolic: 100 steps +3 +3/);
    expect(good.code).toBe(0);
    writeFileSync(join(folder, "rule.ts"), text.replace("h.rest * u", "h.beta * u"));
    const { code, out, err } = await command(["validate", "./rule.ts", "--json"]);
    expect(err).toMatch(/quasiHyperbolic setting 0, step \d+, number \d: want/);
    expect(code).toBe(1);
    const { rows } = JSON.parse(out) as { rows: { kernel: string; agreed: number; cases: number }[] };
    expect(rows.filter(({ agreed, cases }) => agreed < cases).map(({ kernel }) => kernel)).toEqual([
      "quasiHyperbolic: update",
      "quasiHyperbolic: 100 steps",
    ]);
  });

  test("a Chrome that does not run is an environment's fault", { timeout: 180_000 }, async () => {
    const { code, err } = await command(["train", "--data", "xor"], {
      env: { CHROME_PATH: join(folder, "no-chrome") },
    });
    expect(code).toBe(3);
    expect(err).toContain("CHROME_PATH");
    expect(err).toContain("--backend cpu");
  });
});
