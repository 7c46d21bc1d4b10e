// The helper functions of shaders/lib, appended to the kernels that name them.
import finite from "../../shaders/lib/finite.wgsl?raw";
import index from "../../shaders/lib/index.wgsl?raw";
import lanes from "../../shaders/lib/lanes.wgsl?raw";
import order from "../../shaders/lib/order.wgsl?raw";
import products from "../../shaders/lib/products.wgsl?raw";
import random from "../../shaders/lib/random.wgsl?raw";
import scalar from "../../shaders/lib/scalar.wgsl?raw";
import step from "../../shaders/lib/step.wgsl?raw";
import tile from "../../shaders/lib/tile.wgsl?raw";
import { withoutComments } from "./source.ts";

const declared = (text: string): string[] =>
  [...withoutComments(text).matchAll(/^(?:fn|struct|const)\s+(\w+)/gm)].map((match) => match[1] as string);

const libOf = (text: string) => ({ text, names: declared(text) });

const libs = [scalar, lanes, tile, products, finite, order, random, step, index].map(libOf);

/** Enters helper functions that only some modules' shaders need, and only their bundles hold. */
export const defineLib = (text: string): void => void libs.unshift(libOf(text));

/** Appends every lib that the text, the hooks to come, or a lib already appended, names and does not declare itself. */
export function withLibs(text: string, hooks: readonly string[] = []): string {
  let result = text;
  const waiting = new Set(libs);
  for (let grew = true; grew; ) {
    grew = false;
    const own = new Set(declared(result));
    const words = new Set(withoutComments([result, ...hooks].join("\n")).match(/\w+/g) ?? []);
    for (const lib of waiting) {
      if (!lib.names.some((name) => words.has(name) && !own.has(name))) continue;
      result += `\n${lib.text}`;
      waiting.delete(lib);
      grew = true;
    }
  }
  return result;
}
