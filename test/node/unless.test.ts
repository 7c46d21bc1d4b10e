// Work that something else may break: its result, its error or the break, and nothing kept once it is done.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { unless } from "../../src/core/unless.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const never = new Promise<never>(() => {});
const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

function breakable() {
  let stop: (error: Error) => void = () => {};
  const broken = new Promise<never>((_, reject) => {
    stop = reject;
  });
  return { broken, stop };
}

test("is the work's result, or its error", async () => {
  expect(await unless(Promise.resolve(3), never)).toBe(3);
  await expect(unless(Promise.reject(new Error("own")), never)).rejects.toThrow("own");
});

test("rejects all that is under way, and all that comes after", async () => {
  const { broken, stop } = breakable();
  const waiting = [unless(never, broken), unless(never, broken)];
  stop(new Error("gone"));
  for (const one of waiting) await expect(one).rejects.toThrow("gone");
  await expect(unless(never, broken)).rejects.toThrow("gone");
  expect(await unless(Promise.resolve(4), broken)).toBe(4);
});

test("leaves no result at what never breaks", async () => {
  const { broken, stop } = breakable();
  const refs: WeakRef<object>[] = [];
  for (let i = 0; i < 20; i++) {
    await (async () => {
      const result = await unless(Promise.resolve({ i }), broken);
      refs.push(new WeakRef(result));
    })();
  }
  await later();
  collect();
  await later();
  expect(refs.filter((ref) => ref.deref() !== undefined)).toHaveLength(0);
  // Alive to the end, as a backend's device is.
  stop(new Error("end"));
});
