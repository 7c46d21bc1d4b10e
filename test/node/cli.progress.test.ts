import { expect, test } from "vitest";
import type { Facts, Progress } from "../../src/cli/job.ts";
import { brief, duration, ProgressLine, progressLine } from "../../src/cli/progress.ts";

const entries = ["adam 0.01", "sgd 0.1"].map((name) => ({ name, optimizer: name, lr: 0.1 }));
const facts = { entries, seeds: [1, 2, 3], steps: 200, start: 0 } as unknown as Facts;
const at = (step: number): Progress => ({
  step,
  seconds: step / 10,
  leader: { entry: "adam 0.01", loss: 0.3123 },
  points: [],
});

function terminal(isTTY: boolean) {
  const text: string[] = [];
  return { isTTY, columns: 60, text, write: (part: string) => text.push(part) };
}

test("one line: runs, step, leader, steps/s, run-steps/s, time left", () => {
  expect(progressLine(facts, at(86))).toBe(
    " 43 %  6 runs  step 86/200  adam 0.01 loss 0.312  10.0 steps/s  60.0 run-steps/s  11 s left",
  );
  const one = { ...facts, entries: entries.slice(0, 1), seeds: [1], start: 100 } as unknown as Facts;
  expect(progressLine(one, { ...at(150), seconds: 5 })).toBe(
    " 50 %  1 run  step 150/200  loss 0.312  10.0 steps/s  5 s left",
  );
});

test("numbers and durations are short", () => {
  expect([0.5, 12.34, 123.4, 12345.6, 1e-5, Number.NaN].map(brief)).toEqual([
    "0.500",
    "12.3",
    "123",
    "12,346",
    "1.0e-5",
    "not finite",
  ]);
  expect([0.4, 59.4, 125, 3720].map(duration)).toEqual(["0 s", "59 s", "2 min 05 s", "1 h 02 min"]);
});

test("a terminal gets one live line, cut to its width", () => {
  const to = terminal(true);
  const line = new ProgressLine(to);
  line.facts(facts);
  for (const step of [10, 11, 12]) line.progress(at(step));
  line.end();
  expect(to.text).toHaveLength(4);
  expect(to.text.join("")).not.toContain("\n");
  for (const part of to.text) expect(part.startsWith("\r\x1b[K")).toBe(true);
  expect(to.text[0]?.length).toBe("\r\x1b[K".length + 59);
});

test("anything else gets a line per 10 %", () => {
  const to = terminal(false);
  const line = new ProgressLine(to);
  line.facts(facts);
  for (let step = 1; step <= 200; step++) line.progress(at(step));
  line.end();
  expect(to.text).toHaveLength(10);
  expect(to.text.join("")).not.toContain("\x1b");
  expect(to.text[0]).toContain("step 20/200");
});
