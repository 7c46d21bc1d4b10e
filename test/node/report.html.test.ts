import { describe, expect, test } from "vitest";
import { thinned } from "../../src/report/curves.ts";
import { swarm } from "../../src/report/dots.ts";
import { htmlReport, type RaceResult } from "../../src/report/index.ts";
import { accuracyScale, linearScale, logScale, logValues, lossScale, niceValues } from "../../src/report/scale.ts";
import { script } from "../../src/report/script.ts";
import { DASHES, dark, light } from "../../src/report/style.ts";
import { sampleOf, sampleRace, sampleScheduled, sampleTraining } from "./report.sample.ts";

const VOID = new Set(["meta", "link", "input", "path"]);

/** Throws where a tag is closed that is not open; content of script and style is skipped. */
function checkNesting(html: string): void {
  const open: string[] = [];
  const body = html.replace(/(<(script|style)[^>]*>)[\s\S]*?<\/\2>/g, "$1</$2>");
  for (const [, close, name, own] of body.matchAll(/<(\/?)([a-z][a-z0-9]*)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (own === "/") continue;
    if (close === "/") expect(open.pop(), `</${name}>`).toBe(name);
    else if (!VOID.has(name!)) open.push(name!);
    else if (name === "path" && !own) open.push(name);
  }
  expect(open).toEqual([]);
}

const hostile = (): RaceResult => {
  const race = sampleRace();
  const bad = `</script><img src=x onerror="alert('1')">&`;
  return {
    ...race,
    name: bad,
    model: bad,
    lossName: bad,
    recipe: { bad },
    data: { ...race.data, name: bad },
    made: { ...race.made, adapter: bad, browser: bad },
    winner: { ...race.winner!, entry: `0${bad}`, chosenBy: bad, note: bad },
    entries: race.entries.map((entry, i) => ({ ...entry, name: `${i}${bad}`, optimizer: `${bad} lr 0.1` })),
  };
};

describe("htmlReport", () => {
  test.each([
    ["a sweep", sampleRace()],
    ["ten seeds", sampleRace([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])],
    ["a few entries", sampleOf(["adamw 0.001", "sgd 0.3"])],
    ["a training", sampleTraining()],
    ["schedules", sampleScheduled()],
    ["losses only", { ...sampleRace(), metricName: undefined }],
    [
      "nothing logged",
      {
        ...sampleRace(),
        at: [],
        entries: sampleRace().entries.map((e) => ({ ...e, runs: e.runs.map((r) => ({ ...r, loss: [] })) })),
      },
    ],
    ["all diverged", sampleOf(["adamw 0.03", "lion 0.01"])],
    ["hostile text", hostile()],
  ] as const)("%s: well formed, finite, self-contained", (_, result) => {
    const html = htmlReport(result);
    checkNesting(html);
    const shown = html.replace(/<script type="module">[\s\S]*?<\/script>/, "");
    expect(shown.match(/.{0,40}(NaN|Infinity|undefined|\[object).{0,40}/)?.[0]).toBeUndefined();
    expect(html.match(/(?:src|href|action)=["']?(?!data:)[^"'\s>]*:|url\(|@import|https?:/)?.[0]).toBeUndefined();
    expect(html.length).toBeLessThan(400_000);
  });

  test("no text becomes markup", () => {
    const html = htmlReport(hostile());
    expect(html.indexOf("<img")).toBe(-1);
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    const data = /id="curves-values">(.*?)<\/script>/.exec(html)![1]!;
    expect(JSON.parse(data).series).toHaveLength(24);
  });

  test("its script parses", () => {
    expect(() => new Function(script)).not.toThrow();
    expect(script).not.toMatch(/<\/|<!--/);
  });

  test("colours the best of each optimizer, and every entry where they are few", () => {
    const lines = (html: string, of: string) =>
      html.split('data-layer="linear"')[0]!.match(new RegExp(`class="line ${of}`, "g"));
    expect(lines(htmlReport(sampleRace()), "c\\d")).toHaveLength(4);
    expect(lines(htmlReport(sampleRace()), "other")).toHaveLength(20);
    expect(lines(htmlReport(sampleOf(["adamw 0.001", "adamw 0.003", "sgd 0.3"])), "c\\d")).toHaveLength(3);
  });

  test("every chart has a sentence and a table; every control a name", () => {
    const html = htmlReport(sampleRace());
    for (const id of ["curves", "dots", "lrs"]) {
      const figure = new RegExp(`id="${id}" role="figure" aria-label="[^"]{40,}" aria-details="${id}-data"`);
      expect(figure.test(html), id).toBe(true);
      expect(new RegExp(`<details id="${id}-data">.*?<table>`).test(html), id).toBe(true);
    }
    expect(html.match(/<input/g)!.length).toBe(html.match(/<label><input/g)!.length);
    expect(html.includes("software adapter")).toBe(true);
    expect(html.includes("largest lr tried")).toBe(true);
  });

  test("draws a chart for each hyperparameter that changes, in the entries' colours, and says what it cannot draw", () => {
    const html = htmlReport(sampleScheduled());
    const section = /<section><h2>Schedules.*?<\/section>/s.exec(html)?.[0] ?? "";
    expect(section.match(/role="figure"/g)).toHaveLength(2);
    expect(section).toContain("Not drawn: lr of entries where it follows the losses.");
    const [rates, momenta] = section.split("<h3>").slice(1) as [string, string];
    expect(rates.startsWith("lr<")).toBe(true);
    expect(momenta.startsWith("momentum<")).toBe(true);
    // The rates of a sweep are decades apart, the momenta are not.
    expect(rates).toContain("lr (log)");
    expect(momenta).not.toContain("(log)");
    expect(rates.match(/class="line/g)).toHaveLength(23 + 5);
    const first = /id="schedule-0" role="figure" aria-label="([^"]*)" aria-details="schedule-0-data"/.exec(
      section,
    )?.[1];
    expect(first).toMatch(/^lr against step\. lion 0\.0003 from 0 over 3e-4 to/);
    expect(section).toMatch(/<details id="schedule-1-data">.*?<table>/s);
    // The style of an entry's line is that of its curve.
    const curve = /data-series="0">(?:<path class="band[^>]*>)?<path class="line ([^"]*)"/.exec(html)?.[1];
    expect(rates.split('class="legend"')[1]).toContain(`class="line ${curve}"`);
    expect(htmlReport(sampleRace()).includes("Schedules")).toBe(false);
  });

  test("says where a run diverged and what is left out", () => {
    const html = htmlReport(sampleOf(["adamw 0.03", "adamw 0.001"]));
    expect(html.includes("adamw 0.03 diverged by step")).toBe(true);
    expect(html.includes("3 of 3 diverged")).toBe(true);
    expect(htmlReport(sampleTraining()).includes("Learning rates")).toBe(false);
  });
});

/** WCAG 2.2's contrast ratio of two sRGB colours. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string): number => {
    const [red, green, blue] = [1, 3, 5].map((i) => {
      const c = Number.parseInt(colour.slice(i, i + 2), 16) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

describe("style", () => {
  test.each([light, dark])("lines stand out from $ground by 3 : 1", ({ ground, lines }) => {
    for (const colour of lines) expect(contrast(colour, ground), colour).toBeGreaterThanOrEqual(3);
    expect(new Set(lines).size).toBe(8);
  });

  test("no two lines share a dash", () => {
    expect(new Set(DASHES).size).toBe(8);
  });
});

describe("scales", () => {
  test("ticks are 1, 2, 5 steps", () => {
    expect(niceValues(0, 1000, 5)).toEqual([0, 200, 400, 600, 800, 1000]);
    expect(niceValues(0.951, 0.973, 5)).toEqual([0.955, 0.96, 0.965, 0.97]);
    expect(logValues(0.03, 5, 7)).toEqual([0.05, 0.1, 0.2, 0.5, 1, 2, 5]);
    expect(logValues(1e-9, 1, 7)).toEqual([1e-8, 1e-6, 1e-4, 1e-2, 1]);
  });

  test("places lie in [0, 1], the better the further", () => {
    expect(linearScale(10, 20).place(15)).toBe(0.5);
    expect(logScale(0.01, 1).place(0.1)).toBeCloseTo(0.5, 12);
    expect(logScale(0.01, 1).place(0)).toBe(0);
    const wide = accuracyScale([0.1, 0.9, 1], 1000);
    expect(wide.title).toContain("log of the error");
    const places = [0.1, 0.9, 0.99, 1].map(wide.place);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...places)).toBeLessThanOrEqual(1);
    expect(accuracyScale([0.95, 0.96], 1000).title).toBe("validation accuracy");
    const loss = lossScale([0.1, 2]);
    expect(loss.place(0.1)).toBeGreaterThan(loss.place(2));
    expect(Number.isFinite(lossScale([0]).place(0))).toBe(true);
  });

  test("a single value still has an axis", () => {
    for (const scale of [accuracyScale([0.97], 1000), accuracyScale([1, 1], 10), lossScale([0.2]), linearScale(0, 0)]) {
      expect(scale.ticks.length).toBeGreaterThan(0);
      for (const { at } of scale.ticks) expect(Number.isFinite(at)).toBe(true);
    }
  });

  test("long curves are thinned evenly, ends kept; touching dots step aside", () => {
    expect(thinned(3)).toEqual([0, 1, 2]);
    const some = thinned(5000);
    expect([some.length, some[0], some.at(-1), new Set(some).size]).toEqual([400, 0, 4999, 400]);
    expect(swarm([0.5, undefined, 0.501, 0.9, 0.5])).toEqual([0, 0, -7, 0, 7]);
  });
});
