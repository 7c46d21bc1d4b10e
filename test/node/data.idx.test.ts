import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { FallLineError } from "../../src/core/check.ts";
import { type IdxType, idx, readIdx, type Source } from "../../src/data/index.ts";

const codes: Record<IdxType, number> = { u8: 8, i8: 9, i16: 11, i32: 12, f32: 13, f64: 14 };
const widths: Record<IdxType, number> = { u8: 1, i8: 1, i16: 2, i32: 4, f32: 4, f64: 8 };

/** An IDX file, written number by number with DataView. */
function encode(type: IdxType, shape: readonly number[], values: readonly number[]): Uint8Array<ArrayBuffer> {
  const head = 4 + 4 * shape.length;
  const bytes = new Uint8Array(head + values.length * widths[type]);
  const view = new DataView(bytes.buffer);
  bytes.set([0, 0, codes[type], shape.length]);
  shape.forEach((size, i) => void view.setUint32(4 + 4 * i, size));
  const put = {
    u8: (at: number, v: number) => view.setUint8(at, v),
    i8: (at: number, v: number) => view.setInt8(at, v),
    i16: (at: number, v: number) => view.setInt16(at, v),
    i32: (at: number, v: number) => view.setInt32(at, v),
    f32: (at: number, v: number) => view.setFloat32(at, v),
    f64: (at: number, v: number) => view.setFloat64(at, v),
  }[type];
  values.forEach((value, i) => void put(head + i * widths[type], value));
  return bytes;
}

const samples: Record<IdxType, number[]> = {
  u8: [0, 1, 127, 128, 254, 255],
  i8: [-128, -1, 0, 1, 2, 127],
  i16: [-32768, -2, 0, 258, 1000, 32767],
  i32: [-2147483648, -3, 0, 16909060, 65536, 2147483647],
  f32: [-1.5, 0, 0.25, 3.5, 2 ** -20, 2 ** 100],
  f64: [-1.5, 0, Math.PI, 1e300, 5e-324, 0.1],
};

const streamOf = (bytes: Uint8Array, size: number): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.subarray(at, at + size));
      controller.close();
    },
  });

describe("readIdx", () => {
  it.each(Object.keys(codes) as IdxType[])("reads %s in any shape, from any source, plain and gzip", async (type) => {
    const values = samples[type];
    for (const shape of [[6], [2, 3], [3, 1, 2]]) {
      const bytes = encode(type, shape, values);
      const packed = new Uint8Array(gzipSync(bytes));
      const sources: Source[] = [bytes, bytes.buffer, new Blob([bytes]), packed, new File([packed], "x.gz")];
      for (const size of [1, 3, 1000]) sources.push(streamOf(bytes, size), streamOf(packed, size));
      for (const source of sources) {
        const read = await readIdx(source);
        expect(read).toMatchObject({ type, shape });
        expect(Array.from(read.data)).toEqual(values);
        expect(read.data.BYTES_PER_ELEMENT).toBe(widths[type]);
      }
    }
  });

  it("does not share memory with its source", async () => {
    const bytes = encode("u8", [2], [1, 2]);
    const { data } = await readIdx(bytes);
    bytes[8] = 9;
    expect([...data]).toEqual([1, 2]);
  });

  const good = encode("u8", [2, 3], samples.u8);
  const changed = (at: number, value: number): Uint8Array<ArrayBuffer> => {
    const bytes = good.slice();
    bytes[at] = value;
    return bytes;
  };
  it.each<[string, Uint8Array<ArrayBuffer>]>([
    ["the file is empty; is it an IDX file", new Uint8Array(0)],
    ["it ends at byte 2, in its header of 4; the file is cut short", good.slice(0, 2)],
    ["it ends at byte 9, in its header of 12; the file is cut short", good.slice(0, 9)],
    ["it ends at byte 12, expected 18 (12 of header, 2 x 3 u8); the file is cut short", good.slice(0, 12)],
    ["it ends at byte 17, expected 18 (12 of header, 2 x 3 u8); the file is cut short", good.slice(0, 17)],
    ["there is more after byte 18, where its header says it ends", Uint8Array.from([...good, 0])],
    ["byte 0 is 0x3c, expected 0x00; is it an IDX file", new TextEncoder().encode("<!doctype html>")],
    ["byte 1 is 0x07, expected 0x00", changed(1, 7)],
    ["byte 2, the type, is 0x0a, expected 0x08 (u8), 0x09 (i8), 0x0b (i16)", changed(2, 10)],
    ["byte 3, the number of sizes, is 0, expected 1 to 8", changed(3, 0)],
    ["byte 3, the number of sizes, is 9, expected 1 to 8", changed(3, 9)],
    ["byte 8: size 1 is 0, expected at least 1; the file holds no numbers", changed(11, 0)],
    ["its header asks for 4278190082 x 3 u8, 12834570246 bytes; at most 536870912; raise maxBytes", changed(4, 255)],
    ["(gzip): reading broke off after", new Uint8Array(gzipSync(good)).slice(0, 20)],
    ["(gzip): reading broke off after 0 bytes", Uint8Array.of(0x1f, 0x8b, 1, 2, 3)],
  ])("refuses, naming the file: %s", async (message, bytes) => {
    for (const source of [new File([bytes], "train.idx"), bytes]) {
      const error = await readIdx(source, source === bytes ? { name: "train.idx" } : {}).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(FallLineError);
      expect((error as Error).message).toContain("idx train.idx");
      expect((error as Error).message).toContain(message);
    }
  });

  it("refuses by the header alone, and leaves a stream that goes on", async () => {
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(encode("u8", [1000, 1000], [])),
      pull: (controller) => controller.enqueue(new Uint8Array(1000)),
      cancel: () => {
        cancelled = true;
      },
    });
    await expect(readIdx(endless, { maxBytes: 999_999 })).rejects.toThrow("1000000 bytes; at most 999999");
    expect(cancelled).toBe(true);
  });

  it("a gzip that unpacks to more than its header says is refused before it is all unpacked", async () => {
    const bomb = new Uint8Array(gzipSync(Buffer.concat([good, Buffer.alloc(50_000_000)])));
    await expect(readIdx(bomb)).rejects.toThrow("there is more after byte 18");
  });

  it("refuses what is no source", async () => {
    await expect(readIdx(7 as unknown as Source)).rejects.toThrow("idx file: the source is none of File, Blob");
  });
});

describe("idx", () => {
  const count = 40;
  const iota = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
  const labels = encode(
    "u8",
    [count],
    iota(count).map((i) => i % 4),
  );
  /** Image i is all i. */
  const images = encode(
    "u8",
    [count, 2, 3],
    iota(count * 6).map((i) => Math.floor(i / 6)),
  );

  it("gives bytes with their labels, scaled by 1/255, in stratified splits", async () => {
    const data = await idx({ images, labels, seed: 3, split: { train: 20, validation: 12, test: 8 } });
    expect(data).toMatchObject({ name: "idx", count, features: 6, shape: [2, 3], outputs: 4 });
    expect(data.x).toBeInstanceOf(Uint8Array);
    expect(data.scale[0]).toBe(Math.fround(1 / 255));
    for (let i = 0; i < count; i++) expect(data.y[i]).toBe(data.x[6 * i]! % 4);
    expect([...data.y.subarray(32)].sort()).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  });

  it("keeps the format's own test rows apart, in their order, and deals validation from the first pair", async () => {
    const test = {
      images: encode(
        "u8",
        [3, 2, 3],
        iota(18).map((i) => 100 + Math.floor(i / 6)),
      ),
      labels: encode("u8", [3], [1, 0, 3]),
    };
    const data = await idx({ images, labels, test });
    expect(data.splits).toEqual({
      train: { start: 0, count: 36 },
      validation: { start: 36, count: 4 },
      test: { start: 40, count: 3 },
    });
    expect([...data.x.subarray(240)]).toEqual(iota(18).map((i) => 100 + Math.floor(i / 6)));
    expect([...data.y.subarray(40)]).toEqual([1, 0, 3]);
    for (let i = 0; i < count; i++) expect(data.y[i]).toBe(data.x[6 * i]! % 4);
    expect([...data.y.subarray(36, 40)].sort()).toEqual([0, 1, 2, 3]);
    await expect(idx({ images, labels, test, split: { test: 4 } })).rejects.toThrow("split.test is 4");
  });

  it("takes floats and targets", async () => {
    const x = encode("f32", [4, 2], [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4]);
    const y = encode("f64", [4, 2], [1, -1, 2, -2, 3, -3, 4, -4]);
    const data = await idx({ images: x, labels: y, split: { train: 1 }, name: "pairs" });
    expect(data).toMatchObject({ name: "pairs", shape: [2], outputs: 2, classes: undefined });
    expect(data.scale[0]).toBe(1);
    for (let i = 0; i < 4; i++) expect(data.y[2 * i]).toBe(data.x[2 * i]! + 0.5);
    expect((await idx({ images: encode("i16", [4, 1], [1, -2, 3, -4]), labels: y })).x).toBeInstanceOf(Float32Array);
  });

  it.each([
    ["idx labels: it has 39 labels, images has 40 images", { labels: encode("u8", [39], iota(39)) }],
    [
      "idx labels: its shape is 40 x 2 u8, expected one label for each image",
      { labels: encode("u8", [40, 2], iota(80)) },
    ],
    [
      "idx labels: label 1 is -1, expected an integer >= 0",
      {
        labels: encode(
          "i8",
          [40],
          iota(40).map((i) => -(i % 2)),
        ),
      },
    ],
    ["idx images: it has one size, expected [count, ...]; are these the labels?", { images: labels }],
    [
      "dataset idx: x at row 0, column 0 is Infinity",
      {
        images: encode(
          "f64",
          [40, 1],
          iota(40).map(() => 1e300),
        ),
      },
    ],
    [
      "its images are 3 x 2, the first pair's 2 x 3",
      { test: { images: encode("u8", [1, 3, 2], iota(6)), labels: encode("u8", [1], [0]) } },
    ],
    [
      "its numbers are of another kind",
      { test: { images: encode("f32", [1, 2, 3], iota(6)), labels: encode("u8", [1], [0]) } },
    ],
    ['unknown option "image"; did you mean "images"?', { image: images }],
  ])("refuses: %s", async (message, change) => {
    await expect(idx({ images, labels, ...change })).rejects.toThrow(message);
  });
});
