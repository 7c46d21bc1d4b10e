// A person's own images through the page's file dialog, a network with dropout and layer norm, and the command given the same recipe.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import type { ElementHandle, Page } from "puppeteer";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { root } from "../../scripts/chrome.mjs";
import type { RaceResult } from "../../src/report/index.ts";
import { idxPair } from "./support/idx.ts";
import { catchFiles, Site, textOf, untilText } from "./support/page.ts";

let site: Site;
let folder: string;
let page: Page;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "fall-line-"));
  site = await Site.open("own");
});

afterEach(async () => {
  await page.close();
  expect(site.errors).toEqual([]);
});

afterAll(async () => {
  await site?.close();
  rmSync(folder, { recursive: true });
});

async function open(hash: string): Promise<void> {
  page = await site.page(hash);
  await page.waitForFunction(() => /Adapter/.test(document.getElementById("adapter")?.textContent ?? ""));
}

async function trained(): Promise<void> {
  await page.click("#run");
  await page.waitForFunction(() => ["finished", "failed"].includes(document.documentElement.dataset.phase ?? ""), {
    timeout: 60_000,
  });
  expect(await textOf(page, "error").catch(() => "")).toBe("");
}

describe("own data and every layer", { timeout: 180_000 }, () => {
  test("an IDX pair through the file dialog, one file packed, is read and trained on", async () => {
    const { images, labels } = idxPair(60, 8, 3);
    const paths = [join(folder, "train-images-idx3-ubyte"), join(folder, "train-labels-idx1-ubyte.gz")] as const;
    writeFileSync(paths[0], images);
    writeFileSync(paths[1], gzipSync(labels));
    await open("#train?v=1&steps=120");
    const input = (await page.$("#own-file")) as ElementHandle<HTMLInputElement>;
    await input.uploadFile(...paths);
    await page.waitForSelector("#own-use");
    await page.click("#own-use");
    await untilText(
      page,
      "own-facts",
      "60 rows of 64 numbers, 3 classes; 48 to train, 6 for validation, 6 for the test",
    );
    await trained();
    // A bright band of rows a class: any network tells them apart.
    expect(await textOf(page, "test")).toBe("100.0 %");
  });

  test("dropout and layer norm train in the page, and a link with them is the run", async () => {
    const hidden = "linear+16,+layerNorm,+relu,+dropout+0.2";
    const losses: string[] = [];
    for (const rate of ["0.2", "0.2", "0.3"]) {
      await open(`#train?v=1&data=blobs&hidden=${hidden.replace("0.2", rate)}&steps=80`);
      await page.waitForFunction(
        (wanted) => [...document.querySelectorAll("#layers th")].map((at) => at.textContent).join() === wanted,
        {},
        "linear,layerNorm,relu,dropout,linear",
      );
      await trained();
      expect(Number.parseFloat(await textOf(page, "test"))).toBeGreaterThan(60);
      losses.push(await textOf(page, "loss-hash"));
      if (losses.length < 3) await page.close();
    }
    expect(losses[1]).toBe(losses[0]);
    expect(losses[2]).not.toBe(losses[0]);
  });

  test("the command gives a link's losses, to the last bit, by the recipe the page saves", async () => {
    const hidden = "linear+8,+layerNorm,+tanh,+dropout+0.1";
    await open(`#train?v=1&data=moons&data.count=300&hidden=${hidden}&optimizer=adamw&schedule=cosine&steps=60&seed=5`);
    await trained();
    const hashes = { recipeHash: await textOf(page, "recipe-hash"), lossHash: await textOf(page, "loss-hash") };
    const saved = await catchFiles(page);
    await page.click("#panel-files summary");
    await page.waitForSelector("#save-recipe");
    await page.$eval("#save-recipe", (button) => (button as HTMLButtonElement).click());
    const recipe = join(folder, "recipe.json");
    writeFileSync(recipe, (await saved())["recipe.json"] ?? "");
    const command = join(root, "bin", "fall-line.mjs");
    const { stdout } = await promisify(execFile)(process.execPath, [command, "train", "--config", recipe, "--json"]);
    const { recipeHash, lossHash } = JSON.parse(stdout) as RaceResult;
    expect({ recipeHash, lossHash }).toEqual(hashes);
  });
});
