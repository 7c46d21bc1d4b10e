import { crc32 as zlibCrc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { canonical, crc32, hashParts, hashText } from "../../src/core/hash.ts";
import { block } from "../../src/core/random.ts";

const random = Uint8Array.from({ length: 10_000 }, (_, i) => block(1, 2, 3, i)[0] & 255);

describe("crc32", () => {
  it("is the check value and zlib's", () => {
    expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
    for (const length of [0, 1, 2, 3, 9999, 10_000]) {
      expect(crc32(random.subarray(0, length))).toBe(zlibCrc32(random.subarray(0, length)));
    }
  });
});

describe("hashText", () => {
  // Test vectors of the FNV authors.
  it.each([
    ["", "cbf29ce484222325"],
    ["a", "af63dc4c8601ec8c"],
    ["foobar", "85944171f73967e8"],
  ])("of %j is FNV-1a 64", (text, want) => {
    expect(hashText(text)).toBe(want);
  });

  it("equals the definition in exact integers", () => {
    const text = Array.from(random.subarray(0, 2000), (byte) => String.fromCharCode(byte * 7)).join("");
    let state = 0xcbf29ce484222325n;
    for (const byte of new TextEncoder().encode(text)) {
      state = ((state ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
    }
    expect(hashText(text)).toBe(state.toString(16).padStart(16, "0"));
  });
});

describe("hashParts", () => {
  it("tells parts, kinds and lengths apart", () => {
    const bytes = Uint8Array.of(1, 2, 3, 4);
    const different = [
      [bytes],
      [bytes.subarray(0, 2), bytes.subarray(2)],
      [new Uint32Array(bytes.buffer)],
      [new Float32Array(bytes.buffer)],
      ["\u0001\u0002\u0003\u0004"],
      [bytes, ""],
      [],
    ];
    expect(new Set(different.map(hashParts)).size).toBe(different.length);
    expect(hashParts([Uint8Array.of(0, 1, 2, 3, 4).subarray(1)])).toBe(hashParts([bytes]));
  });
});

describe("canonical", () => {
  it("is the same whatever the order of the keys", () => {
    const text = '{"a":[1,2.5,null,true],"b":{"x":"é","y":-1e-7}}';
    expect(canonical({ b: { y: -1e-7, x: "é" }, a: [1, 2.5, null, true] })).toBe(text);
    expect(canonical(JSON.parse(text))).toBe(text);
  });

  it("leaves out undefined, writes typed arrays as arrays and -0 as 0", () => {
    expect(canonical({ a: undefined, b: Float64Array.of(1, 0.1), c: -0 })).toBe('{"b":[1,0.1],"c":0}');
    expect(canonical(Object.assign(Object.create(null), { z: 1 }))).toBe('{"z":1}');
  });

  it("takes the same object twice, not within itself", () => {
    const shared = { a: 1 };
    expect(canonical([shared, shared])).toBe('[{"a":1},{"a":1}]');
    const loop: Record<string, unknown> = {};
    loop.inner = [loop];
    expect(() => canonical(loop)).toThrow("canonical: the value.inner[0] contains itself, expected plain data");
  });

  it.each([
    [{ optimizer: { lr: Number.NaN } }, "canonical: the value.optimizer.lr is NaN, expected a finite number"],
    [{ schedule: () => 1 }, "the value.schedule is of type function, expected plain data"],
    [[new Map()], "the value[0] is a Map, expected plain data"],
    [{ a: 1n }, "the value.a is of type bigint"],
    [undefined, "the value is of type undefined"],
  ])("refuses %o", (value, message) => {
    expect(() => canonical(value)).toThrow(message);
  });
});
