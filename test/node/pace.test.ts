// Steps a submit: full where nobody waits, about 10 ms of work on a visible page.
import { expect, test } from "vitest";
import { ownPace, Pace } from "../../src/scheduler/pace.ts";

test("throughput fills every submit, whatever steps cost", () => {
  const pace = new Pace("throughput", 16);
  expect(pace.next()).toBe(16);
  pace.took(16, 5000);
  expect(pace.next()).toBe(16);
});

test("a page begins with one step and finds the steps that fit into 10 ms", () => {
  const pace = new Pace("page", 16);
  expect(pace.next()).toBe(1);
  pace.took(1, 2);
  expect(pace.next()).toBe(5);
  for (let i = 0; i < 40; i++) pace.took(5, 5);
  expect(pace.next()).toBe(9);
  for (let i = 0; i < 40; i++) pace.took(10, 1);
  expect(pace.next()).toBe(16);
  for (let i = 0; i < 40; i++) pace.took(1, 60);
  expect(pace.next()).toBe(1);
});

test("workers, hidden pages, driven browsers and Node run at full throughput", () => {
  const scope = (visibilityState: string | undefined, webdriver = false): typeof globalThis =>
    ({
      ...(visibilityState ? { document: { visibilityState } } : {}),
      navigator: { webdriver },
    }) as unknown as typeof globalThis;
  expect(ownPace(scope("visible"))).toBe("page");
  expect(ownPace(scope("hidden"))).toBe("throughput");
  expect(ownPace(scope("visible", true))).toBe("throughput");
  expect(ownPace(scope(undefined))).toBe("throughput");
});
