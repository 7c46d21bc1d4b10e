// The Race, Landscapes and Validate views in headless Chrome, by keyboard: what they find, their links, files, and a phone's width.
import type { Page } from "puppeteer";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { catchFiles, pictures, Site, textOf, untilText } from "./support/page.ts";

let site: Site;
let page: Page;

beforeAll(async () => {
  site = await Site.open("views");
  page = await site.page("#race");
});

afterAll(() => site?.close());

afterEach(() => {
  expect(site.errors).toEqual([]);
});

const visit = async (hash: string, id: string): Promise<void> => {
  await page.evaluate((wanted) => {
    (document.activeElement as HTMLElement | null)?.blur();
    location.hash = wanted;
  }, hash);
  await page.waitForSelector(`#${id}`);
};

/** Tab from the start of the page to the element. */
async function tabTo(id: string): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press("Tab");
    if ((await page.evaluate(() => document.activeElement?.id)) === id) return;
  }
  throw new Error(`page: Tab does not lead to #${id}`);
}

/** Types over a field that has the focus, and leaves it. */
async function type(id: string, text: string): Promise<void> {
  await tabTo(id);
  await page.keyboard.down("Control");
  await page.keyboard.press("a");
  await page.keyboard.up("Control");
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
}

const press = async (id: string): Promise<void> => {
  await tabTo(id);
  await page.keyboard.press("Enter");
};

/** Nothing sticks out sideways at 360 px. */
async function checkPhone(): Promise<void> {
  await page.setViewport({ width: 360, height: 800 });
  // Canvases follow their boxes a frame later.
  await page.waitForFunction(() => document.documentElement.scrollWidth === 360, { timeout: 5000 });
  await page.setViewport({ width: 1200, height: 900 });
}

const cells = (id: string): Promise<string[][]> =>
  page.$$eval(`#${id} tbody tr`, (rows) =>
    rows.map((row) => [...row.children].map((cell) => (cell.textContent ?? "").trim())),
  );

const hash = (): string => new URL(page.url()).hash;

describe("race", () => {
  test("runs by keyboard to standings, a chart with its table, and files that name one recipe", async () => {
    await visit("#race?v=1&data=moons&optimizers=sgd+0.1+0.5,+adam+0.01&seeds=3&steps=60", "race-run");
    expect(await textOf(page, "race-runs")).toBe("9 runs");
    await press("race-run");
    await untilText(page, "race-status", "^Finished in .* won on validation rows and reads .* % on 100 test rows");
    expect(await textOf(page, "race-step")).toMatch(/^60 \/ 60 steps/);
    const rows = await cells("standings");
    expect(rows.map(([rank]) => rank)).toEqual(["1", "2", "3"]);
    expect(rows.map(([, name]) => name).sort()).toEqual(["adam 0.01", "sgd 0.1", "sgd 0.5"]);
    for (const [, , , score, band, steps, cost] of rows) {
      expect(Number.parseFloat(score ?? "")).toBeGreaterThan(75);
      expect(band).toMatch(/^\[.* % to .* %\]$/);
      expect(steps).toMatch(/^\d+$|^not reached \(\d of 3\)$/);
      expect(cost).toMatch(/^\d, \d+$/);
    }
    const label = await page.$eval(".plot", (plot) => plot.getAttribute("aria-label"));
    expect(label).toMatch(
      /^Training loss: median, range of 3 seeds\. Median training loss after 60 steps, best first: /,
    );
    // The chart's numbers for screen readers follow every few seconds.
    await page.waitForFunction(() => document.querySelectorAll(".plot-figure table tbody tr").length > 40);
    const files = await catchFiles(page);
    for (const name of ["Curves CSV", "Runs CSV", "JSON lines", "Report", "Recipe"]) {
      await page.evaluate((words) => {
        const button = [...document.querySelectorAll("button")].find(({ textContent }) => textContent === words);
        button?.click();
      }, name);
    }
    const saved = await files();
    expect(saved["race-curves.csv"]?.split("\n")).toHaveLength(1 + 9 * 60 + 1);
    expect(saved["race-runs.csv"]?.split("\n")).toHaveLength(1 + 9 + 1);
    const recipe = JSON.parse(saved["recipe.json"] ?? "");
    expect(recipe).toMatchObject({ command: "race", seeds: [1, 2, 3], batch: 32, steps: 60 });
    const header = JSON.parse(saved["race.jsonl"]?.split("\n")[0] ?? "");
    expect(header.recipeHash).toBe(recipe.recipeHash);
    expect(saved["race.html"]).toContain(recipe.recipeHash);
    expect(await page.$eval("main", (main) => main.textContent)).toContain(recipe.recipeHash);
    await pictures(page, "race");
    await checkPhone();
  });

  test("a target of one's own counts the steps anew", async () => {
    await type("race-target", "1e9");
    const rows = await cells("standings");
    expect(rows.map((row) => row[5])).toEqual(["1", "1", "1"]);
  });

  test("settings go into the address by keyboard, and what is wrong is said beside its field", async () => {
    await type("race-steps", "90");
    await page.waitForFunction(() => location.hash.includes("steps=90"));
    await type("rates0", "0.2");
    await page.waitForFunction(() => location.hash.includes("optimizers=sgd+0.2,+adam+0.01"));
    await type("race-hidden", "linaer 8");
    expect(await textOf(page, "race-hidden-wrong")).toContain('"linaer" is no layer; did you mean "linear"?');
    await press("add-racer");
    expect(hash()).toContain("optimizers=sgd+0.2,+adam+0.01,+adamw");
    expect(await textOf(page, "race-status")).toMatch(/^Ready/);
    await visit("#race?v=1&optimizers=adm", "race-run");
    await page.waitForFunction(() => document.querySelector(".note[role=note]:not([hidden])"));
    const note = await page.$eval(".note:not([hidden])", (element) => element.textContent);
    expect(note).toContain('did you mean "adam"?');
  });

  test("pauses, resumes, goes on while another view is shown, and stops with what it has", async () => {
    // Longer than all that is done to it here: a minute and more.
    await visit("#race?v=1&data=circles&optimizers=adam+0.01&seeds=300&batch=64&steps=20000", "race-run");
    await press("race-run");
    await page.waitForFunction(() => document.querySelectorAll("#standings tbody tr").length === 1, {
      timeout: 60_000,
    });
    await press("race-run");
    await untilText(page, "race-status", "^Paused");
    expect(await textOf(page, "race-run")).toBe("Resume");
    const steps = async (): Promise<number> =>
      Number((await textOf(page, "race-step")).split(" /")[0]?.replaceAll(",", ""));
    // What is in flight at a pause lands: two submits at most, and a message of what had landed before.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 600)));
    const paused = await steps();
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 400)));
    expect(await steps()).toBe(paused);
    await press("race-run");
    await visit("#validate", "validate");
    await visit("#race", "race-run");
    await page.waitForFunction(
      (least) => Number(document.getElementById("race-step")?.textContent?.split(" /")[0]?.replaceAll(",", "")) > least,
      { timeout: 60_000 },
      paused,
    );
    await press("race-stop");
    await untilText(page, "race-status", "^Stopped at step");
    expect((await cells("standings"))[0]?.[1]).toBe("adam 0.01");
  });
});

describe("landscapes", () => {
  const trails = (count: number): Promise<unknown> =>
    page.waitForFunction((n) => document.querySelectorAll("#trails tbody tr").length === n, { timeout: 60_000 }, count);
  const label = (): Promise<string> => page.$eval("#map", (map) => map.getAttribute("aria-label") ?? "");

  test("trails are drawn, scrubbed by keyboard, and the table follows", async () => {
    await visit("#landscape", "map");
    await trails(4);
    await untilText(page, "scrub-step", "^200 / 200");
    const end = await cells("trails");
    await tabTo("scrub");
    await page.keyboard.press("Home");
    await untilText(page, "scrub-step", "^0 / 200");
    for (const row of await cells("trails")) expect(row.slice(1, 4)).toEqual(["-1.200", "1.000", "24.20"]);
    await page.keyboard.press("ArrowRight");
    await untilText(page, "scrub-step", "^1 / 200");
    expect(await label()).toMatch(
      /^Rosenbrock, start at -1.2, 1. After 1 steps: sgd .*; momentum .*; adam .*; rmsprop/,
    );
    await page.keyboard.press("End");
    expect(await cells("trails")).toEqual(end);
    await pictures(page, "landscape");
    await page.setViewport({ width: 360, height: 800 });
    await page.waitForFunction(() => {
      const box = document.querySelector("#trails")?.parentElement;
      return box && box.clientWidth < 360 && box.scrollWidth === box.clientWidth;
    });
    // Laid out otherwise, it is a table still.
    const { nodes } = (await (await page.createCDPSession()).send("Accessibility.getFullAXTree")) as {
      nodes: { role?: { value: string } }[];
    };
    const count = (role: string): number => nodes.filter((at) => at.role?.value === role).length;
    expect([count("columnheader"), count("rowheader"), count("cell")]).toEqual([5, 4, 16]);
    await checkPhone();
  });

  test("the start moves by arrow keys and by dragging, within the view, into the address", async () => {
    await tabTo("map");
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction(() => location.hash.includes("start=-1.15,1"));
    await page.keyboard.down("Shift");
    for (let i = 0; i < 12; i++) await page.keyboard.press("ArrowUp");
    await page.keyboard.up("Shift");
    await page.waitForFunction(() => location.hash.includes("start=-1.15,3"));
    const box = await (await page.$("#map"))?.boundingBox();
    if (!box) throw new Error("page: the map has no box");
    await page.mouse.move(box.x + 5, box.y + 5);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + box.height / 2, { steps: 4 });
    await page.mouse.up();
    await page.waitForFunction(() => /start=(1|0\.99\d|1\.0\d*),(1|0\.99\d|1\.0\d*)/.test(location.hash));
    await page.waitForFunction(() =>
      /start at (1|0\.9|1\.0)/.test(document.getElementById("map")?.getAttribute("aria-label") ?? ""),
    );
  });

  test("noise changes the trails and its seed repeats them; a bad start is told", async () => {
    await visit("#landscape?v=1&f=ravine&optimizers=sgd,+adam&noise=3&seed=4&steps=30", "map");
    await trails(2);
    await untilText(page, "scrub-step", "/ 30");
    const noisy = await cells("trails");
    await type("landscape-seed", "5");
    await page.waitForFunction(
      (before) => document.querySelector("#trails tbody")?.textContent !== before,
      {},
      noisy.flat().join(""),
    );
    await page.waitForFunction(
      (before) =>
        [...document.querySelectorAll("#trails tbody tr")].some((row, i) => row.children[1]?.textContent !== before[i]),
      { timeout: 30_000 },
      noisy.map((row) => row[1]),
    );
    await type("landscape-seed", "4");
    await page.waitForFunction(
      (before) =>
        [...document.querySelectorAll("#trails tbody tr")].every(
          (row, i) => row.children[1]?.textContent === before[i],
        ),
      { timeout: 30_000 },
      noisy.map((row) => row[1]),
    );
    await type("start", "far away");
    expect(await textOf(page, "start-wrong")).toContain("expected x from -5 to 5");
    const files = await catchFiles(page);
    await page.evaluate(() =>
      [...document.querySelectorAll("button")].find(({ textContent }) => textContent === "Trails CSV")?.click(),
    );
    expect((await files())["trails.csv"]?.split("\n")).toHaveLength(1 + 2 * 31 + 1);
  });

  test("plays by keyboard; where motion is to be little it goes to the end at once", async () => {
    await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
    await tabTo("scrub");
    await page.keyboard.press("Home");
    await press("play");
    await untilText(page, "scrub-step", "^30 / 30");
    expect(await textOf(page, "play")).toBe("Play");
    await page.emulateMediaFeatures([]);
    await press("play");
    expect(await textOf(page, "play")).toBe("Pause");
    await press("play");
    expect(await textOf(page, "play")).toBe("Play");
  });
});

describe("validate", () => {
  test("rows come with progress; cancel keeps them; filters and reports", async () => {
    await visit("#validate", "validate");
    await press("validate");
    await page.waitForFunction(() => document.querySelectorAll("#kernels tbody tr").length >= 6, { timeout: 120_000 });
    await press("cancel");
    await untilText(page, "validate-status", "^Stopped: \\d+ kernels, .* cases, all agree with their references");
    const [, done, kernels] = /^(\d+) \/ (\d+) kernels/.exec(await textOf(page, "validate-count")) ?? [];
    expect(Number(kernels)).toBeGreaterThan(Number(done));
    const rows = await cells("kernels");
    expect(rows).toHaveLength(Number(done));
    for (const [name, verdict, count, , worst] of rows) {
      expect(name).toMatch(/^✓ \w+/);
      expect(verdict).toBe("agrees");
      expect(Number(count)).toBeGreaterThan(0);
      expect(worst).toMatch(/^to the bit$|^< 1 %$|^\d+ %$/);
    }
    const files = await catchFiles(page);
    for (const name of ["JSON", "JUnit", "Markdown"]) {
      await page.evaluate(
        (words) => [...document.querySelectorAll("button")].find(({ textContent }) => textContent === words)?.click(),
        name,
      );
    }
    const saved = await files();
    const report = JSON.parse(saved["validation.json"] ?? "");
    expect(report).toMatchObject({ kind: "validate", agree: true });
    expect(report.rows).toHaveLength(rows.length);
    expect(saved["validation.xml"]?.match(/<testcase /g)).toHaveLength(rows.length);
    expect(saved["validation.md"]?.split("\n").filter((line) => line.startsWith("| "))).toHaveLength(rows.length + 2);
    await pictures(page, "validate");
    await checkPhone();
    const first = rows[0]?.[0]?.slice(2) ?? "";
    await tabTo("find-kernel");
    await page.keyboard.type(first);
    expect((await cells("kernels")).every(([name]) => name?.includes(first))).toBe(true);
    await tabTo("only-failed");
    await page.keyboard.press("Space");
    expect(await cells("kernels")).toEqual([]);
  }, 180_000);
});

describe("views that are left", () => {
  test("leave no nodes and no listeners", async () => {
    const fresh = await site.page("#train");
    const session = await fresh.createCDPSession();
    // Waits hold no handle on a node: the inspector would keep the view that it was in.
    const visitAll = async (): Promise<void> => {
      for (const [name, id] of [
        ["race", "race-run"],
        ["landscape", "map"],
        ["validate", "validate"],
        ["train", "at"],
      ] as const) {
        await fresh.evaluate((to) => (location.hash = to), name);
        await (await fresh.waitForFunction((of) => document.getElementById(of) !== null, {}, id)).dispose();
      }
    };
    const held = async (): Promise<readonly [number, number]> => {
      for (let i = 0; i < 2; i++) await session.send("HeapProfiler.collectGarbage");
      const { nodes, jsEventListeners } = await session.send("Memory.getDOMCounters");
      return [nodes, jsEventListeners];
    };
    const looks: (readonly [number, number])[] = [];
    for (let i = 0; i < 8; i++) {
      for (let k = 0; k < 2; k++) await visitAll();
      looks.push(await held());
    }
    // The last view left may go later than a look, so counts go up and down; what is kept makes the fewest of the later ones more
    // than the most of the first.
    for (const at of [0, 1] as const) {
      const counts = looks.map((look) => look[at]);
      expect(Math.min(...counts.slice(4))).toBeLessThanOrEqual(Math.max(...counts.slice(0, 4)));
    }
    await fresh.close();
  });
});
