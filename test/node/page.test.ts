// The Train view in headless Chrome, from the development server: keyboard, numbers, links, files, a lost device, a phone's width,
// and a browser without WebGPU.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "puppeteer";
import { createServer, type ViteDevServer } from "vite";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { root } from "../../scripts/chrome.mjs";
import { prepare } from "../../scripts/prepare.mjs";
import { launch } from "../../src/cli/chrome.ts";

const chrome = prepare();
const artifacts = join(root, "artifacts");
let vite: ViteDevServer;
let address: string;
let browser: Browser;
/** Most tests share one page: another hash is another start. */
let page: Page;
/** Its console errors, exceptions and answers other than success. */
const errors: string[] = [];

async function open(of: Browser, hash: string): Promise<Page> {
  const opened = await of.newPage();
  opened.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  opened.on("pageerror", (error) => errors.push(String(error)));
  opened.on("response", (response) => {
    if (response.status() >= 400) errors.push(`${response.status()} ${response.url()}`);
  });
  await opened.setViewport({ width: 1200, height: 800 });
  await opened.goto(address + hash);
  await adapter(opened);
  return opened;
}

const adapter = (of: Page): Promise<unknown> =>
  of.waitForFunction(() => /^(Adapter|No WebGPU)/.test(document.getElementById("adapter")?.textContent ?? ""));

/** Another hash in the same page, from the keyboard's start. */
async function visit(hash: string): Promise<void> {
  await page.bringToFront();
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.evaluate(() => {
    location.hash = "#train?v=1&data=xor&steps=1";
  });
  await page.waitForFunction(() => document.getElementById("at")?.textContent === "0 / 1");
  await page.evaluate((wanted) => {
    location.hash = wanted;
  }, hash);
  await page.waitForFunction(
    () =>
      document.getElementById("at")?.textContent?.startsWith("0 / ") &&
      document.getElementById("at")?.textContent !== "0 / 1",
  );
}

beforeAll(async () => {
  mkdirSync(artifacts, { recursive: true });
  const server = { port: 0, host: "127.0.0.1", watch: null };
  const cacheDir = join(root, ".cache", "vite-page");
  vite = await createServer({ root, server, cacheDir, configFile: join(root, "vite.config.ts"), logLevel: "error" });
  await vite.listen();
  const at = vite.httpServer?.address();
  if (!at || typeof at === "string") throw new Error("page: the development server has no port");
  address = `http://127.0.0.1:${at.port}/`;
  browser = await launch(chrome);
  page = await open(browser, "#train?v=1");
});

afterAll(async () => {
  await browser?.close();
  await vite?.close();
});

afterEach(() => {
  expect(errors).toEqual([]);
});

const text = (page: Page, id: string): Promise<string> => page.$eval(`#${id}`, (element) => element.textContent ?? "");

const value = (page: Page, id: string): Promise<string> =>
  page.$eval(`#${id}`, (element) => (element as HTMLInputElement | HTMLSelectElement).value);

/** Types into a field as a person does: all of it anew, then on to the next. */
async function type(id: string, words: string): Promise<void> {
  await page.focus(`#${id}`);
  await page.$eval(`#${id}`, (field) => (field as HTMLInputElement).select());
  await page.keyboard.type(words);
  await page.keyboard.press("Tab");
}

/** Steps done, as the page shows them. */
const steps = async (page: Page): Promise<number> =>
  Number((await text(page, "at")).split(" / ")[0]?.replaceAll(",", ""));

const phase = (page: Page, wanted: string): Promise<unknown> =>
  page.waitForFunction((name) => document.documentElement.dataset.phase === name, { timeout: 25_000 }, wanted);

const status = (page: Page, start: string): Promise<unknown> =>
  page.waitForFunction(
    (words) => document.getElementById("status")?.textContent?.startsWith(words),
    { timeout: 20_000 },
    start,
  );

const shoot = (of: Page, name: string): Promise<unknown> =>
  of.screenshot({ path: join(artifacts, `${name}.png`), fullPage: true });

/** Runs a link in a fresh page to its end: the fingerprints of recipe and losses. */
async function run(hash: string): Promise<{ recipe: string; losses: string }> {
  const fresh = await open(browser, hash);
  await fresh.keyboard.press("Space");
  await phase(fresh, "finished");
  const found = { recipe: await text(fresh, "recipe-hash"), losses: await text(fresh, "loss-hash") };
  await fresh.close();
  return found;
}

// Pages are opened anew in many tests, and a busy machine takes its time for that.
describe("page", { timeout: 120_000 }, () => {
  test("names its adapter, model and memory before anything runs", async () => {
    const { vendor, software } = chrome.adapter;
    expect(await text(page, "adapter")).toContain(vendor);
    expect((await text(page, "adapter")).includes("software")).toBe(software);
    expect(await text(page, "total")).toBe("1,218");
    expect(await text(page, "memory")).toMatch(/parameters, .* KiB; optimizer state .* KiB; activations/);
    expect(
      await page.$$eval("canvas[role=img], [role=img]", (all) => all.every((one) => one.getAttribute("aria-label"))),
    ).toBe(true);
    const ids = await page.$$eval("[id]", (all) => all.map(({ id }) => id));
    expect(ids.filter((id, i) => ids.indexOf(id) < i)).toEqual([]);
    await shoot(page, "light");
  });

  test("every control is reached by the Tab key, in order, with a ring about it", async () => {
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    const all = await page.$$eval("main button:not(:disabled), main input, main select, main summary", (found) =>
      found
        .filter((one) => (one as HTMLElement).checkVisibility())
        .map((one) => one.id || (one.textContent ?? "").trim()),
    );
    const seen: string[] = [];
    for (let i = 0; i < all.length + 30 && seen.at(-1) !== all.at(-1); i++) {
      await page.keyboard.press("Tab");
      const [name, inside, ring] = await page.evaluate(() => {
        const at = document.activeElement as HTMLElement;
        const control = at.matches("main :is(button, input, select, summary)");
        return [at.id || (at.textContent ?? "").trim(), control, getComputedStyle(at).outlineWidth] as const;
      });
      if (inside) {
        seen.push(name);
        expect(ring, name).toBe("3px");
      }
    }
    expect(seen).toEqual(all);
    expect(seen.slice(0, 5)).toEqual(["run", "step", "reset", "preset", "data"]);
  });

  test("as it opens by a link, one key makes something move", async () => {
    const fresh = await open(browser, "#train?v=1");
    await fresh.keyboard.press("Space");
    await fresh.waitForFunction(() => !document.getElementById("at")?.textContent?.startsWith("0 /"));
    await fresh.close();
  });

  test("Space trains spirals to a falling loss and pauses, . steps, r resets", async () => {
    await visit("#train?v=1&steps=4000");
    await page.keyboard.press("Space");
    await page.waitForFunction(() => Number(document.getElementById("loss")?.textContent) < 0.3, { timeout: 20_000 });
    await page.keyboard.press("Space");
    await status(page, "Paused: step");
    const paused = await steps(page);
    expect(await text(page, "run")).toBe("Resume");
    await page.keyboard.press(".");
    await page.waitForFunction(
      (more) => document.getElementById("at")?.textContent?.startsWith(more),
      {},
      (paused + 1).toLocaleString("en-US"),
    );
    expect(Number.parseFloat(await text(page, "validation"))).toBeGreaterThan(70);
    await page.keyboard.press("Space");
    await page.waitForFunction(
      (least) => Number(document.getElementById("at")?.textContent?.split(" / ")[0]?.replaceAll(",", "")) > least + 1,
      {},
      paused,
    );
    await page.keyboard.press("r");
    await phase(page, "ready");
    expect(await steps(page)).toBe(0);
    expect(await text(page, "loss")).toBe("–");
  });

  test("step prepares and does one step; a run ends with the test accuracy; keys can be turned off", async () => {
    await visit("#train?v=1&data=blobs&optimizer=sgd&steps=40");
    await page.keyboard.press(".");
    await page.waitForFunction(() => document.getElementById("at")?.textContent === "1 / 40");
    await page.click("#run");
    await phase(page, "finished");
    expect(await text(page, "status")).toMatch(/^Finished: test accuracy \d+\.\d % on 100 rows, 40 steps in/);
    expect(Number.parseFloat(await text(page, "test"))).toBeGreaterThan(90);
    await page.click(".keys summary");
    await page.click("#shortcuts");
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.keyboard.press("r");
    expect(await page.evaluate(() => document.documentElement.dataset.phase)).toBe("finished");
    await page.click("#shortcuts");
    await page.click(".keys summary");
  });

  test("charts have their numbers as a table and are read by the arrow keys; axes and smoothing change", async () => {
    const chart = ".curve-loss .plot";
    await page.focus(chart);
    await page.keyboard.press("End");
    await page.waitForFunction(() =>
      /^steps \d+: /.test(document.querySelector(".curve-loss .reading")?.textContent ?? ""),
    );
    const last = await page.$eval(".curve-loss .reading", (at) => at.textContent);
    await page.keyboard.press("Home");
    await page.waitForFunction(
      (other) => document.querySelector(".curve-loss .reading")?.textContent !== other,
      {},
      last,
    );
    await page.waitForFunction(() => document.querySelectorAll(".curve-loss table tbody tr").length > 5);
    expect(await page.$$eval(".curve-loss table tbody tr", (rows) => rows.length)).toBeLessThanOrEqual(50);
    for (const across of ["samples", "seconds"]) {
      await page.select("#across", across);
      await page.waitForFunction(
        (name) => document.querySelector(".curve-loss thead th")?.textContent === name,
        {},
        across,
      );
    }
    await page.focus("#smoothing");
    await page.keyboard.press("Home");
    await page.waitForFunction(
      () =>
        document.querySelector(".curve-loss .legend")?.textContent?.includes("training") &&
        !document.querySelector(".curve-loss .legend")?.textContent?.includes("smoothed"),
    );
    await page.click("#across-log");
    await page.select("#loss-scale", "linear");
    await page.select("#across", "steps");
    await page.click("#across-log");
    await page.keyboard.press("Escape");
  });

  test("settings by keyboard alone: layers, a hyperparameter, a schedule, a chain; the address follows", async () => {
    await visit("#train?v=1");
    await page.focus("#layer2-remove");
    await page.keyboard.press("Enter");
    await type("layer1-width", "12");
    await page.select("#layer-add", "residual");
    expect(await value(page, "layer4-1-width")).toBe("32");
    await page.focus("#layer4-up");
    await page.keyboard.press("Enter");
    expect(await value(page, "layer3-kind")).toBe("residual");
    await page.select("#optimizer", "adamw");
    await page.$eval("#hyper-adam-beta1", (at) => {
      (at.closest("details") as HTMLDetailsElement).open = true;
    });
    await type("hyper-adam-beta1", "0.8");
    await page.$eval("#schedule", (at) => {
      (at.closest("details") as HTMLDetailsElement).open = true;
    });
    await page.select("#schedule", "cosine");
    await type("warmup", "20");
    await page.waitForSelector(".schedule .line");
    const hash = new URL(page.url()).hash;
    expect(hash).toBe(
      "#train?v=1&hidden=linear+12,+linear+32,+residual+(linear+32,+relu),+tanh&optimizer=adamw&adam.beta1=0.8&schedule=cosine&warmup=20",
    );
    await page.select("#optimizer", "chain");
    await page.select("#chain-add", "clipByValue");
    expect(new URL(page.url()).hash).toContain("optimizer=chain&chain=adam,+weightDecay,+clipByValue,+descend");
    await page.reload();
    await adapter(page);
    expect(await value(page, "layer3-kind")).toBe("residual");
    expect(await value(page, "warmup")).toBe("20");
    await type("lr", "much");
    expect(await text(page, "lr-wrong")).toBe("Learning rate: expected a number from 1e-7 to 10000");
    expect(await page.$eval("#lr", (at) => at.getAttribute("aria-invalid"))).toBe("true");
  });

  test("what the address cannot mean is told; settings that make no network are told in words", async () => {
    await visit("#train?v=1&data=moons&optimizer=sgd&lr=0.25&seed=9&batch=abc&colour=red");
    expect(await text(page, "notes")).toContain(
      'Batch: expected a whole number from 1 to 8192; 32 is used; "colour" is no setting',
    );
    expect(await Promise.all(["data", "optimizer", "lr", "seed"].map((id) => value(page, id)))).toEqual([
      "moons",
      "sgd",
      "0.25",
      "9",
    ]);
    await type("batch", "8000");
    expect(await text(page, "wrong")).toContain("there are 800 training rows");
    await page.click("#run");
    expect(await text(page, "error")).toContain("there are 800 training rows");
  });

  test("a link is the run: the same losses anew, and those of the library for the same recipe", async () => {
    const hash =
      "#train?v=1&data=moons&data.count=300&hidden=linear+8,+tanh&optimizer=adamw&adam.beta1=0.8&schedule=cosine&steps=60&seed=5";
    const [first, second] = [await run(hash), await run(hash)];
    expect(second).toEqual(first);
    expect((await run(hash.replace("seed=5", "seed=6"))).losses).not.toBe(first.losses);
    // As text: vite would make the import one of Node's.
    const library = await page.evaluate(`(async () => {
      const { openBackend, train, moons, linear, tanh, crossEntropy, adamw, cosine, lossHash } = await import("/src/index.ts");
      const backend = await openBackend();
      const run = train(backend, {
        data: moons({ count: 300 }), model: [linear(8), tanh(), linear(2)], loss: crossEntropy(),
        optimizer: adamw({ lr: cosine(0.01, 60), beta1: 0.8 }), batch: 32, steps: 60, seed: 5,
      });
      const losses = [];
      for await (const { loss } of run) losses.push(loss);
      const { hash: recipe } = await run.recipe();
      await run.close();
      backend.close();
      return { recipe, losses: lossHash(Float64Array.from(losses)) };
    })()`);
    expect(library).toEqual(first);
  });

  test("panels: layers, weights, confusion, a digit drawn by keys, plan and profile; dark", async () => {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
    await visit("#train?v=1&data=digits&batch=32&hidden=linear+16,+relu&steps=60");
    for (const panel of ["pad", "layers", "weights", "confusion", "plan"]) {
      await page.focus(`#panel-${panel} > summary`);
      await page.keyboard.press("Enter");
    }
    await page.click("#run");
    await phase(page, "finished");
    expect(await text(page, "error").catch(() => "")).toBe("");
    expect(Number.parseFloat(await text(page, "test"))).toBeGreaterThan(20);
    expect(await page.$("#surface-chart")).toBeNull();
    await page.waitForFunction(() => document.querySelectorAll(".matrix tbody tr").length === 10);
    const counted = await page.$$eval(".matrix td", (cells) =>
      cells.reduce((sum, cell) => sum + (Number(cell.textContent) || 0), 0),
    );
    expect(counted).toBe(1000);
    await page.waitForSelector(".mistakes canvas");
    await page.waitForSelector("#weights-chart");
    expect(await page.$eval(".dead tbody th", (at) => at.textContent)).toBe("layer2.relu");
    await page.focus("#pad");
    await page.keyboard.press("Space");
    for (let i = 0; i < 12; i++) await page.keyboard.press("ArrowDown");
    await page.waitForSelector("#pad-answer");
    expect(await text(page, "pad-answer")).toMatch(/^It takes this for \d, \d+\.\d % sure/);
    expect(await page.evaluate(() => document.documentElement.dataset.phase)).toBe("finished");
    await page.click("#profile");
    await page.waitForSelector("#profile-table tbody tr");
    await page.click("#show-plan");
    await page.waitForSelector("#plan-text");
    expect(await text(page, "plan-text")).toContain("dispatches a step");
    await shoot(page, "dark");
    await page.emulateMediaFeatures([]);
  });

  test("a file: looked at, read, trained on; a broken one is told by row and column", async () => {
    await visit("#train?v=1");
    const drop = (name: string, content: string): Promise<void> =>
      page.evaluate(
        (file, words) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([words], file));
          for (const kind of ["dragover", "drop"])
            window.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, cancelable: true, bubbles: true }));
        },
        name,
        content,
      );
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${(i * 3) % 5},${i % 2 ? "yes" : "no"}`);
    await drop("rain.csv", `a,b,label\n${rows.join("\n")}\n`);
    await page.waitForSelector("#own-preview");
    expect(await page.$$eval("#own-preview thead th", (all) => all.map((at) => at.textContent))).toEqual([
      "anumber",
      "bnumber",
      "labelto learn",
    ]);
    await page.focus("#own-use");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#own-facts");
    expect(await text(page, "own-facts")).toContain("rain.csv: 60 rows of 2 numbers, 2 classes; 48 to train");
    await page.click("#run");
    await phase(page, "finished");
    expect(await text(page, "test")).toMatch(/ %$/);
    await drop("broken.csv", "a,b,label\n1,2,x\n3,oops,y\n");
    await page.waitForSelector("#own-preview");
    await page.click("#own-use");
    await page.waitForSelector("#own-error");
    // The column of texts and numbers becomes one of texts: nothing is broken but the file without a row.
    await drop("ragged.csv", "a,b,label\n1,2,x\n3,4\n");
    await page.waitForFunction(() => /row 3/.test(document.querySelector("form")?.textContent ?? ""));
    await drop("train-images-idx3-ubyte", "no images");
    await page.waitForFunction(() =>
      /expected two files/.test(document.getElementById("own-error")?.textContent ?? ""),
    );
  });

  test("a lost device is told, and the training goes on from its snapshot", async () => {
    const other = await launch(chrome);
    try {
      const fragile = await open(other, "#train?v=1&steps=100000");
      await fragile.keyboard.press("Space");
      await fragile.waitForFunction(
        () => Number(document.getElementById("at")?.textContent?.split(" / ")[0]?.replaceAll(",", "")) > 200,
      );
      // A snapshot is taken every 5 s.
      await new Promise((resolve) => setTimeout(resolve, 6000));
      const session = await other.target().createCDPSession();
      await session.send("Browser.crashGpuProcess");
      await fragile.waitForSelector("#go-on");
      expect(await text(fragile, "error")).toMatch(/^The GPU (device )?was lost/i);
      const from = Number(/step ([\d,]+)/.exec(await text(fragile, "go-on"))?.[1]?.replaceAll(",", ""));
      expect(from).toBeGreaterThan(0);
      await fragile.focus("#go-on");
      await fragile.keyboard.press("Enter");
      await fragile.waitForFunction(
        (least) =>
          document.documentElement.dataset.phase === "running" &&
          Number(document.getElementById("at")?.textContent?.split(" / ")[0]?.replaceAll(",", "")) > least,
        { timeout: 20_000 },
        from + 50,
      );
      expect(await fragile.$("#error")).toBeNull();
    } finally {
      await other.close();
      errors.length = 0;
    }
  });

  test("a training that its page has left is offered again, and ends as if it had never stopped", async () => {
    const whole = await open(browser, "#train?v=1&data=sine&steps=3000");
    await whole.keyboard.press("Space");
    await phase(whole, "finished");
    const loss = await text(whole, "test");
    await whole.close();
    const first = await open(browser, "#train?v=1&data=sine&steps=3000");
    await first.click("#run");
    await first.waitForFunction(() => !document.getElementById("at")?.textContent?.startsWith("0 /"));
    await first.click("#run");
    await first.waitForFunction(() => document.documentElement.dataset.saved !== undefined);
    const saved = Number(await first.evaluate(() => document.documentElement.dataset.saved));
    expect(saved).toBeLessThan(3000);
    await first.close();
    const again = await open(browser, "#train?v=1");
    await again.waitForSelector("#resume-go");
    expect(await text(again, "resume")).toContain(`of 3,000.`);
    await again.focus("#resume-go");
    await again.keyboard.press("Enter");
    await again.waitForFunction(
      (least) => Number(document.getElementById("at")?.textContent?.split(" / ")[0]?.replaceAll(",", "")) > least,
      {},
      saved - 1,
    );
    expect(new URL(again.url()).hash).toBe("#train?v=1&data=sine&steps=3000");
    await again.click("#run");
    await phase(again, "finished");
    expect(await text(again, "test")).toBe(loss);
    await again.reload();
    await adapter(again);
    expect(await again.$("#resume")).toBeNull();
    await again.close();
  });

  test("a phone of 360 px needs no sideways scrolling; regression draws its line", async () => {
    await page.setViewport({ width: 360, height: 800 });
    await visit("#train?v=1&data=sine&steps=200&schedule=cosine");
    await page.click("#run");
    await phase(page, "finished");
    expect(await text(page, "test")).toMatch(/^\d/);
    expect(await page.$("#fit-chart")).not.toBeNull();
    const said = (name: string): Promise<string> =>
      page.$eval(`.curve-${name} .plot`, (plot) => plot.getAttribute("aria-label") ?? "");
    const [, r2] = /^R²\. On validation rows: (\S+) after 200 steps\.$/.exec(await said("r2")) ?? [];
    expect(Number(r2)).toBeGreaterThan(0.5);
    expect(Number(await text(page, "r2"))).toBeCloseTo(Number(r2), 3);
    expect(await said("meanAbsoluteError")).toMatch(
      /^Mean absolute error\. On validation rows: 0\.\d+ after 200 steps\.$/,
    );
    for (const panel of ["layers", "plan"]) await page.click(`#panel-${panel} > summary`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await shoot(page, "phone");
    await page.setViewport({ width: 1200, height: 800 });
  });

  test("without WebGPU it says so and trains on the CPU", async () => {
    const flags = chrome.flags.filter((flag) => !/webgpu|vulkan/i.test(flag));
    const plain = await launch({ ...chrome, flags: [...flags, "--disable-gpu"] });
    try {
      const cpu = await open(plain, "#train?v=1&data=xor&steps=30");
      expect(await text(cpu, "adapter")).toBe("No WebGPU: trains on the CPU");
      expect(await text(cpu, "lack")).toMatch(/WebGPU.*the CPU trains here/);
      await cpu.keyboard.press("Space");
      await phase(cpu, "finished");
      expect(Number.parseFloat(await text(cpu, "test"))).toBeGreaterThan(50);
    } finally {
      await plain.close();
    }
  });
});
