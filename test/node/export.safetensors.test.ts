// safetensors: read back by a reader written from the format's specification, and files that are broken in every way a header can be.
import { describe, expect, it } from "vitest";
import { decodeSafetensors, encodeSafetensors, type SafeTensor } from "../../src/export/safetensors.ts";
import { torchParameters } from "../../src/export/torch.ts";
import { fromSafetensors, toSafetensors } from "../../src/export/weights.ts";
import { linear, openBackend, relu, residual, sequential, sgd, train, xor, crossEntropy } from "../../src/index.ts";

/**
 * "8 bytes: N, an unsigned little-endian 64-bit integer, the size of the header; N bytes: a JSON UTF-8 string, beginning with {,
 * which may be padded with whitespace; the rest: the byte buffer." data_offsets are relative to the buffer.
 */
function readBySpecification(file: Uint8Array): Record<string, { dtype: string; shape: number[]; bytes: Uint8Array }> {
  let size = 0;
  for (let i = 7; i >= 0; i--) size = size * 256 + (file[i] as number);
  expect(file[8]).toBe("{".charCodeAt(0));
  const header = JSON.parse(new TextDecoder().decode(file.slice(8, 8 + size)));
  const buffer = file.slice(8 + size);
  const entries = Object.entries(header).filter(([name]) => name !== "__metadata__");
  return Object.fromEntries(
    entries.map(([name, at]) => {
      const { dtype, shape, data_offsets: offsets } = at as { dtype: string; shape: number[]; data_offsets: number[] };
      return [name, { dtype, shape, bytes: buffer.slice(offsets[0], offsets[1]) }];
    }),
  );
}

const tensors: readonly SafeTensor[] = [
  { name: "b", shape: [2], data: Float32Array.of(1.5, -2) },
  { name: "labels", shape: [3], data: Int32Array.of(1, -1, 2 ** 30) },
  { name: "a", shape: [2, 2], data: Float32Array.of(0, -0, 3e38, 1e-45) },
  { name: "pixels", shape: [5], data: Uint8Array.of(0, 1, 2, 254, 255) },
  { name: "none", shape: [0, 4], data: new Float32Array(0) },
];

describe("the format", () => {
  const file = encodeSafetensors({ tensors, metadata: { format: "pt", über: "ß" } });

  it("is as the specification says: sorted, aligned, without holes", () => {
    const read = readBySpecification(file);
    expect(Object.keys(read)).toEqual(["a", "b", "labels", "none", "pixels"]);
    const headerBytes = Number(new DataView(file.buffer).getBigUint64(0, true));
    expect(headerBytes % 8).toBe(0);
    for (const { name, shape, data } of tensors) {
      expect(read[name]?.shape).toEqual(shape);
      expect([...(read[name]?.bytes ?? [])]).toEqual([...new Uint8Array(data.buffer)]);
    }
    expect(Object.values(read).map(({ dtype }) => dtype)).toEqual(["F32", "F32", "I32", "F32", "U8"]);
    expect(file.length).toBe(8 + headerBytes + 16 + 8 + 12 + 5);
  });

  it("comes back to the bit, with its texts", () => {
    const { tensors: read, metadata } = decodeSafetensors(file);
    expect(metadata).toEqual({ format: "pt", über: "ß" });
    const by = (list: readonly SafeTensor[]) => [...list].sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(by(read)).toEqual(by(tensors));
    expect(Object.is(read[0]?.data[1], -0)).toBe(true);
  });

  it("reads doubles, halves and bfloat16 as f32", () => {
    const make = (dtype: string, bytes: Uint8Array, count: number): Uint8Array => {
      const json = JSON.stringify({ x: { dtype, shape: [count], data_offsets: [0, bytes.length] } });
      const head = new Uint8Array(8);
      new DataView(head.buffer).setBigUint64(0, BigInt(json.length), true);
      return Uint8Array.of(...head, ...new TextEncoder().encode(json), ...bytes);
    };
    const read = (dtype: string, bytes: Uint8Array, count: number) => [
      ...(decodeSafetensors(make(dtype, bytes, count)).tensors[0]?.data ?? []),
    ];
    const doubles = new Uint8Array(Float64Array.of(0.1, -3).buffer);
    expect(read("F64", doubles, 2)).toEqual([Math.fround(0.1), -3]);
    // 1, -2, 65504, the least subnormal 2^-24, infinity, NaN
    const halves = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x7c00, 0x7e00);
    expect(read("F16", new Uint8Array(halves.buffer), 6)).toEqual([1, -2, 65504, 2 ** -24, Infinity, NaN]);
    expect(read("BF16", new Uint8Array(Uint16Array.of(0x3f80, 0xc040).buffer), 2)).toEqual([1, -3]);
  });

  it("refuses to write what it could not read", () => {
    const one = { name: "x", shape: [2], data: Float32Array.of(1) };
    expect(() => encodeSafetensors({ tensors: [one], metadata: {} })).toThrow("x has 1 numbers, expected those of [2]");
    const good = { ...one, shape: [1] };
    expect(() => encodeSafetensors({ tensors: [good, good], metadata: {} })).toThrow("x comes twice");
    const odd = [{ ...good, name: "__metadata__" }];
    expect(() => encodeSafetensors({ tensors: odd, metadata: {} })).toThrow("__metadata__ comes twice");
    const proto = encodeSafetensors({ tensors: [{ ...good, name: "__proto__" }], metadata: {} });
    expect(decodeSafetensors(proto).tensors[0]?.name).toBe("__proto__");
  });
});

describe("a broken file", () => {
  const write = (header: unknown, body: number, length?: bigint): Uint8Array => {
    const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
    const file = new Uint8Array(8 + json.length + body);
    new DataView(file.buffer).setBigUint64(0, length ?? BigInt(json.length), true);
    file.set(json, 8);
    return file;
  };
  const x = { dtype: "F32", shape: [2], data_offsets: [0, 8] };
  const all: [string, Uint8Array, RegExp][] = [
    ["empty", new Uint8Array(0), /0 bytes, too short/],
    ["a picture", Uint8Array.from({ length: 200 }, () => 137), /a header of \d+ bytes in a file of 200/],
    ["a long header", write({ x }, 8, 100_000_001n), /a header of 100000001 bytes/],
    ["no JSON", write("{x", 0), /header is no JSON/],
    ["no UTF-8", Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 255), /header is no JSON/],
    ["a list", write([x], 8), /no JSON object/],
    ["numbers as texts", write({ __metadata__: { step: 3 } }, 0), /__metadata__ step is no text/],
    ["an unknown type", write({ x: { ...x, dtype: "C64" } }, 8), /safetensors x: dtype is "C64"/],
    ["a type of Object's", write({ x: { ...x, dtype: "toString" } }, 8), /dtype is "toString"/],
    ["a negative size", write({ x: { ...x, shape: [-2] } }, 8), /safetensors x: shape is \[-2\]/],
    ["half a size", write({ x: { ...x, shape: [1.5] } }, 8), /shape is \[1.5\]/],
    ["one offset", write({ x: { ...x, data_offsets: [0] } }, 8), /safetensors x: data_offsets/],
    ["past the end", write({ x: { ...x, data_offsets: [4, 12] } }, 8), /lies at bytes 4 to 12 of 8/],
    ["backwards", write({ x: { ...x, data_offsets: [8, 0] } }, 8), /lies at bytes 8 to 0/],
    ["another shape", write({ x: { ...x, shape: [3] } }, 8), /has 8 bytes, expected 12 for F32 \[3\]/],
    ["a huge shape", write({ x: { ...x, shape: [2 ** 40, 2 ** 40] } }, 8), /has 8 bytes, expected/],
    ["a hole", write({ x, y: { ...x, data_offsets: [12, 20] } }, 20), /safetensors y: begins at byte 12, expected 8/],
    ["an overlap", write({ x, y: { ...x, data_offsets: [4, 12] } }, 12), /safetensors y: begins at byte 4/],
    ["a rest", write({ x }, 12), /12 bytes of tensors, the header says 8/],
    [
      "a name twice",
      write(`{"x":${JSON.stringify(x)},"x":${JSON.stringify({ ...x, data_offsets: [8, 16] })}}`, 16),
      /begins at byte 8, expected 0/,
    ],
  ];
  it.each(all)("%s is refused by name", (_, file, message) => {
    expect(() => decodeSafetensors(file)).toThrow(message);
  });
});

describe("weights", () => {
  const model = [linear(3), relu(), residual(linear(3, { bias: false }), sequential(linear(3))), linear(2)];
  const features = 2;
  const options = { model, features, about: { step: 4, recipe: { b: 1, a: [2] } } };
  const parameters = new Map(
    torchParameters(model, features).map(({ name, shape }, k) => {
      const count = shape.reduce((product, n) => product * n, 1);
      return [name, Float32Array.from({ length: count }, (_, i) => 100 * k + i)];
    }),
  );

  it("lie as PyTorch's modules have them: [out, in], by position", () => {
    const read = readBySpecification(toSafetensors(parameters, options));
    expect(Object.fromEntries(Object.entries(read).map(([name, { shape }]) => [name, shape]))).toEqual({
      "0.weight": [3, 2],
      "0.bias": [3],
      "2.layers.0.weight": [3, 3],
      "2.layers.1.0.weight": [3, 3],
      "2.layers.1.0.bias": [3],
      "3.weight": [2, 3],
      "3.bias": [2],
    });
    expect([...new Float32Array((read["0.weight"] as { bytes: Uint8Array }).bytes.buffer)]).toEqual([0, 3, 1, 4, 2, 5]);
    const { metadata } = decodeSafetensors(toSafetensors(parameters, options));
    expect(metadata).toEqual({ format: "pt", step: "4", recipe: '{"a":[2],"b":1}' });
  });

  it("come back to the bit", () => {
    expect(fromSafetensors(toSafetensors(parameters, options), options)).toEqual(parameters);
  });

  it("are refused where they are another model's, naming the tensor", () => {
    const file = toSafetensors(parameters, options);
    const into = (other: typeof model) => () => fromSafetensors(file, { model: other, features });
    expect(into([linear(3), relu(), linear(2)])).toThrow(/2.layers.0.weight is not in the model; it has 0.weight/);
    expect(into([...model, linear(2)])).toThrow("4.weight is missing");
    expect(into([...model.slice(0, 3), linear(4)])).toThrow("3.weight is [2, 3], the model's is [4, 3]");
    const broken = new Map(parameters).set("layer4.b", Float32Array.of(1, Number.NaN));
    expect(() => fromSafetensors(toSafetensors(broken, options), options)).toThrow("3.bias has NaN at 1");
    const { tensors: read } = decodeSafetensors(file);
    const turned = read.map((at) => (at.name === "0.weight" ? { ...at, shape: [2, 3] } : at));
    expect(() => fromSafetensors(encodeSafetensors({ tensors: turned, metadata: {} }), options)).toThrow(
      "0.weight is [2, 3], the model's is [3, 2]; it is stored [in, out], expected PyTorch's [out, in]",
    );
    const integers = read.map((at) => (at.name === "0.bias" ? { ...at, data: Int32Array.of(1, 2, 3) } : at));
    expect(() => fromSafetensors(encodeSafetensors({ tensors: integers, metadata: {} }), options)).toThrow(
      "0.bias holds integers",
    );
    expect(() => toSafetensors(new Map(), options)).toThrow("there is no parameter layer1.w");
    expect(() => toSafetensors(new Map(parameters).set("layer1.b", new Float32Array(2)), options)).toThrow(
      "layer1.b has 2 numbers, expected those of [3]",
    );
  });

  it("begin another training, before its first step only", async () => {
    const cpu = await openBackend("cpu");
    const of = {
      data: xor({ count: 40 }),
      model: [linear(3), relu(), linear(2)],
      loss: crossEntropy(),
      batch: 8,
      steps: 3,
    };
    const first = train(cpu, { ...of, optimizer: sgd({ lr: 0.5 }), seed: 1 });
    await first.finish();
    const where = { model: of.model, features: 2 };
    const file = toSafetensors(await first.parameters(), where);
    const second = train(cpu, { ...of, optimizer: sgd({ lr: 0.5 }), seed: 9 });
    const score = async (run: typeof first) => {
      const { loss, accuracy } = await run.evaluate("test");
      return [loss, accuracy];
    };
    expect(await score(second)).not.toEqual(await score(first));
    await second.begin(fromSafetensors(file, where));
    expect(await score(second)).toEqual(await score(first));
    await expect(second.begin(new Map())).rejects.toThrow("begin: there is no layer1.w");
    const short = fromSafetensors(file, where).set("layer3.b", new Float32Array(3));
    await expect(second.begin(short)).rejects.toThrow("layer3.b has 3 numbers, expected 2");
    const more = fromSafetensors(file, where).set("layer4.w", new Float32Array(3));
    await expect(second.begin(more)).rejects.toThrow("the model has no parameter layer4.w");
    await second.finish();
    await expect(second.begin(fromSafetensors(file, where))).rejects.toThrow("the training has begun");
  });
});
