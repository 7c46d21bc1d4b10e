// What the Train view takes away and brings back, in headless Chrome: each file read by a reader of its own.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ElementHandle, Page } from "puppeteer";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { decodeSafetensors } from "../../src/export/safetensors.ts";
import { startOfSeed, toSafetensors } from "../../src/export/weights.ts";
import { linear, tanh } from "../../src/index.ts";
import { decodeCheckpoint } from "../../src/train/checkpoint.ts";
import { catchFiles, pictures, Site, textOf, untilText } from "./support/page.ts";

let site: Site;
let page: Page;
let folder: string;
/** Caught by name. */
let saved: () => Promise<Readonly<Record<string, string>>>;

const HASH = "#v=1&data=xor&data.count=200&hidden=linear+6,+tanh&optimizer=momentum&lr=0.05&steps=40&batch=16&seed=3";
const MODEL = [linear(6), tanh(), linear(2)];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "fall-line-"));
  site = await Site.open("export");
  page = await site.page(HASH);
  await page.waitForSelector("#run");
  await page.waitForFunction(() => /Adapter/.test(document.getElementById("adapter")?.textContent ?? ""));
  saved = await catchFiles(page);
  await page.click("#panel-files summary");
  await page.waitForSelector("#ten-lines");
});

afterAll(async () => {
  await site?.close();
  rmSync(folder, { recursive: true });
});

afterEach(() => {
  expect(site.errors).toEqual([]);
});

const finished = (): Promise<unknown> =>
  page.waitForFunction(() => document.documentElement.dataset.phase === "finished", { timeout: 30_000 });

async function save(id: string, name: string): Promise<string> {
  await page.$eval(`#${id}`, (button) => (button as HTMLButtonElement).click());
  for (let i = 0; i < 100; i++) {
    const file = (await saved())[name];
    if (file !== undefined) return file;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`page: ${name} was not saved; ${await textOf(page, "files-error")}`);
}

const bytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, "base64"));

/** Gives the page a file to bring back. */
async function bring(name: string, content: Uint8Array): Promise<void> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const input = (await page.$("#bring")) as ElementHandle<HTMLInputElement> | null;
  await input?.uploadFile(path);
}

const phase = (wanted: string): Promise<unknown> =>
  page.waitForFunction((name) => document.documentElement.dataset.phase === name, { timeout: 30_000 }, wanted);

describe("files of a run", () => {
  test("before it there are the recipe, the code and PyTorch's files", async () => {
    const disabled = await page.$$eval("#panel-files button[disabled]", (all) => all.map(({ id }) => id));
    expect(disabled).toEqual(["save-csv", "save-json", "save-checkpoint", "save-weights"]);
    const code = await textOf(page, "ten-lines");
    expect(code.trimEnd().split("\n")).toHaveLength(10);
    expect(code).toContain("data: xor({ count: 200 }),");
    expect(code).toContain("model: [linear(6), tanh(), linear(2)],");
    expect(code).toContain("optimizer: sgd({ lr: 0.05, momentum: 0.9 }),");
    expect(code).toContain("batch: 16, steps: 40, seed: 3,");
    const script = await save("save-script", "train.py");
    expect(script).toContain("nn.Linear(2, 6),\n    nn.Tanh(),\n    nn.Linear(6, 2),");
    expect(script).toContain("torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)");
    const start = decodeSafetensors(bytes(await save("save-start", "start.safetensors")));
    expect(start.tensors.map(({ name }) => name)).toEqual(["0.bias", "0.weight", "2.bias", "2.weight"]);
    const data = decodeSafetensors(bytes(await save("save-data", "data.safetensors")));
    const shapes = Object.fromEntries(data.tensors.map(({ name, shape }) => [name, shape]));
    expect(shapes).toEqual({ x: [160, 2], y: [160], rows: [40, 16] });
  });

  test("numbers as CSV and JSON, the recipe with its hash, weights and a checkpoint of the end", async () => {
    await page.click("#run");
    await finished();
    const hash = await textOf(page, "recipe-hash");
    const csv = (await save("save-csv", "training.csv")).trimEnd().split("\n");
    expect(csv[0]).toBe("step,split,loss,accuracy,seconds");
    const rows = csv.slice(1).map((row) => row.split(","));
    const steps = rows.filter(([, split]) => split === "train");
    expect(steps.map(([step]) => Number(step))).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(rows.at(-1)?.slice(0, 2)).toEqual(["40", "test"]);
    const json = JSON.parse(await save("save-json", "training.json"));
    expect(json.loss.map(String)).toEqual(steps.map((row) => row[2]));
    expect(json).toMatchObject({ recipeHash: hash, lossHash: await textOf(page, "loss-hash") });
    const recipe = JSON.parse(await save("save-recipe", "recipe.json"));
    expect(recipe).toMatchObject({ command: "train", recipeHash: hash, batch: 16, steps: 40, seeds: [3] });
    const checkpoint = decodeCheckpoint(bytes(await save("save-checkpoint", "training.checkpoint")));
    expect(checkpoint.step).toBe(40);
    const weights = decodeSafetensors(bytes(await save("save-weights", "weights.safetensors")));
    expect(weights.metadata).toMatchObject({ format: "pt", step: "40" });
    const ours = checkpoint.sections.find(({ name }) => name === "run0/layer1.w");
    const theirs = weights.tensors.find(({ name }) => name === "0.weight");
    expect(theirs?.shape).toEqual([6, 2]);
    // [in, out] there, [out, in] here.
    expect([...(ours?.data ?? [])]).toEqual(
      [0, 1].flatMap((i) => [0, 1, 2, 3, 4, 5].map((o) => theirs?.data[2 * o + i])),
    );
    await pictures(page, "files");
  });

  test("a chart as PNG, SVG and CSV", async () => {
    for (const kind of ["PNG", "SVG", "CSV"]) await page.click(`button[aria-label="Save Loss as ${kind}"]`);
    await page.waitForFunction(() => "loss.png" in (globalThis as unknown as { caughtFiles: object }).caughtFiles);
    const files = await saved();
    const png = bytes(files["loss.png"] ?? "");
    expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
    const { width, height } = await page
      .$eval(".curves canvas", (canvas) => canvas as HTMLCanvasElement)
      .then(() => ({
        width: new DataView(png.buffer, png.byteOffset).getUint32(16),
        height: new DataView(png.buffer, png.byteOffset).getUint32(20),
      }));
    expect(width).toBeGreaterThan(300);
    expect(height).toBeGreaterThan(200);
    expect(files["loss.svg"]).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(files["loss.csv"]?.split("\n").length).toBeGreaterThan(40);
  });
});

describe("files brought back", () => {
  test("weights begin another training: its first loss is theirs, not the seed's", async () => {
    const usual = JSON.parse(await save("save-json", "training.json")).loss[0];
    const parameters = startOfSeed(MODEL, 2, 99);
    await bring("other.safetensors", toSafetensors(parameters, { model: MODEL, features: 2 }));
    await phase("paused");
    await page.click("#step");
    await untilText(page, "at", "^1 / 40");
    await page.evaluate(() => {
      (globalThis as unknown as { caughtFiles: Record<string, unknown> }).caughtFiles = Object.create(null);
    });
    saved = await catchFiles(page);
    const json = JSON.parse(await save("save-json", "training.json"));
    expect(json.loss).toHaveLength(1);
    expect(json.loss[0]).not.toBe(usual);
    const weights = decodeSafetensors(bytes(await save("save-weights", "weights.safetensors")));
    // One step of 0.05 from where the file began: far nearer to it than to any other start.
    const first = weights.tensors.find(({ name }) => name === "2.bias")?.data[0] as number;
    expect(Math.abs(first - (parameters.get("layer3.b")?.[0] as number))).toBeLessThan(0.05);
  });

  test("a checkpoint goes on from its step to the same end, bit for bit", async () => {
    await page.click("#reset");
    await phase("ready");
    await page.click("#run");
    await finished();
    const whole = await page.$eval("#loss-hash", (code) => code.textContent);
    saved = await catchFiles(page);
    const end = bytes(await save("save-weights", "weights.safetensors"));
    await page.click("#reset");
    await phase("ready");
    for (let i = 0; i < 3; i++) {
      await page.click("#step");
      await untilText(page, "at", `^${i + 1} / 40`);
    }
    saved = await catchFiles(page);
    const checkpoint = bytes(await save("save-checkpoint", "training.checkpoint"));
    expect(decodeCheckpoint(checkpoint).step).toBe(3);
    await page.click("#reset");
    await phase("ready");
    await bring("training.checkpoint", checkpoint);
    await phase("paused");
    await untilText(page, "at", "^3 / 40");
    await page.click("#run");
    await finished();
    saved = await catchFiles(page);
    const again = decodeSafetensors(bytes(await save("save-weights", "weights.safetensors")));
    expect(again.tensors).toEqual(decodeSafetensors(end).tensors);
    expect(whole).toMatch(/^[0-9a-f]{16}$/);
  });

  test("broken files and other networks' are refused in words, and nothing is changed", async () => {
    const told = (pattern: string): Promise<unknown> => untilText(page, "files-error", pattern);
    await bring(
      "noise.safetensors",
      Uint8Array.from({ length: 64 }, (_, i) => 200 - i),
    );
    await told("safetensors: a header of \\d+ bytes in a file of 64");
    const small = [linear(5), tanh(), linear(2)];
    await bring("small.safetensors", toSafetensors(startOfSeed(small, 2, 1), { model: small, features: 2 }));
    await told("0.weight is \\[5, 2\\], the model's is \\[6, 2\\]");
    const checkpoint = bytes(await save("save-checkpoint", "training.checkpoint"));
    await bring("end.checkpoint", checkpoint);
    await told("it is at step 40 of 40; set more steps");
    const flipped = checkpoint.slice();
    flipped[40] = (flipped[40] as number) ^ 1;
    await bring("flipped.checkpoint", flipped);
    await told("the header's checksum is wrong");
    expect(await page.evaluate(() => document.documentElement.dataset.phase)).toBe("finished");
  });
});
