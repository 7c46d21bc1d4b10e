import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openCpu } from "../../src/backend/cpu.ts";
import type { WebGpuBackend } from "../../src/backend/webgpu/index.ts";
import { defineKernel, kernels, read, write } from "../../src/kernel/kernel.ts";
import { junit, rowText, textTable } from "../../src/validate/report.ts";
import { validate } from "../../src/validate/validate.ts";
import { expectNoUncapturedErrors, sharedBackend } from "./support/backend.ts";

expectNoUncapturedErrors();

let backend: WebGpuBackend;

beforeAll(async () => {
  backend = await sharedBackend();
});

afterAll(() => {
  for (const name of ["swish", "swish_wrong", "swish_broken"]) kernels.delete(name);
});

/** A kernel as a user writes one: x / (1 + exp(-x)). */
const wgsl = (body: string) => `
const WORKGROUP = 64u;
struct Params { grid: Grid, x: View, y: View, size: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32) {
  let at = locate(params.grid, group, groups);
  let i = at.x * WORKGROUP + lane;
  if (!at.inside || i >= params.size) { return; }
  ${body}
}`;

const ULP = 2 ** -23;

const swish = (name: string, body: string) =>
  defineKernel({
    name,
    wgsl: wgsl(body),
    params: ["size"],
    bindings: ({ size = 0 }) => ({ x: read(size), y: write(size) }),
    threads: ({ size = 0 }) => [size],
    reference({ x, y }, { size = 0 }) {
      for (let i = 0; i < size; i++) y!.set(x!.at(i) / (1 + Math.exp(-x!.at(i))), i);
    },
    bound({ x, y }, { size = 0 }) {
      for (let i = 0; i < size; i++) {
        const value = Math.abs(x!.at(i));
        y!.allow((value / (1 + Math.exp(-x!.at(i)))) * (3 + 2 * value + 4) * ULP + 2 ** -126, i);
      }
    },
  });

const GOOD = "let v = x[base(params.x, at) + i];\n  y[base(params.y, at) + i] = v / (1.0 + exp(-v));";

describe("a kernel of the user's own", () => {
  test("agrees, and the line says by how much", async () => {
    const rows = await validate(backend, swish("swish", GOOD));
    expect(rows).toHaveLength(1);
    expect(rowText(rows[0]!)).toMatch(/^swish: 4 of 4 cases agree, worst \d+ % of the allowance at \{size: \d+\}$/);
  });

  test("with cases of its own, runs and inputs", async () => {
    const cases = [
      { sizes: { size: 65 }, runs: 3, inputs: { x: { values: [0, 1, -2, 3.5] } } },
      { sizes: { size: 7 }, inputs: { x: "normal" as const } },
    ];
    const [row] = await validate(backend, kernels.get("swish")!, { cases });
    expect(row).toMatchObject({ cases: 2, agreed: 2, message: undefined });
    await expect(validate(backend, kernels.get("swish")!, { cases: [{ sizes: {} }] })).rejects.toThrow(
      /case 0 gives no size/,
    );
  });

  test("that is wrong says where, with both numbers", async () => {
    const wrong = swish("swish_wrong", `${GOOD}\n  if (i == 64u) { y[base(params.y, at) + i] = 0.0; }`);
    const cases = [{ sizes: { size: 65 }, runs: 3, inputs: { x: { values: [1] } } }];
    const rows = await validate(backend, wrong, { cases });
    expect(rows[0]?.message).toMatch(
      /^swish_wrong \{size: 65\} run 0: 1 of 65 wrong, first at \[64\]: want 0\.731, got 0\.000, allowed /,
    );
    expect(textTable(rows)).toContain("swish_wrong {size: 65} run 0");
    expect(junit(rows)).toContain('failures="1"');
  });

  test("that writes outside its output is told so", async () => {
    const wrong = swish("swish_wrong", `${GOOD}\n  y[base(params.y, at) + params.size] = 1.0;`);
    const [row] = await validate(backend, wrong, { cases: [{ sizes: { size: 5 } }] });
    expect(row?.message).toMatch(/y was changed at element 5 from its offset, where it has none/);
  });

  test("that does not compile is a row with the compiler's words", async () => {
    const [row] = await validate(backend, swish("swish_broken", "y[i] = prams;"));
    expect(row).toMatchObject({ cases: 4, agreed: 0 });
    expect(row?.message).toMatch(/^swish_broken\.wgsl:\d+:\d+: unresolved value 'prams'/);
  });
});

describe("our own kernels by name", () => {
  test("give a row each, in order", async () => {
    const seen: string[] = [];
    const rows = await validate(backend, ["scale", "take"], { onRow: ({ kernel }) => seen.push(kernel) });
    expect(rows.map(({ kernel, cases, agreed }) => [kernel, cases - agreed])).toEqual([
      ["scale", 0],
      ["take", 0],
    ]);
    expect(seen).toEqual(["scale", "take"]);
    expect(rowText(rows[1]!)).toMatch(/^take: (\d+) of \1 cases agree, to the bit$/);
    expect(junit(rows)).toContain('tests="2" failures="0"');
    expect(textTable(rows).split("\n")).toHaveLength(3);
  });

  test("and not by a wrong one", async () => {
    await expect(validate(backend, "softmaxx")).rejects.toThrow(
      'validate: there is no kernel "softmaxx"; did you mean "softmax"?',
    );
    await expect(validate(openCpu(), "softmax")).rejects.toThrow(/^validate: the backend is cpu/);
  });
});
