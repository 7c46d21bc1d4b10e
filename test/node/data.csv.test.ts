import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { FallLineError } from "../../src/core/check.ts";
import { hash } from "../../src/core/random.ts";
import { guessTask } from "../../src/data/csv_answers.ts";
import { CsvParser, type Delimiter } from "../../src/data/csv_records.ts";
import { type CsvOptions, csv, oneHot, previewCsv, type Source } from "../../src/data/index.ts";

/** Every row in order, all for training. */
const inOrder: CsvOptions = { shuffle: false, split: { train: 1 } };

const streamOf = (bytes: Uint8Array, size: number, onCancel?: () => void): ReadableStream<Uint8Array> => {
  let at = 0;
  return new ReadableStream(
    {
      pull(controller) {
        if (at >= bytes.length) controller.close();
        else controller.enqueue(bytes.subarray(at, at + size));
        at += size;
      },
      ...(onCancel ? { cancel: onCancel } : {}),
    },
    { highWaterMark: 0 },
  );
};
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

const records = (text: string, delimiter: Delimiter, size = text.length): string[][] => {
  const parser = new CsvParser("test", delimiter, 1e6);
  for (let at = 0; at < text.length; at += size) parser.push(text.slice(at, at + size));
  parser.end();
  return parser.take().map(({ cells }) => [...cells]);
};

describe("CSV records", () => {
  const letters = ["a", "B", "7", " ", '"', ",", ";", "\t", "\r", "\n", "é", "\u{1f600}", ""];

  it("come back as they were written: any cells, quoting, delimiter, line ends and chunks", () => {
    for (let seed = 0; seed < 400; seed++) {
      let index = 0;
      const random = (below: number): number => hash(seed, 1, 2, index++) % below;
      const delimiter = ([",", ";", "\t"] as const)[random(3)]!;
      const newline = ["\n", "\r\n", "\r"][random(3)]!;
      const width = 1 + random(4);
      const table = Array.from({ length: 1 + random(6) }, () =>
        Array.from({ length: width }, () =>
          Array.from({ length: random(6) }, () => letters[random(letters.length)]).join(""),
        ),
      );
      const written = table.map((row) =>
        row
          .map((cell) => {
            const must = /["\r\n]/.test(cell) || cell.includes(delimiter) || (width === 1 && cell === "");
            return must || random(3) === 0 ? `"${cell.replaceAll('"', '""')}"` : cell;
          })
          .join(delimiter),
      );
      const text = written.join(newline) + (random(2) ? newline : "");
      for (const size of [1, 2, 3, 7, text.length])
        expect(records(text, delimiter, size), JSON.stringify(text)).toEqual(table);
    }
  });

  it("skip blank lines and count them; a quoted empty cell is no blank line", () => {
    const parser = new CsvParser("test", ",", 100);
    parser.push('a\r\n\r\n""\n\nb');
    parser.end();
    expect(parser.take()).toEqual([
      { row: 1, cells: ["a"] },
      { row: 3, cells: [""] },
      { row: 5, cells: ["b"] },
    ]);
  });
});

const iris = `sepal,petal,species
5.1,1.4,setosa
7.0,4.7,versicolor
6.3,6.0,virginica
4.9,1.5,setosa
`;

describe("csv", () => {
  it("reads features, classes in sorted order, and says what it guessed", async () => {
    const data = await csv(iris, inOrder);
    expect(data).toMatchObject({ name: "csv", count: 4, features: 2, outputs: 3, shape: [2] });
    expect(data.classes).toEqual(["setosa", "versicolor", "virginica"]);
    expect([...data.y]).toEqual([0, 1, 2, 0]);
    expect([...data.x]).toEqual([5.1, 1.4, 7, 4.7, 6.3, 6, 4.9, 1.5].map(Math.fround));
    expect(data.reading).toEqual({
      delimiter: ",",
      header: true,
      target: ["species"],
      task: "classification",
      features: ["sepal", "petal"],
      dropped: 0,
      filled: 0,
      means: undefined,
    });
  });

  it("is the same from text, bytes, Blob, File, gzip and streams of any chunks, with CRLF, a byte order mark, no last newline", async () => {
    const { hash: want } = await csv(iris, inOrder);
    const variants = [
      iris,
      iris.replaceAll("\n", "\r\n"),
      `\ufeff${iris}`,
      iris.trimEnd(),
      iris.replaceAll("\n", "\n\n"),
    ];
    for (const text of [
      ...variants,
      iris.replaceAll(",", ";"),
      iris.replaceAll(",", "\t"),
      iris.replaceAll(",", " , "),
    ]) {
      const bytes = bytesOf(text);
      const sources: Source[] = [text, bytes, bytes.buffer, new Blob([bytes]), new File([bytes], "a.csv")];
      sources.push(new Uint8Array(gzipSync(bytes)), streamOf(bytes, 1), streamOf(bytes, 5));
      for (const source of sources) expect((await csv(source, inOrder)).hash).toBe(want);
    }
  });

  it("the shuffle and the splits are dataset()'s own: stratified and seeded", async () => {
    const text = Array.from({ length: 100 }, (_, i) => `${i},${["no", "yes"][i % 2]}`).join("\n");
    const data = await csv(text, { seed: 4, split: { train: 60, validation: 20, test: 20 } });
    for (const { start, count } of Object.values(data.splits)) {
      expect([...data.y.subarray(start, start + count)].filter((label) => label === 1)).toHaveLength(count / 2);
    }
    for (let i = 0; i < 100; i++) expect(data.y[i]).toBe(data.x[i]! % 2);
    expect((await csv(text, { seed: 4 })).hash).not.toBe((await csv(text, { seed: 5 })).hash);
  });

  it.each<[string, string, CsvOptions, string[], string]>([
    ["label first", "label,a\n1,2\n0,3", {}, ["label"], "classification"],
    ["the last column", "a,b\n1,2.5\n0,3", {}, ["b"], "regression"],
    ["a name", "a,b\n1,2\n0,3", { target: "a" }, ["a"], "classification"],
    ["an index", "a,b\n1,2\n0,3", { target: 0 }, ["a"], "classification"],
    ["from the end", "a,b,c\n1,2,x\n0,3,4.5", { target: -2, ignore: ["c"] }, ["b"], "classification"],
    ["no header", "1,2\n3,5\n4,9", {}, ["column 2"], "regression"],
    ["a header of numbers", "1,2\n3,5\n4,9.5", { header: true }, ["2"], "regression"],
    ["texts without a header", "a,b\nc,d", { header: false, oneHot: true }, ["column 2"], "classification"],
    ["classes that are integers", "a,b\n1,2\n0,3", { task: "regression" }, ["b"], "regression"],
    ["several", "a,b,c\n1,2,3\n0,3,4", { target: ["c", "a"] }, ["c", "a"], "regression"],
  ])("finds the target and the task: %s", async (_, text, options, target, task) => {
    expect((await csv(text, { ...inOrder, ...options })).reading).toMatchObject({ target, task });
  });

  it("takes the delimiter that gives columns of equal width", async () => {
    const { delimiter, header, features } = (await csv("a,b;c\n1;2.5\n3;4\n", inOrder)).reading;
    expect([delimiter, header, features]).toEqual([";", true, ["a,b"]]);
  });

  it("several targets lie side by side", async () => {
    const data = await csv("a,b,c\n1,2,3\n0,3,4", { ...inOrder, target: ["c", "a"] });
    expect([...data.y]).toEqual([3, 1, 4, 0]);
    expect(data).toMatchObject({ outputs: 2, features: 1, classes: undefined });
  });

  it("takes few distinct integers without a gap for classes, and nothing else", () => {
    const guess = (values: number[]): string =>
      guessTask({
        numbers: Float64Array.from(values),
        texts: { all: values.map(String), indices: new Uint32Array(values.length) },
        notNumber: undefined,
      });
    expect(guess([0, 1, 1, 0])).toBe("classification");
    expect(guess([3, 1, 2])).toBe("classification");
    expect(guess(Array.from({ length: 20 }, (_, i) => i))).toBe("classification");
    expect(guess(Array.from({ length: 21 }, (_, i) => i))).toBe("regression");
    expect(guess([0, 2, 3])).toBe("regression");
    expect(guess([0, 1, 1.5])).toBe("regression");
  });

  it("sorts numbers by value, takes 1 and 1.0 for one class, and keeps classes in the order given", async () => {
    const data = await csv("x,label\n1,10\n2,9\n3,9.0\n4,+10", inOrder);
    expect(data.classes).toEqual(["9", "10"]);
    expect([...data.y]).toEqual([1, 0, 0, 1]);
    const given = await csv("x,label\n1,no\n2,yes", { ...inOrder, classes: ["yes", "no", "maybe"] });
    expect([...given.y]).toEqual([1, 0]);
    expect(given.outputs).toBe(3);
  });

  it("uses features and ignores what it is told", async () => {
    const text = "id,a,b,c,y\nx1,1,2,3,0\nx2,4,5,6,1";
    expect((await csv(text, { ...inOrder, ignore: ["id"] })).reading.features).toEqual(["a", "b", "c"]);
    const data = await csv(text, { ...inOrder, features: ["c", 1] });
    expect([...data.x]).toEqual([3, 1, 6, 4]);
  });

  it("one-hot: a column for each text in sorted order, for all text columns or those named", async () => {
    const text = "city,n,zip,y\nRome,1,7,0.5\nBern,2,8,1.5\nRome,3,7,2.5";
    const all = await csv(text, { ...inOrder, oneHot: true });
    expect(all.reading.features).toEqual(["city=Bern", "city=Rome", "n", "zip"]);
    expect([...all.x]).toEqual([0, 1, 1, 7, 1, 0, 2, 8, 0, 1, 3, 7]);
    const named = await csv(text, { ...inOrder, oneHot: ["zip", 0] });
    expect(named.reading.features).toEqual(["city=Bern", "city=Rome", "n", "zip=7", "zip=8"]);
    expect([...named.x]).toEqual([0, 1, 1, 1, 0, 1, 0, 2, 0, 1, 0, 1, 3, 1, 0]);
  });

  it("reads numbers as written and nothing else", async () => {
    const numbers = ["1", "-2.5", "+3", ".5", "4.", "1e3", "2E-2", "-0"];
    const data = await csv(numbers.map((n) => `${n},0.5`).join("\n"), inOrder);
    expect([...data.x]).toEqual(numbers.map(Number).map(Math.fround));
    for (const text of ["0x10", "1_000", "1,5", "Infinity", "inf", "--1", "1e", "e5", "1 2", "１"]) {
      await expect(csv(`a;b\n1;2\n${text};3`, inOrder)).rejects.toThrow(
        `row 3, column 1 (a) is ${JSON.stringify(text)}`,
      );
    }
  });
});

describe("missing cells", () => {
  const text = "a,city,y\n1,Rome,0.5\n,Bern,1.5\n3,?,2.5\n5,Rome,3.5\n100,Oslo,4.5\n";

  it("are an error by default, that names row and column", async () => {
    await expect(csv(text, { oneHot: true })).rejects.toThrow(
      'row 3, column 1 (a) is missing (""); fill it in, or set missing: "drop" or "mean"',
    );
  });

  it("drop leaves the rows out and counts them", async () => {
    const data = await csv(text, { ...inOrder, oneHot: true, missing: "drop" });
    expect([...data.y]).toEqual([0.5, 3.5, 4.5]);
    expect(data.reading).toMatchObject({ dropped: 2, filled: 0, features: ["a", "city=Oslo", "city=Rome"] });
  });

  it("mean fills with the training rows' mean, and a text with each text's share of them", async () => {
    const data = await csv(text, { shuffle: false, split: { train: 4, test: 1 }, oneHot: true, missing: "mean" });
    expect(data.reading.features).toEqual(["a", "city=Bern", "city=Oslo", "city=Rome"]);
    const third = Math.fround(1 / 3);
    expect([...data.reading.means!]).toEqual([3, third, 0, Math.fround(2 / 3)]);
    expect([...data.x.subarray(4, 12)]).toEqual([3, 1, 0, 0, 3, third, 0, Math.fround(2 / 3)]);
    expect(data.reading.filled).toBe(2);
  });

  it("mean is that of the rows that dataset() deals to training, shuffled and stratified", async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 7 === 0 ? "NA" : i},${i},${i % 3}`);
    const data = await csv(rows.join("\n"), { missing: "mean", seed: 11 });
    const { start, count } = data.splits.train;
    let [sum, n] = [0, 0];
    for (let i = start; i < start + count; i++) {
      if (data.x[2 * i + 1]! % 7 === 0) continue;
      sum += data.x[2 * i]!;
      n++;
    }
    expect(data.reading.means![0]).toBe(Math.fround(sum / n));
    for (let i = 0; i < 60; i++) if (data.x[2 * i + 1]! % 7 === 0) expect(data.x[2 * i]).toBe(Math.fround(sum / n));
  });

  it("NaN and its like are missing, unless the words are others", async () => {
    for (const word of ["", " ", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?"]) {
      await expect(csv(`a,y\n1,2\n${word},3`)).rejects.toThrow(
        `row 3, column 1 (a) is missing (${JSON.stringify(word)})`,
      );
    }
    await expect(csv("a,y\n1,2\n-999,3", { missingWords: ["-999"] })).rejects.toThrow('is missing ("-999")');
    await expect(csv("a,y\n1,2\nNaN,3", { missingWords: ["-999"] })).rejects.toThrow('is "NaN", expected a number');
  });

  it("of the target stay an error with mean, and columns that are left out may have them", async () => {
    await expect(csv("a,y\n1,2\n2,", { missing: "mean" })).rejects.toThrow(
      'row 3, column 2 (y) is missing (""); fill it in, or set missing: "drop"',
    );
    expect((await csv("a,b,y\n1,,2\n2,,3", { ignore: ["b"] })).count).toBe(2);
  });
});

describe("csv refuses", () => {
  it.each<[string, string | Uint8Array<ArrayBuffer>, CsvOptions]>([
    ["csv file: the file is empty; give a file with a row for each example", "", {}],
    ["the file is empty", "\n\r\n\n", {}],
    ["the file is empty", new Uint8Array(gzipSync(new Uint8Array(0))), {}],
    ["it has no rows below its header", "a,b\n", {}],
    ["row 3 has 2 columns, expected 3 as in row 1; a cell that holds a delimiter", "a,b,c\n1,2,3\n4,5\n", {}],
    ["row 4 has 4 columns, expected 3 as in row 1", "a,b,c\n1,2,3\n\n4,5,6,7\n", {}],
    ["row 3, column 2: the quote opened here is never closed; close it", 'a,b\n1,2\n3,"4\n5,6\n', {}],
    ['row 2, column 1: "x" stands after the closing quote', 'a,b\n"1"x,2\n', {}],
    ["row 2, column 2: a quote stands inside a cell without quotes", 'a,b\n1,2"\n', {}],
    ["row 1 is longer than 1048576 characters; is it a CSV file?", "1,".repeat(5_000_000), {}],
    ["column 1: the quote opened here is not closed within 1048576 characters", `a,b\n"${"x\n".repeat(5_000_000)}`, {}],
    ["row 1 is longer than 5 characters", "1234567,8\n", { maxRowLength: 5 }],
    ["row 1 has 3 columns, at most 2; raise maxColumns", "a,b,c\n", { maxColumns: 2 }],
    ["the text is no UTF-8, seen by byte 5; save it as UTF-8", Uint8Array.of(97, 44, 98, 10, 0xe9), {}],
    ["the text is no UTF-8", Uint8Array.of(0xff, 0xfe, 97, 0, 44, 0), {}],
    ["the text is no UTF-8", Uint8Array.of(97, 44, 98, 10, 0xc3), {}],
    ['row 2, column 1 (a) is "x", expected a number; correct it', "a,b\nx,2\n", {}],
    ['row 3, column 1 (a) is "x", expected a number', "a,b\n1,2\nx,2\n", { oneHot: true }],
    ['row 3, column 1 (a) is "3,5", expected a number; write a decimal point', "a;b\n1;2\n3,5;2\n", {}],
    ["row 2, column 1 (a) is 1e39, too large for f32; scale it down", "a,b\n1e39,2\n", {}],
    ["row 2, column 2 (b) is 1e+39, too large for f32", "a,b\n1,1e39\n", { task: "regression" }],
    [
      'row 3, column 2 (b) is "x", expected a number; set task: "classification"',
      "a,b\n1,2\n3,x\n",
      { task: "regression" },
    ],
    ['row 3, column 2 (b) is "c", expected one of classes: a, b', "a,b\n1,a\n3,c\n", { classes: ["a", "b"] }],
    [
      "row 4, column 1 (a) is a text too many: the column has over 2",
      "a,b\nx,1\ny,1\nz,1\n",
      { oneHot: true, maxTexts: 2 },
    ],
    ['there is no column "speceis"; did you mean "species"?', iris, { target: "speceis" }],
    ["column index is 3, expected an integer >= -3 and < 3", iris, { target: 3 }],
    ['two columns are called "a"; give its index, from 0', "a,a,b\n1,2,3\n", { target: "a" }],
    ["column 1 (sepal) is named twice among target and features", iris, { features: ["sepal", 0] }],
    ["column 3 (species) is named twice", iris, { features: ["species"] }],
    ["no column is left to learn from beside species; check the delimiter", iris, { ignore: [0, 1] }],
    ["no column is left to learn from", "a\n1\n2\n", {}],
    [
      "row 2: the numbers so far take over 8 bytes; raise maxBytes",
      "1,2,3.5\n4,5,6\n7,8,9\n",
      { maxBytes: 8, header: false },
    ],
    ["3 rows x 4 features take 48 bytes, at most 30", "a,b,y\nx,1,1\ny,1,1\nz,1,2\n", { oneHot: true, maxBytes: 30 }],
    ["a has no value in any training row, so it has no mean", "a,b,y\n,1,1\n,1,2\n", { missing: "mean" }],
    ['all 2 rows have missing cells; set missing: "mean"', "a,y\n,1\n,2\n", { missing: "drop" }],
    ['missing is "zero", expected error, drop or mean', iris, { missing: "zero" as "mean" }],
    ['delimiter is "|", expected "," or ";" or a tab', iris, { delimiter: "|" as "," }],
    ['unknown option "traget"; did you mean "target"?', iris, { traget: 1 } as object],
    [
      "there are 2 targets, expected one for classification",
      iris,
      { target: [0, 1], task: "classification", oneHot: true },
    ],
    [
      "classes are named, the task is regression",
      iris,
      { target: 0, features: [1], task: "regression", classes: ["a"] },
    ],
    ["classes names one twice", iris, { classes: ["a", "a"] }],
  ])("%s", async (message, content, options) => {
    const source = typeof content === "string" ? content : new Blob([content]);
    const error = await csv(source, options).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(FallLineError);
    expect((error as Error).message).toContain(message);
  });

  it("more than 65,536 classes of texts, and takes as many numbers", async () => {
    const rows = (name: (i: number) => string): string =>
      Array.from({ length: 65_537 }, (_, i) => `1,${name(i)}`).join("\n");
    await expect(
      csv(
        rows((i) => `t${i}`),
        inOrder,
      ),
    ).rejects.toThrow("the target column 2 has over 65,536 classes");
    expect((await csv(rows(String), inOrder)).reading.task).toBe("regression");
  });

  it("by the file's name, and leaves a stream at the first error", async () => {
    await expect(csv(new File(["a,b\n1"], "my data.csv"))).rejects.toThrow("csv my data.csv: row 2 has 1 columns");
    let cancelled = false;
    const bytes = bytesOf(`a,b\nx,1\n${"1,2\n".repeat(100_000)}`);
    await expect(csv(streamOf(bytes, 70_000, () => (cancelled = true)))).rejects.toThrow('row 2, column 1 (a) is "x"');
    expect(cancelled).toBe(true);
  });
});

describe("previewCsv", () => {
  it("shows the first rows, kinds of columns and the target, without reading the rest", async () => {
    let cancelled = false;
    const bytes = bytesOf(`a,b,species,none\n1,x,u,\n2,3,v,NA\n${"4,y,w,\n".repeat(50_000)}broken`);
    const preview = await previewCsv(
      streamOf(bytes, 70_000, () => (cancelled = true)),
      { rows: 3 },
    );
    expect(preview).toEqual({
      delimiter: ",",
      header: true,
      columns: [
        { name: "a", kind: "number" },
        { name: "b", kind: "mixed" },
        { name: "species", kind: "text" },
        { name: "none", kind: "empty" },
      ],
      rows: [
        ["1", "x", "u", ""],
        ["2", "3", "v", "NA"],
        ["4", "y", "w", ""],
      ],
      target: 3,
      problem: undefined,
    });
    expect(cancelled).toBe(true);
  });

  it("shows the rows before a problem, and the problem", async () => {
    const ragged = await previewCsv("a,b\n1,2\n3\n5,6\n");
    expect(ragged.rows).toEqual([["1", "2"]]);
    expect(ragged.problem?.message).toContain("row 3 has 1 columns, expected 2 as in row 1");
    const open = await previewCsv('a,b\n1,2\n3,"4\n');
    expect(open.rows).toEqual([["1", "2"]]);
    expect(open.problem?.message).toContain("row 3, column 2: the quote opened here is never closed");
    await expect(previewCsv("")).rejects.toThrow("the file is empty");
  });
});

it("oneHot", () => {
  expect([...oneHot([1, 0, 2])]).toEqual([0, 1, 0, 1, 0, 0, 0, 0, 1]);
  expect([...oneHot(Uint32Array.of(0, 1), 3)]).toEqual([1, 0, 0, 0, 1, 0]);
  expect(() => oneHot([0, 3], 3)).toThrow("oneHot: label 1 is 3, expected an integer >= 0 and < 3");
  expect(() => oneHot([0.5])).toThrow("oneHot: classes is 1.5");
  expect(() => oneHot([-1, 0])).toThrow("oneHot: label 0 is -1");
});
