// A user's own files as the command's data: read, refused in words, named by the recipe.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { prepare } from "../../scripts/prepare.mjs";
import { openProject } from "../../scripts/serve.mjs";
import { main } from "../../src/cli/main.ts";
import { root } from "../../scripts/chrome.mjs";
import { isFile, readFiles } from "../../src/cli/files.ts";
import { jobOf } from "../../src/cli/settings.ts";
import { hashParts } from "../../src/core/hash.ts";
import type { RaceResult } from "../../src/report/index.ts";
import { idxPair } from "./support/idx.ts";

const folder = mkdtempSync(join(tmpdir(), "fall-line-"));
afterAll(() => rmSync(folder, { recursive: true }));

function put(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${(i * 3) % 5},${i % 2 ? "wet" : "dry"},${i}`);
const rain = put("rain.csv", `a,b,sky,id\n${rows.join("\n")}\n`);
const packed = put("rain.csv.gz", gzipSync(`a,b,sky,id\n${rows.join("\n")}\n`));
const { images, labels } = idxPair(60, 8, 3);
const pair = [put("images.idx", images), put("labels.idx.gz", gzipSync(labels))] as const;

test("a text names a file, or a set", () => {
  const files = ["rain.csv", "./x", "train-images-idx3-ubyte,train-labels-idx1-ubyte", '"my rain"', "C:\\x y 1"];
  expect(files.map(isFile)).toEqual(files.map(() => true));
  expect(["digits", "xro", "spirals classes 3", "xor, sine", "blobs noise 0.5", ""].map(isFile)).toEqual(
    Array.from({ length: 6 }, () => false),
  );
});

describe("a job of a file", () => {
  test("has the file's hash, its options, and a network that fits it", async () => {
    const job = await jobOf("train", { data: `${rain} target sky ignore id missing drop` });
    const hash = hashParts([Buffer.from(`a,b,sky,id\n${rows.join("\n")}\n`)].map((bytes) => new Uint8Array(bytes)));
    expect(job.data).toEqual({
      name: "rain.csv",
      options: { target: ["sky"], ignore: ["id"], missing: "drop" },
      files: [{ path: rain, hash }],
    });
    expect(job.model.at(-1)).toEqual({ kind: "linear", width: 2 });
    expect(job.loss).toEqual({ kind: "crossEntropy" });
    const regression = await jobOf("train", { data: `${rain} target -1 ignore sky` });
    expect(regression.loss).toEqual({ kind: "meanSquaredError" });
    const bytes = await jobOf("train", { data: pair.join(",") });
    expect(bytes.model).toEqual([{ kind: "linear", width: 64 }, { kind: "relu" }, { kind: "linear", width: 3 }]);
  });

  test("blanks in a path and in a column stand in quotes; lists have commas", () => {
    const path = put("my rain, 2.csv", 'a b,"c,d",y\n1,2,3\n4,5,6\n');
    const { name, options, files } = readFiles(`"${path}" features "a b","c,d" validation 0.5 header true`);
    expect({ name, options }).toEqual({
      name: "my rain, 2.csv",
      options: { features: ["a b", "c,d"], validation: 0.5, header: true },
    });
    expect(files?.[0]?.path).toBe(path);
  });

  test.each([
    ["bad.csv", "a,b,y\n1,2,0\n3,oops,1\n", "", /csv bad\.csv: .*row 3.*column.*b.*oops/],
    ["ragged.csv", "a,b,y\n1,2,0\n3,4\n", "", /csv ragged\.csv: .*row 3/],
    ["holes.csv", "a,b,y\n1,,0\n3,4,1\n", "", /csv holes\.csv: .*row 2.*b/],
    ["plain.csv", "a,b,y\n1,2,0\n3,4,1\n", " target z", /csv plain\.csv: .*z/],
    ["plain.csv", "a,b,y\n1,2,0\n3,4,1\n", " targt y", /"targt" is no option of a file; did you mean target\?/],
    ["plain.csv", "a,b,y\n1,2,0\n3,4,1\n", " header maybe", /header is "maybe", expected true or false/],
    ["plain.csv", "a,b,y\n1,2,0\n3,4,1\n", " missing skip", /missing is "skip", expected error, drop, mean/],
    ["plain.csv", "a,b,y\n1,2,0\n3,4,1\n", " target", /target has no value/],
    ["plain.csv", "a,b,y\n1,2,0\n3,4,1\n", " delimiter dot", /delimiter is "dot", expected comma, semicolon, tab/],
    ["one.idx", "x", "", /is one IDX file, expected images and labels/],
  ])("%s %j%s is refused, and why is said", async (name, text, more, message) => {
    await expect(jobOf("train", { data: put(name, text) + more })).rejects.toThrow(message);
  });

  test("files that are not there, or too many, or no pair", async () => {
    await expect(jobOf("train", { data: "nothing.csv" })).rejects.toThrow(/--data: nothing\.csv cannot be read/);
    await expect(jobOf("train", { data: `${rain},${rain},${rain}` })).rejects.toThrow(/are 3 files, expected one CSV/);
    const short = put("short.idx", idxPair(6, 8, 3).labels);
    await expect(jobOf("train", { data: `${pair[0]},${short}` })).rejects.toThrow("short.idx: it has 6 labels");
  });
});

describe("as it is called", () => {
  let [err, out] = ["", ""];

  beforeEach(() => {
    [err, out] = ["", ""];
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

  const bare = {
    root,
    chrome: () => {
      throw new Error("no Chrome");
    },
    serve: () => Promise.reject(new Error("nothing is served")),
    offer: () => {},
  };
  const flags = ["--steps", "30", "--json", "--out", folder];

  test("trains, names file and hash in the recipe, and refuses a file that has changed since", async () => {
    const cpu = ["--backend", "cpu", ...flags];
    const data = ["--data", `${packed} ignore id target sky standardize true`];
    expect(await main(["train", ...data, ...cpu, "--name", "first"], bare)).toBe(0);
    const first = JSON.parse(out) as RaceResult & { recipe: { data: unknown } };
    expect(first.data).toMatchObject({ name: "rain.csv.gz", train: 48, validation: 6, test: 6 });
    expect(first.recipe.data).toMatchObject({
      files: [{ path: packed, hash: expect.stringMatching(/^[0-9a-f]{16}$/) }],
    });
    const config = join(folder, "first", "recipe.json");
    out = "";
    expect(await main(["train", "--config", config, ...cpu], bare)).toBe(0);
    const again = JSON.parse(out) as RaceResult;
    expect([again.recipeHash, again.lossHash]).toEqual([first.recipeHash, first.lossHash]);
    writeFileSync(packed, gzipSync(`a,b,sky,id\n${rows.slice(1).join("\n")}\n`));
    expect(await main(["train", "--config", config, ...cpu], bare)).toBe(2);
    expect(err).toMatch(
      /data: .*rain\.csv\.gz has the hash \w+, expected the recipe's \w+; train on it as it is by --data/,
    );
  });

  test("a page of Chrome reads the very bytes", { timeout: 180_000 }, async () => {
    const project = await openProject();
    try {
      const services = { ...project.services, chrome: prepare };
      const argv = ["train", "--data", `${pair.join(",")} validation 0.2`, ...flags, "--batch", "16"];
      expect(await main([...argv, "--name", "gpu"], services)).toBe(0);
      const gpu = JSON.parse(out) as RaceResult;
      out = "";
      expect(await main([...argv, "--name", "cpu", "--backend", "cpu"], services)).toBe(0);
      const cpu = JSON.parse(out) as RaceResult;
      expect(gpu.made.browser).toMatch(/^Chrome/);
      expect([gpu.data, gpu.recipeHash]).toEqual([cpu.data, cpu.recipeHash]);
    } finally {
      await project.close();
    }
  });
});
