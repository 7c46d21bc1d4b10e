// shaders/X/y.wgsl belongs to src/X/y.ts: every shader is imported by exactly one module, of its own family.
import { describe, expect, it } from "vitest";
import { kernels } from "../../src/kernel/kernel.ts";
import { filesOf, importsOf, read } from "./support/sources.ts";

import.meta.glob(["../../src/ops/*.ts", "../../src/activations/*.ts", "../../src/optim/*.ts"], { eager: true });

const shaders = filesOf("shaders", ".wgsl");
const sources = filesOf("src", ".ts");
const importers = new Map(
  shaders.map((shader) => [shader, sources.filter((path) => importsOf(path).includes(shader))]),
);
const familyOf = (path: string): string => path.split("/")[1] as string;
const nameOf = (path: string): string => (path.split("/").at(-1) as string).replace(/\.\w+$/, "");

describe("shaders and modules", () => {
  it("there are shaders, named in snake case", () => {
    expect(shaders.length).toBeGreaterThan(30);
    expect(shaders.filter((path) => !/^shaders\/[a-z]+\/[a-z0-9]+(_[a-z0-9]+)*\.wgsl$/.test(path))).toEqual([]);
  });

  it("every shader is imported by exactly one module", () => {
    expect(
      shaders.filter((path) => importers.get(path)?.length !== 1).map((path) => [path, importers.get(path)]),
    ).toEqual([]);
  });

  it("of its own family; the helpers of lib by the kernels' framework, or by a module that enters them in it", () => {
    const wrong = shaders.filter((shader) => {
      const [by = ""] = importers.get(shader) ?? [];
      if (familyOf(shader) !== "lib") return familyOf(by) !== familyOf(shader);
      return by !== "src/kernel/lib.ts" && !/\bdefineLib\(/.test(read(by));
    });
    expect(wrong).toEqual([]);
  });

  it("by the module of its name, where there is one", () => {
    const wrong = shaders.filter((shader) => {
      const own = `src/${familyOf(shader)}/${nameOf(shader)}.ts`;
      return sources.includes(own) && importers.get(shader)?.[0] !== own;
    });
    expect(wrong).toEqual([]);
  });

  it("every shader that a module names is there", () => {
    const named = sources.flatMap(importsOf).filter((path) => path.endsWith(".wgsl"));
    expect(named.filter((path) => !shaders.includes(path))).toEqual([]);
  });

  it("every whole kernel is declared under the name of its file, with that text", () => {
    const whole = shaders.filter((path) => /@compute\b/.test(read(path)) && ["ops", "optim"].includes(familyOf(path)));
    expect(whole.map(nameOf).toSorted()).toEqual([...kernels.keys()].toSorted());
    for (const path of whole) expect(kernels.get(nameOf(path))?.wgsl).toBe(read(path));
  });

  it("one name is one thing: no two shaders share it", () => {
    const names = shaders.filter((path) => familyOf(path) !== "lib").map(nameOf);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
});
