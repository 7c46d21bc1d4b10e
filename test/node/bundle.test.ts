// What a page pays for the engine: the bundle of an entry that trains a small classifier.
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { build, type Rollup } from "vite";
import { expect, test } from "vitest";
import { wgsl } from "../../scripts/wgsl.mjs";
import { summary } from "../harness/summary.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The minified text a page loads before it trains: all that the entry imports statically, as one chunk. */
async function bundle(names: readonly string[]): Promise<string> {
  const id = "virtual:entry";
  const result = await build({
    root,
    configFile: false,
    logLevel: "silent",
    plugins: [
      wgsl(),
      {
        name: "entry",
        resolveId: (source) => (source === id ? `\0${id}` : undefined),
        load: (source) =>
          source === `\0${id}`
            ? `import { ${names.join(", ")} } from ${JSON.stringify(`${root}src/index.ts`)};\nglobalThis.used = [${names.join(", ")}];`
            : undefined,
      },
    ],
    build: {
      write: false,
      minify: true,
      target: "es2023",
      rolldownOptions: { input: id, output: { codeSplitting: { groups: [{ name: "entry", tags: ["$initial"] }] } } },
    },
  });
  const outputs = (Array.isArray(result) ? result : [result]) as Rollup.RollupOutput[];
  const chunks = outputs.flatMap(({ output }) => output.filter((part) => part.type === "chunk"));
  const loaded = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  for (const name of loaded)
    for (const next of chunks.find(({ fileName }) => fileName === name)?.imports ?? []) loaded.add(next);
  return chunks
    .filter(({ fileName }) => loaded.has(fileName))
    .map(({ code }) => code)
    .join("\n");
}

/**
 * Vite's own loader of what is imported on demand is in it. What chains in parts, clipping, AMSGrad, evaluation, the CPU and its
 * references, tuning tables with their tiles and passes, Params as constants and schedules that follow losses need is out of it, loaded by
 * those that do.
 */
const MOST_BYTES = 40 * 1024;

test("an entry with train, linear, relu, crossEntropy, adam takes at most 40 KB gzip", async () => {
  const code = await bundle(["openBackend", "train", "linear", "relu", "crossEntropy", "adam"]);
  const bytes = gzipSync(code).length;
  summary(`bundle: ${(bytes / 1024).toFixed(1)} KB (${bytes}) gzip for train, linear, relu, crossEntropy, adam`);
  expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
});

test("a bundle holds only the layers, losses and rules it imports", async () => {
  const code = await bundle(["train", "linear", "relu", "crossEntropy", "adam"]);
  const unused = ["tanh_derivative", "gelu_derivative", "target_loss", "residual:", "spirals"];
  // Of adam's own: what only clipping, amsgrad and chains in parts need is loaded for them.
  unused.push("block_terms", "struct ClipByGlobalNorm", "struct Amsgrad");
  // What only references play, software adapters' tuning table names, or a loss takes whose mean is read.
  unused.push("struct Quad", "a_frame(k / 4u))[", "term(value: f32)", "segment_sums", "spread");
  unused.push("masked_a", "random_gaussian", "stable_tanh", "const params = Params");
  expect(["relu_derivative", ...unused].filter((word) => code.includes(word))).toEqual(["relu_derivative"]);
});
