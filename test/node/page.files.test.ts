// Files a person takes away, as texts: charts as SVG and CSV, a training's numbers, a validation's report. No browser.
import { describe, expect, test } from "vitest";
import type { PlotProps } from "../../src/page/plot.tsx";
import { plotSvg } from "../../src/page/plot_svg.ts";
import { csvRows } from "../../src/report/csv.ts";
import { csvRecord, jsonRecord, type TrainingRecord } from "../../src/report/record.ts";
import { jsonReport, markdown } from "../../src/validate/report.ts";
import type { ValidationRow } from "../../src/validate/validate.ts";

/** RFC 4180: fields between commas, quoted ones with doubled quotes. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let field = "";
  let quoted = false;
  const end = (): void => {
    rows.at(-1)?.push(field);
    field = "";
  };
  for (let i = 0; i < text.length; i++) {
    const letter = text[i] as string;
    if (quoted) {
      if (letter !== '"') field += letter;
      else if (text[i + 1] === '"') field += text[++i];
      else quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === ",") end();
    else if (letter === "\n") {
      end();
      rows.push([]);
    } else field += letter;
  }
  expect(rows.pop()).toEqual([]);
  return rows;
}

const record: TrainingRecord = {
  recipe: { seeds: [1] },
  recipeHash: "aa",
  lossHash: "bb",
  dataHash: "cc",
  adapter: 'odd, "quoted"',
  loss: Float64Array.of(0.1, 1 / 3, Number.POSITIVE_INFINITY),
  accuracy: Float64Array.of(0.5, Number.NaN, 1),
  seconds: Float64Array.of(0.01, 0.02, 0.03),
  validations: [{ step: 2, loss: 0.25, accuracy: 0.75 }],
  test: { step: 3, loss: 0.5, accuracy: Number.NaN },
};

describe("a training's numbers", () => {
  test("as CSV, every digit kept", () => {
    const [head, ...rows] = parseCsv(csvRecord(record));
    expect(head).toEqual(["step", "split", "loss", "accuracy", "seconds"]);
    expect(rows).toEqual([
      ["0", "train", "0.1", "0.5", "0.01"],
      ["1", "train", "0.3333333333333333", "", "0.02"],
      ["2", "train", "Infinity", "1", "0.03"],
      ["2", "validation", "0.25", "0.75", "0.02"],
      ["3", "test", "0.5", "", "0.03"],
    ]);
    expect(parseCsv(csvRows([['a,"b"', "c\nd", undefined]]))).toEqual([['a,"b"', "c\nd", ""]]);
  });

  test("as JSON, what is not finite is null", () => {
    const read = JSON.parse(jsonRecord(record));
    expect(read).toMatchObject({
      schema: 1,
      kind: "training",
      recipeHash: "aa",
      lossHash: "bb",
      recipe: { seeds: [1] },
    });
    expect(read.loss).toEqual([0.1, 1 / 3, null]);
    expect(read.accuracy).toEqual([0.5, null, 1]);
  });
});

const chart: Pick<PlotProps, "title" | "sentence" | "x" | "y" | "series" | "data" | "bands" | "marks"> = {
  title: "Loss <of> a & b",
  sentence: "a ends at 0.1.",
  x: { label: "step", low: 0, high: 100 },
  y: { label: "loss", scale: "log" },
  series: [
    { label: "a", colour: "--series0", dash: [8, 4] },
    { label: "high", colour: "--series0", behind: true },
    { label: "low", colour: "--series0", behind: true },
  ],
  data: [
    [0, 50, 100],
    [1, 0, 0.1],
    [2, 1, 0.2],
    [0.5, 0.2, 0.05],
  ],
  bands: [{ between: [1, 2], colour: "--series0", alpha: 0.2 }],
  marks: [{ x: 50, label: "diverged" }],
};

const svgOf = (of: typeof chart): string => plotSvg(of, (name) => (name === "--series0" ? "#0072b2" : "#111111"));

/** The places of a path's points. */
const placesOf = (d: string): [number, number][] =>
  [...d.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

describe("a chart as SVG", () => {
  test("is well-formed, says what it is, and has every part", () => {
    const svg = svgOf(chart);
    const open: string[] = [];
    for (const [, close, name, self] of svg.matchAll(/<(\/?)([\w]+)(?:\s[^<>]*?)?(\/?)>/g)) {
      if (close) expect(open.pop()).toBe(name);
      else if (!self) open.push(name as string);
    }
    expect(open).toEqual([]);
    expect(svg).toContain("<title>Loss &lt;of&gt; a &amp; b</title>");
    expect(svg).toContain("<desc>a ends at 0.1.</desc>");
    expect(svg.match(/stroke-dasharray="8 4"/g)).toHaveLength(2);
    expect(svg).toContain(">diverged</text>");
    expect(svg).toContain('fill-opacity="0.2"');
    // The legend names what stands for itself alone.
    expect(svg.match(/>high<\/text>/g)).toBeNull();
  });

  test("places numbers where its axes say; what has no place on a log axis is left out", () => {
    const svg = svgOf(chart);
    const line = /<path d="([^"]*)" stroke="#0072b2" stroke-width="2"/.exec(svg)?.[1] as string;
    const places = placesOf(line);
    expect(places).toHaveLength(2);
    const [first, last] = places as [[number, number], [number, number]];
    expect(first[0]).toBe(70);
    expect(last[0]).toBe(880);
    // The axis runs from 0.05 to 2: a factor of 10 is log(10) / log(40) of its 352 pixels.
    expect(last[1] - first[1]).toBeCloseTo((352 * Math.log(10)) / Math.log(40), 1);
  });

  test("of more points than pixels keeps each column's peaks", () => {
    const values = Array.from({ length: 50_000 }, (_, i) =>
      i === 33_333 ? 9 : i === 12_345 ? -9 : Math.sin(i / 5000),
    );
    const steps = values.map((_, i) => i);
    const y = { label: "v", low: -10, high: 10 };
    const series = [{ label: "v", colour: "--series0" }];
    const svg = svgOf({
      title: "",
      sentence: "",
      x: { label: "", low: 0, high: 49_999 },
      y,
      series,
      data: [steps, values],
    });
    const places = placesOf(/<path d="([^"]*)" stroke="#0072b2"/.exec(svg)?.[1] as string);
    expect(places.length).toBeLessThan(2 * 2 * 811);
    const at = (value: number): number => 396 - (352 * (value + 10)) / 20;
    const tops = places.map(([, top]) => top);
    expect(Math.min(...tops)).toBeCloseTo(at(9), 1);
    expect(Math.max(...tops)).toBeCloseTo(at(-9), 1);
    expect(places.every(([x], i) => i === 0 || x >= (places[i - 1] as [number, number])[0])).toBe(true);
  });

  test("without numbers has axes all the same", () => {
    expect(svgOf({ ...chart, data: [[], [], [], []], marks: [] })).toContain('class="axis"');
  });
});

describe("a validation's report", () => {
  const rows: ValidationRow[] = [
    { kernel: "good", cases: 4, agreed: 4, exact: 1, worst: 12.4, where: "{size: 3}", message: undefined },
    {
      kernel: "bad",
      cases: 4,
      agreed: 3,
      exact: 0,
      worst: Number.POSITIVE_INFINITY,
      where: "{a|b}",
      message: "want 1\ngot 2",
    },
  ];

  test("as JSON", () => {
    const read = JSON.parse(jsonReport(rows, { adapter: "x" }));
    expect(read).toMatchObject({ kind: "validate", agree: false, made: { adapter: "x" } });
    expect(read.rows[1].worst).toBeNull();
    expect(JSON.parse(jsonReport(rows.slice(0, 1), {})).agree).toBe(true);
  });

  test("as Markdown: what disagrees first, cells kept within their columns", () => {
    const lines = markdown(rows, { adapter: "a | b" }).split("\n");
    expect(lines[0]).toBe("## Kernels against their references: 2 kernels, 8 cases, **1 disagree**");
    expect(lines).toContain("* adapter: a \\| b");
    const table = lines.filter((line) => line.startsWith("|"));
    expect(table[2]).toBe("| bad | **no** | 4 | 3 | 0 | beyond | {a\\|b} |");
    expect(table[3]).toBe("| good | yes | 4 | 4 | 1 | 12 % | {size: 3} |");
    expect(lines.join("\n")).toContain("### bad\n\n```\nwant 1\ngot 2\n```");
  });
});
