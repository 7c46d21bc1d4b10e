// The rules the code is built by: imports go one way, one place touches the GPU, no file grows without bound.
import { describe, expect, it } from "vitest";
import packageJson from "../../package.json?raw";
import { codeOf, filesOf, importsOf, read } from "./support/sources.ts";

/** From left to right; a file imports from its own layer or from the left. The entry re-exports what is left of it. */
const LAYERS: readonly (readonly string[])[] = [
  ["core"],
  ["kernel"],
  ["graph"],
  ["ops", "activations"],
  ["autodiff.ts"],
  ["nn", "optim"],
  ["scheduler"],
  ["backend"],
  ["data", "train", "validate", "export"],
  ["worker"],
  ["index.ts", "one_file.ts"],
  ["page", "cli", "report"],
];

const sources = [...filesOf("src", ".ts"), ...filesOf("src", ".tsx")];
const familyOf = (path: string): string => path.split("/")[1] as string;
const layerOf = (path: string): number => LAYERS.findIndex((families) => families.includes(familyOf(path)));
const leftOf = (family: string): string[] =>
  sources.filter((path) => layerOf(path) < LAYERS.findIndex((families) => families.includes(family)));

/** Lines with what matches, as file:line, so that a failure says where. */
const hits = (paths: readonly string[], pattern: RegExp): string[] =>
  paths.flatMap((path) =>
    codeOf(path)
      .split("\n")
      .filter((line) => pattern.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  );

describe("imports", () => {
  it("every file belongs to a layer", () => {
    expect(sources.length).toBeGreaterThan(60);
    expect(sources.filter((path) => layerOf(path) < 0)).toEqual([]);
  });

  it("go one way", () => {
    const wrong = sources.flatMap((path) =>
      importsOf(path)
        .filter((to) => to.startsWith("src/") && layerOf(to) > layerOf(path))
        .map((to) => `${path} imports ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  it("are found where they stand: the core's own, a shader's, a dynamic one", () => {
    expect(importsOf("src/ops/add.ts")).toContain("shaders/ops/add.wgsl");
    expect(importsOf("src/ops/add.ts")).toContain("src/graph/node.ts");
    expect(importsOf("src/worker/open.ts")).toContain("src/worker/client.ts");
    expect(
      sources
        .flatMap(importsOf)
        .filter((to) => to.startsWith("src/"))
        .every((to) => sources.includes(to) || !/\.tsx?$/.test(to)),
    ).toBe(true);
  });

  it("name the file with its ending", () => {
    const bare = sources.flatMap((path) =>
      importsOf(path).filter((to) => /^(src|shaders|scripts)\//.test(to) && !/\.\w+$/.test(to)),
    );
    expect(bare).toEqual([]);
  });

  it("of packages: comlink where a worker is spoken to; views and charts in the page; Node and puppeteer in the command alone", () => {
    const packages = sources.flatMap((path) =>
      importsOf(path)
        .filter((to) => !/^(src|shaders|scripts)\//.test(to))
        .map((to) => [familyOf(path), to] as const),
    );
    const allowed: Readonly<Record<string, RegExp>> = {
      worker: /^comlink$/,
      page: /^(comlink|preact(\/hooks)?|@preact\/signals|uplot(\/dist\/uPlot\.min\.css)?|d3-contour)$/,
      cli: /^(node:|puppeteer$|vite$)/,
    };
    expect(packages.filter(([family, to]) => !allowed[family]?.test(to))).toEqual([]);
    const { dependencies } = JSON.parse(packageJson) as { dependencies: Record<string, string> };
    expect(Object.keys(dependencies)).toEqual(["comlink"]);
  });

  it("of cases of kernels: by the validator and by other cases, so that no bundle holds them", () => {
    const wrong = sources
      .filter((path) => !path.endsWith(".cases.ts") && familyOf(path) !== "validate")
      .flatMap((path) =>
        importsOf(path)
          .filter((to) => to.endsWith(".cases.ts"))
          .map((to) => `${path} imports ${to}`),
      );
    expect(wrong).toEqual([]);
  });
});

describe("the GPU", () => {
  it("is unknown left of the backends: they run in plain Node", () => {
    expect(hits(leftOf("backend"), /navigator\s*\??\.\s*gpu|\bGPU[A-Z]\w*|requestAdapter|requestDevice/)).toEqual([]);
  });

  it("objects are made by its backend, and by the validator, which runs kernels as no program would", () => {
    const others = sources.filter((path) => !path.startsWith("src/backend/webgpu/") && familyOf(path) !== "validate");
    const making =
      /\.(createBuffer|createBindGroup\w*|createPipelineLayout|createShaderModule|create(Compute|Render)Pipeline\w*|createCommandEncoder|createQuerySet|createTexture|createSampler|requestAdapter|requestDevice)\s*\(/;
    expect(hits(others, making)).toEqual([]);
  });
});

describe("style", () => {
  it("no default exports", () => {
    expect(hits(sources, /\bexport\s+default\b|\bas\s+default\b/)).toEqual([]);
  });

  it("no any, no enum, no namespace", () => {
    expect(
      hits(
        sources,
        /(:|\bas|<|\|)\s*any\b(?!\w)|\bany\[\]|^\s*(export\s+)?(const\s+)?enum\s|^\s*(export\s+)?namespace\s/,
      ),
    ).toEqual([]);
  });

  it("no file over 300 lines", () => {
    const long = [...sources, ...filesOf("shaders", ".wgsl")].map(
      (path) => [path, read(path).split("\n").length - 1] as const,
    );
    expect(long.filter(([, lines]) => lines > 300)).toEqual([]);
  });

  it("every file says in its first line what it is", () => {
    const silent = [...sources, ...filesOf("shaders", ".wgsl")].filter((path) => !/^(#!.*\n)?\/\/ \S/.test(read(path)));
    expect(silent).toEqual([]);
  });

  it("nothing is left to do, skipped, or printed by the library", () => {
    expect(sources.filter((path) => /\b(TODO|FIXME|XXX|HACK)\b/.test(read(path)))).toEqual([]);
    const library = sources.filter((path) => !["cli", "page"].includes(familyOf(path)));
    expect(hits(library, /\bconsole\.\w+\(/)).toEqual([]);
  });
});
