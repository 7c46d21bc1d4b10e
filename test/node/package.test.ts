// The package as its users get it: packed, unpacked into projects of others, and every example run there.
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import type { Browser } from "puppeteer";
import { build, createServer, preview, type Rollup } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import packageJson from "../../package.json?raw";
import { root, verdictFile } from "../../scripts/chrome.mjs";
import { prepare } from "../../scripts/prepare.mjs";
import { launch } from "../../src/cli/chrome.ts";
import { summary } from "../harness/summary.ts";

const run = promisify(execFile);
const LONG = { timeout: 180_000 };

/** Within the checkout, so that vite, puppeteer and typescript are found without a download. */
const parent = join(root, ".cache", "package-test");
let folder = "";
let installed = "";
let files: readonly string[] = [];
let browser: Browser;

/** An example as it lies in the repository, in a folder whose fall-line is the packed one. */
function example(name: string): string {
  const place = join(folder, name);
  cpSync(join(root, "examples", name), place, { recursive: true });
  return place;
}

beforeAll(async () => {
  mkdirSync(parent, { recursive: true });
  folder = mkdtempSync(join(parent, "run-"));
  installed = join(folder, "node_modules", "fall-line");
  mkdirSync(installed, { recursive: true });
  await run("npm", ["run", "build:library"], { cwd: root });
  const packing = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const { stdout } = await run("npm", packing, { cwd: root, maxBuffer: 2 ** 26 });
  const [packed] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[]; size: number }];
  files = packed.files.map(({ path }) => path);
  summary(`package: ${files.length} files, ${(packed.size / 2 ** 20).toFixed(2)} MiB packed`);
  await run("tar", ["-xzf", packed.filename, "-C", installed, "--strip-components=1"], { cwd: folder });
  browser = await launch(prepare());
  // What the probe found, so that the installed command need not probe the same Chrome again.
  cpSync(verdictFile, join(installed, ".cache", "chrome.json"));
}, 180_000);

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a page, lets `act` start it, and waits for its words; fails on any error of the page. */
async function words(url: string, selector: string, pattern: RegExp, act?: string): Promise<string> {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.location().url?.endsWith("/favicon.ico")) errors.push(message.text());
  });
  try {
    await page.goto(url);
    if (act) await page.click(act);
    const find = (of: string, source: string) => new RegExp(source).test(document.querySelector(of)?.textContent ?? "");
    await page.waitForFunction(find, { timeout: 60_000 }, selector, pattern.source).catch(() => {});
    expect(errors).toEqual([]);
    return await page.$eval(selector, (element) => element.textContent ?? "");
  } finally {
    await page.close();
  }
}

const addressOf = (server: { resolvedUrls: { local: string[] } | null }): string => server.resolvedUrls?.local[0] ?? "";
const server = { host: "127.0.0.1", port: 0, watch: null, fs: { allow: [root] } };
const quiet = { configFile: false, logLevel: "error" } as const;

describe("what is packed", () => {
  test("the library, the command and their texts; no tests, caches, results or page", () => {
    for (const path of [
      "LICENSE",
      "README.md",
      "CHANGELOG.md",
      "package.json",
      "bin/fall-line.mjs",
      "dist/fall-line.js",
    ])
      expect(files).toContain(path);
    const wanted =
      /^(LICENSE|README\.md|CHANGELOG\.md|package\.json|(bench|bin|dist\/lib|docs|scripts|shaders|src)\/.*|dist\/fall-line\.js)$/;
    expect(files.filter((path) => !wanted.test(path))).toEqual([]);
    expect(
      files.filter((path) =>
        /\.test\.|(^|\/)(test|results|\.cache|src\/page|node_modules)\/|\.(bin|log|tgz|map)$/.test(path),
      ),
    ).toEqual([]);
  });

  test("every entry of the exports map, with its types; the changelog knows the version; MIT", () => {
    const { exports, bin, version, license } = JSON.parse(packageJson) as {
      exports: Record<string, string | { types: string; default: string }>;
      bin: Record<string, string>;
      version: string;
      license: string;
    };
    expect(Object.keys(exports)).toEqual([".", "./worker", "./node", "./fall-line.js", "./package.json"]);
    const named = Object.values(exports).flatMap((entry) =>
      typeof entry === "string" ? [entry] : Object.values(entry),
    );
    for (const path of [...named, ...Object.values(bin)]) expect(files).toContain(path.replace(/^\.\//, ""));
    expect(readFileSync(join(installed, "CHANGELOG.md"), "utf8")).toContain(`\n## ${version}\n`);
    expect(license).toBe("MIT");
    expect(readFileSync(join(installed, "LICENSE"), "utf8")).toMatch(/^MIT License/);
  });
});

describe("a Vite + TypeScript project", () => {
  test("types are complete, without those of WebGPU or Node", LONG, async () => {
    const place = example("chart");
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    await run(process.execPath, [tsc, "-p", place]).catch(({ stdout }: { stdout: string }) => expect(stdout).toBe(""));
  });

  test("trains in a worker, served for development and built", LONG, async () => {
    const place = example("chart");
    const vite = await createServer({ ...quiet, root: place, server });
    await vite.listen();
    try {
      const told = await words(addressOf(vite), "#status", /^Done|\w+: /, "#run");
      expect(told).toMatch(/^Done: right on validation points, sgd \d+ %, adam \d+ %$/);
    } finally {
      await vite.close();
    }
    await build({ ...quiet, root: place });
    const built = await preview({ ...quiet, root: place, preview: server });
    try {
      expect(await words(addressOf(built), "#status", /^Done|\w+: /, "#run")).toMatch(/^Done: right/);
    } finally {
      await built.close();
    }
    expect(readdirSync(join(place, "dist", "assets")).some((name) => name.startsWith("own_worker"))).toBe(true);
  });
});

test("a bundle from the package holds only what it imports", LONG, async () => {
  const place = join(folder, "small");
  mkdirSync(place);
  const names = "openBackend, train, linear, relu, crossEntropy, adam";
  writeFileSync(join(place, "main.js"), `import { ${names} } from "fall-line"; globalThis.used = [${names}];`);
  const options = { outDir: join(place, "dist"), rolldownOptions: { input: join(place, "main.js") } };
  const result = (await build({ ...quiet, root: place, build: { ...options, write: false } })) as Rollup.RollupOutput;
  const code = result.output.map((part) =>
    part.type === "chunk" && !part.fileName.includes("worker") ? part.code : "",
  );
  const initial = code[result.output.findIndex((part) => part.type === "chunk" && part.isEntry)] ?? "";
  expect(initial).toContain("relu_derivative");
  expect(
    ["tanh_derivative", "squared_error", "spirals", "block_terms"].filter((word) => initial.includes(word)),
  ).toEqual([]);
  summary(`package: an entry that trains is ${(gzipSync(initial).length / 1024).toFixed(1)} KB gzip`);
});

describe("a plain page", () => {
  test("ten lines and one file: xor in a worker made of that file", LONG, async () => {
    const place = example("page");
    cpSync(join(installed, "dist", "fall-line.js"), join(place, "fall-line.js"));
    const plain = await preview({ ...quiet, root: place, build: { outDir: "." }, preview: server });
    try {
      const told = await words(addressOf(plain), "output", /points right/);
      const [, right, of] = /^(\d+) of (\d+) test points right$/.exec(told) ?? [];
      expect(Number(of)).toBeGreaterThan(50);
      expect(Number(right) / Number(of)).toBeGreaterThan(0.9);
    } finally {
      await plain.close();
    }
  });
});

describe("Node", () => {
  test("fall-line/node trains xor in headless Chrome and leaves none", LONG, async () => {
    const place = example("node");
    const { stdout, stderr } = await run(process.execPath, ["train.mjs"], { cwd: place });
    const {
      steps,
      test: score,
      bytes,
    } = JSON.parse(stdout) as { steps: number; test: { accuracy: number }; bytes: number };
    expect(steps).toBe(300);
    expect(score.accuracy).toBeGreaterThan(0.9);
    expect(readFileSync(join(place, "xor.ckpt"))).toHaveLength(bytes);
    expect(stderr).toMatch(/step \d+: loss/);
  });

  test("the workflow's own command validates the example's kernel, and a wrong one fails it", LONG, async () => {
    const place = example("kernel");
    const workflow = readFileSync(join(place, ".github", "workflows", "kernels.yml"), "utf8");
    const [, args = ""] = /run: npx fall-line (validate .*)/.exec(workflow) ?? [];
    const { scripts } = JSON.parse(readFileSync(join(place, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    expect(scripts.validate).toBe(`fall-line ${args}`);
    const command = join(installed, "bin", "fall-line.mjs");
    const spoilt = join(folder, "spoilt");
    cpSync(place, spoilt, { recursive: true });
    const shader = join(spoilt, "swish.wgsl");
    writeFileSync(shader, readFileSync(shader, "utf8").replace("(1.0 + exp", "(1.001 + exp"));
    const [{ stderr }, wrong] = await Promise.all([
      run(process.execPath, [command, ...args.split(" ")], { cwd: place }),
      run(process.execPath, [command, ...args.split(" ")], { cwd: spoilt }).catch((error) => error),
    ]);
    expect(stderr).toContain("1 kernels agree in 4 cases");
    expect(readFileSync(join(place, "kernels.xml"), "utf8")).toContain('tests="1" failures="0"');
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain("1 of 1 kernels DISAGREE");
  });
});
