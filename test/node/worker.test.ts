// What crosses to a worker and back: rows, errors, chunks in time, data sets once.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DeviceLost } from "../../src/backend/backend.ts";
import { FallLineError } from "../../src/core/check.ts";
import { NonFinite } from "../../src/train/diagnose.ts";
import { packError, unpackError } from "../../src/worker/errors.ts";
import { checkPlain } from "../../src/worker/line.ts";
import { Outbox, SPACING } from "../../src/worker/outbox.ts";
import { packRows, unpackRows } from "../../src/worker/rows.ts";

const there = <T>(value: T): T => structuredClone(value);

describe("rows", () => {
  test.each([
    [
      "numbers",
      [
        { step: 0, loss: 0.1 },
        { step: 1, loss: Number.NaN },
        { step: 2 ** 40, loss: -0 },
      ],
    ],
    [
      "tables",
      [
        {
          step: 3,
          loss: [
            [1, 2, 3],
            [4, 5, Number.NEGATIVE_INFINITY],
          ],
        },
      ],
    ],
    ["keys that come and go", [{ step: 1, note: "a" }, { step: 2 }, { step: 3, note: { deep: [1, "x"] }, loss: 4 }]],
    ["tables of changing shape", [{ a: [1, 2] }, { a: [1] }, { a: [[1], [2]] }, { a: [] }]],
    ["none", []],
  ])("%s", (_, rows) => {
    expect(unpackRows(there(packRows(rows)))).toEqual(rows);
  });

  test("numbers lie in typed arrays, one a key", () => {
    const { columns, others } = packRows([{ loss: [[1], [2]] }, { loss: [[3], [4]] }]);
    expect(columns.loss).toEqual({ shape: [2, 1], values: Float64Array.of(1, 2, 3, 4) });
    expect(others).toEqual({});
  });
});

describe("errors", () => {
  test.each([
    new FallLineError("matmul", "inner sizes differ", "look"),
    new FallLineError("matmul", "inner sizes differ"),
    new DeviceLost("gone"),
    new NonFinite(7, "layer1.matmul"),
    new RangeError("too long"),
    new Error("plain"),
    new Error("outer", { cause: new NonFinite(1, undefined) }),
  ])("%s: class, name, message, fields and stack", (error) => {
    const arrived = unpackError(there(packError(error)));
    expect(arrived).toBeInstanceOf(error.constructor);
    expect(Object.getPrototypeOf(arrived)).toBe(Object.getPrototypeOf(error));
    expect([arrived.name, arrived.message, arrived.stack]).toEqual([error.name, error.message, error.stack]);
    expect({ ...arrived }).toEqual({ ...error });
    expect(String(arrived)).toBe(String(error));
    expect((arrived.cause as Error | undefined)?.constructor).toBe((error.cause as Error | undefined)?.constructor);
  });

  test("an error of the browser's, one of nobody's, and what is no error", () => {
    const abort = unpackError(there(packError(new DOMException("stopped", "AbortError"))));
    expect(abort).toBeInstanceOf(DOMException);
    expect([abort.name, abort.message]).toEqual(["AbortError", "stopped"]);
    const own = Object.assign(new Error("odd"), { name: "Odd", code: 3, act: () => {} });
    expect({ ...unpackError(there(packError(own))) }).toEqual({ name: "Odd", code: 3 });
    expect(unpackError(packError("words")).message).toBe("words");
  });
});

describe("the outbox", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "performance"] }));
  afterEach(() => void vi.useRealTimers());

  const rowsOf = async (outbox: Outbox) => unpackRows((await outbox.next(() => ({ step: 0 }))).rows);

  test("the first chunk at once, the others 50 ms apart, with all that came in between", async () => {
    const outbox = new Outbox();
    outbox.push({ step: 0 });
    expect(await rowsOf(outbox)).toEqual([{ step: 0 }]);
    let got: unknown;
    void rowsOf(outbox).then((rows) => {
      got = rows;
    });
    for (const step of [1, 2]) outbox.push({ step });
    await vi.advanceTimersByTimeAsync(SPACING - 1);
    expect(got).toBeUndefined();
    outbox.push({ step: 3 });
    await vi.advanceTimersByTimeAsync(1);
    expect(got).toEqual([{ step: 1 }, { step: 2 }, { step: 3 }]);
  });

  test("a chunk that is due and not asked for stops who fills it", async () => {
    const outbox = new Outbox();
    const room = async (): Promise<boolean> => {
      let free = false;
      void outbox.room().then(() => {
        free = true;
      });
      await vi.advanceTimersByTimeAsync(0);
      return free;
    };
    expect(await room()).toBe(true);
    outbox.push({ step: 0 });
    expect(await room()).toBe(false);
    await rowsOf(outbox);
    outbox.push({ step: 1 });
    expect(await room()).toBe(true);
    await vi.advanceTimersByTimeAsync(SPACING);
    expect(await room()).toBe(false);
    void outbox.next(() => ({ step: 0 }));
    expect(await room()).toBe(true);
  });

  test("the end comes with the last rows, and an error after them", async () => {
    const outbox = new Outbox();
    outbox.push({ step: 4 });
    outbox.insert({ step: 2 });
    outbox.end({ error: new FallLineError("here", "it ends") });
    outbox.end();
    const { rows, ended, error, step } = await outbox.next(() => ({ step: 5 }));
    expect([unpackRows(rows), ended, error?.message, step]).toEqual([
      [{ step: 2 }, { step: 4 }],
      true,
      "here: it ends",
      5,
    ]);
  });
});

test("functions are found wherever they are", () => {
  checkPlain("train", { a: [1, { b: new Float32Array(2) }], c: null }, "options");
  expect(() => checkPlain("train", { a: [1, { b: () => 1 }] }, "options")).toThrow(
    "train: options.a.1.b is a function, which cannot go to a worker; give plain data, or open the backend without worker",
  );
});
