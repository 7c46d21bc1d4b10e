import { describe, expect, test } from "vitest";
import { csvCurves, csvRuns, jsonLines, type RaceResult, summarise, textTable } from "../../src/report/index.ts";
import { familyName } from "../../src/report/summary.ts";
import { bandName, headline, list, percent, rate, short, tidy, whole } from "../../src/report/words.ts";
import { sampleOf, sampleRace, sampleTraining } from "./report.sample.ts";

/** A result of these accuracies: one entry a name, one run a value; "x" diverged. */
function scores(entries: Record<string, readonly (number | "x")[]>): RaceResult {
  const first = Object.values(entries)[0] ?? [];
  return {
    ...sampleRace(),
    at: [1],
    winner: undefined,
    seeds: first.map((_, i) => i + 1),
    entries: Object.entries(entries).map(([name, values]) => ({
      name,
      optimizer: name,
      lr: 0.1,
      runs: values.map((value, i) =>
        value === "x"
          ? { seed: i + 1, loss: [Number.NaN], validation: { loss: Number.NaN }, diverged: 1 }
          : { seed: i + 1, loss: [1], validation: { loss: 1 - value, accuracy: value } },
      ),
    })),
  };
}

describe("summary", () => {
  test("ranks by median accuracy, equal ones by loss, a diverged run the worst", () => {
    const { standings } = summarise(
      scores({ c: [0.7, 0.8, "x"], a: [0.9, 0.91, 0.92], b: [0.9, 0.91, 0.95], d: ["x", "x", 0.99] }),
    );
    expect(standings.map(({ entry }) => entry.name)).toEqual(["a", "b", "c", "d"]);
    expect(standings.map(({ score }) => score)).toEqual([0.91, 0.91, 0.7, undefined]);
    expect(standings.map(({ verdict }) => verdict)).toEqual(["best", "not separable", "behind", "diverged"]);
    expect(standings[2]).toMatchObject({ low: undefined, high: 0.8, diverged: 1, beaten: 1 });
    expect(standings[1]!.beaten).toBeCloseTo(5 / 9 - 1 / 9, 12);
  });

  test("one seed or two say nothing of an order", () => {
    expect(summarise(scores({ a: [0.9], b: [0.1] })).standings[1]!.verdict).toBe("one seed");
    expect(summarise(scores({ a: [0.9, 0.91], b: [0.1, 0.1] })).standings[1]!.verdict).toBe("few seeds");
    expect(headline(summarise(scores({ a: [0.9], b: [0.1] })))).toBe(
      "a has the best validation accuracy, 90.0 %, on one seed each: the order may be luck.",
    );
  });

  test("goes by the loss where there is no accuracy, and less is better", () => {
    const { metric, standings } = summarise({
      ...scores({ a: [0.5, 0.5, 0.5], b: [0.9, 0.9, 0.9] }),
      metricName: undefined,
    });
    expect(metric).toBe("loss");
    expect(standings[0]!.entry.name).toBe("b");
    expect(standings[0]!.score).toBeCloseTo(0.1, 12);
  });

  test("families are entries that differ in lr only, with the best lr's place in the grid", () => {
    const named = (optimizer: string) => familyName({ name: "", optimizer, lr: 0.1, runs: [] });
    expect(named("adamw lr 0.001 weightDecay 0.01")).toBe("adamw weightDecay 0.01");
    expect(named("adamw(lr: 1e-3, beta1: 0.8)")).toBe("adamw(beta1: 0.8)");
    expect(named("adamw(beta1=0.8, lr=1e-3)")).toBe("adamw(beta1=0.8)");
    expect(named("sgd lr 0.1")).toBe("sgd");
    const { families } = summarise(sampleRace());
    expect(families.map(({ label, members, edge }) => [label, members.length, edge])).toEqual([
      ["lion", 6, undefined],
      ["adamw", 6, undefined],
      ["rmsprop", 6, undefined],
      ["sgd", 6, "greatest"],
    ]);
    expect(summarise(sampleOf(["sgd 0.1", "sgd 0.3"])).families[0]!.edge).toBe("only two");
  });

  test("refuses what cannot be reported", () => {
    const race = sampleRace();
    expect(() => summarise({ ...race, entries: [] })).toThrow("report: the result has 0 entries");
    expect(() => summarise({ ...race, entries: [race.entries[0]!, race.entries[0]!] })).toThrow(
      "two entries are named",
    );
    expect(() => summarise({ ...race, at: [1, 2] })).toThrow("has 100 losses, expected one per logged step (2)");
    expect(() => summarise({ ...race, at: [2, 2] })).toThrow("at[1] is 2 after 2");
    expect(() => summarise({ ...race, winner: { ...race.winner!, entry: "x" } })).toThrow('the winner "x" is not');
  });
});

describe("words", () => {
  test("numbers", () => {
    expect([short(0.123), short(2.30351), short(0.0000123), short(12345), short(Number.NaN)]).toEqual([
      "0.1230",
      "2.304",
      "1.23e-5",
      "1.23e4",
      "diverged",
    ]);
    expect([tidy(0.5), tidy(10), tidy(100), tidy(74.2), tidy(1e-5), tidy(0), tidy(1234)]).toEqual([
      "0.5",
      "10",
      "100",
      "74.2",
      "1e-5",
      "0",
      "1234",
    ]);
    expect([rate(0.0010000000474974513), rate(0.3), rate(0.05), rate(3e-5)]).toEqual(["1e-3", "0.3", "0.05", "3e-5"]);
    expect([whole(1234567), whole(999), percent(0.9712, 1000), percent(0.9712, 10000)]).toEqual([
      "1,234,567",
      "999",
      "97.1 %",
      "97.12 %",
    ]);
    expect([list(["a"]), list(["a", "b"]), list(["a", "b", "c", "d", "e"])]).toEqual([
      "a",
      "a and b",
      "a, b, c and 2 others",
    ]);
  });

  test("an interval is called what it is", () => {
    expect(bandName(summarise(sampleRace([1, 2, 3])))).toBe("range of 3 seeds");
    expect(bandName(summarise(sampleRace([1, 2, 3, 4, 5, 6])))).toBe(
      "95 % bootstrap interval of the median over 6 seeds",
    );
  });

  test("the verdict", () => {
    expect(headline(summarise(scores({ a: [0.9, 0.92, 0.95], b: [0.7, 0.7, 0.8], c: [0.1, 0.1, 0.1] })))).toBe(
      "a has the best median validation accuracy, 92.0 % (range 90.0 to 95.0 %), clear of every other entry.",
    );
    expect(headline(summarise(scores({ a: [0.9, 0.92, 0.95], b: [0.7, 0.8, 0.91] })))).toBe(
      "a has the best median validation accuracy, 92.0 % (range 90.0 to 95.0 %), but cannot be told apart from b.",
    );
    expect(headline(summarise(scores({ a: ["x", "x", "x"], b: ["x", "x", "x"] })))).toBe(
      "No result: every run diverged.",
    );
    expect(headline(summarise(sampleTraining()))).toMatch(
      /^adamw 0.001 reached a validation accuracy of \d+\.\d % after 1,000 steps\.$/,
    );
  });
});

describe("textTable", () => {
  test.each([
    ["a sweep", sampleRace()],
    ["ten seeds", sampleRace([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])],
    ["a training", sampleTraining()],
    ["losses", { ...sampleRace(), metricName: undefined }],
    [
      "long and foreign names",
      scores({ [`${"x".repeat(200)}`]: [0.5, 0.5, 0.5], "naïve ☃ 最適化\u001b[31m": [0.4, 0.4, 0.4] }),
    ],
  ] as const)("%s fits 100 columns of ASCII", (_, result) => {
    const text = textTable(result);
    for (const line of text.split("\n")) expect(line.length, line).toBeLessThanOrEqual(100);
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    expect(text.endsWith("\n")).toBe(true);
  });

  test("aligns its columns", () => {
    const lines = textTable(scores({ a: [0.9, 0.92, 0.95], bb: [0.7, "x", "x"], ccc: [0.6, 0.7, "x"] })).split("\n");
    expect(lines.slice(2, 8)).toEqual([
      "rank  entry      lr  val acc %  [low..high]   val loss  diverged  verdict",
      "----  --------  ---  ---------  ------------  --------  --------  --------",
      "   1  a         0.1       92.0  [90.0..95.0]   0.08000         -  best",
      "   2  ccc       0.1       60.0  [div..70.0]     0.4000       1/3  behind",
      "   3  bb        0.1   diverged  [div..70.0]   diverged       2/3  diverged",
      "Values are medians. [low..high]: range of 3 seeds. Behind: low to high lies clear of the best",
    ]);
  });
});

/** RFC 4180, line by line of its grammar, but for rows that end in \n. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let i = 0; i < text.length; ) {
    let value = "";
    if (text[i] === '"') {
      for (i++; text[i] !== '"' || text[i + 1] === '"'; i++) {
        value += text[i];
        if (text[i] === '"') i++;
      }
      i++;
    } else while (text[i] !== "," && text[i] !== "\n") value += text[i++];
    row.push(value);
    if (text[i++] === "\n") {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

describe("files", () => {
  const awkward = (): RaceResult => {
    const race = sampleRace();
    return {
      ...race,
      winner: undefined,
      entries: race.entries.map((entry, i) => ({ ...entry, name: `a "b", ${i}\nc` })),
    };
  };

  test("curves.csv gives every loss back, to the last digit", () => {
    const race = awkward();
    const [head, ...rows] = readCsv(csvCurves(race));
    expect(head).toEqual(["entry", "optimizer", "lr", "seed", "step", "loss"]);
    const flat = race.entries.flatMap(({ name, optimizer, lr, runs }) =>
      runs.flatMap(({ seed, loss }) =>
        loss.map((value, i) => [name, optimizer, lr, seed, race.at[i], value].map(String)),
      ),
    );
    expect(rows).toEqual(flat);
    expect(rows.some((row) => row[5] === "NaN")).toBe(true);
  });

  test("runs.csv gives every outcome back", () => {
    const race = awkward();
    const [head, ...rows] = readCsv(csvRuns(race));
    expect(head).toEqual(["entry", "seed", "validation_loss", "validation_accuracy", "diverged_at", "rank"]);
    expect(rows).toHaveLength(72);
    const { standings } = summarise(race);
    for (const [name, seed, loss, accuracy, diverged, rank] of rows) {
      const standing = standings.find(({ entry }) => entry.name === name)!;
      const run = standing.entry.runs.find((each) => String(each.seed) === seed)!;
      expect(Number(loss)).toBe(run.validation.loss);
      expect(Number(accuracy)).toBe(run.validation.accuracy);
      expect(diverged).toBe(run.diverged === undefined ? "" : String(run.diverged));
      expect(Number(rank)).toBe(standing.rank);
    }
  });

  test("JSON lines give the whole result back, null for what is not finite", () => {
    const race = awkward();
    const lines = jsonLines(race)
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const { type, ...header } = lines[0];
    expect(type).toBe("header");
    expect(lines).toHaveLength(1 + 72 * race.at.length);
    const steps = lines.slice(1).map(({ step }) => step as number);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    const curves = new Map<string, (number | null)[]>();
    for (const { entry, seed, loss } of lines.slice(1)) {
      const key = `${entry} ${seed}`;
      curves.set(key, [...(curves.get(key) ?? []), loss]);
    }
    for (const entry of header.entries)
      for (const run of entry.runs) run.loss = curves.get(`${entry.name} ${run.seed}`);
    expect(header).toEqual(JSON.parse(JSON.stringify(race)));
  });
});
