// A vite plugin for builds: shaders imported as text lose comments, indentation, the spaces around
// punctuation, and line ends but those that declarations are found by. What they compute is untouched.
import { readFile } from "node:fs/promises";

/** @param {string} text */
export const minifyWgsl = (text) =>
  text
    .replace(/\/\/[^\n]*/g, "")
    .split("\n")
    .map((line) => line.trim().replace(/ ?([,;:={}()[\]*/<>|&!^%]) ?/g, "$1"))
    .map((line) => line.replace(/(?<=[\w)\]]) ([+-]) (?=[\w(])/g, "$1"))
    .filter((line) => line !== "")
    .join("\n")
    .replace(/([;{}])\n(?!const|fn|struct|alias|enable|var|@)/g, "$1");

/** @returns {import("vite").Plugin} */
export function wgsl() {
  return {
    name: "wgsl",
    enforce: "pre",
    apply: "build",
    async load(id) {
      if (!id.endsWith(".wgsl?raw")) return undefined;
      const text = await readFile(id.slice(0, -"?raw".length), "utf8");
      return `export default ${JSON.stringify(minifyWgsl(text))};`;
    },
  };
}
