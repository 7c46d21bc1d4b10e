// docs/layers.md names every kind there is, and its gains are PyTorch's.
import { expect, it } from "vitest";
import { layers, losses } from "../../src/nn/index.ts";
import * as nn from "../../src/nn/index.ts";
import text from "../../docs/layers.md?raw";
import json from "../golden/ops.json?raw";

it("every layer and loss, and every option of theirs", () => {
  for (const { kind, options = [] } of [...layers.values(), ...losses.values()]) {
    expect(text, kind).toContain(`\`${kind}(`);
    for (const option of options) {
      if (!["layers", "width", "rate"].includes(option)) expect(text, `${kind}: ${option}`).toContain(`\`${option}\``);
    }
  }
});

it("every initializer", () => {
  const makers = Object.keys(nn).filter((name) =>
    /^(zeros|constantInit|uniform|normal|orthogonal|(he|lecun|glorot)\w+)$/.test(name),
  );
  expect(makers.length).toBe(11);
  for (const name of makers) expect(text, name).toContain(`\`${name}(`);
});

it("the gains of calculate_gain", () => {
  const { gains } = JSON.parse(json) as { gains: Readonly<Record<string, number>> };
  const row = (name: string): string => text.split("\n").find((line) => line.startsWith(`| ${name} |`)) ?? "";
  const shown = (gain: number | undefined): string => String(Math.round((gain as number) * 1e4) / 1e4);
  for (const name of ["tanh", "relu", "selu"]) expect(row(name), name).toContain(shown(gains[name]));
  expect(row("leakyRelu")).toContain(
    `${shown(gains["leaky_relu 0.01"])} at 0.01, ${shown(gains["leaky_relu 0.2"])} at 0.2`,
  );
  expect([gains.linear, gains.sigmoid]).toEqual([1, 1]);
});
