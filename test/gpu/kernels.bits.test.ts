// Bit equality of the matmuls: with a replica in f32 arithmetic, between tiles, and whatever the order of a workgroup's lanes.
import { kernels } from "../../src/kernel/kernel.ts";
import { catalogue } from "../../src/validate/registry.ts";
import { beforeAll, describe, expect, test } from "vitest";
import type { WebGpuBackend } from "../../src/backend/webgpu/index.ts";
import type { Pipeline } from "../../src/backend/webgpu/pipelines.ts";
import { type Case, caseOf } from "../../src/kernel/cases.ts";
import { LAYOUTS } from "../../src/ops/matmul.cases.ts";
import { type Tile, tiles } from "../../src/ops/matmul.ts";
import { type Batch, judge, prepare } from "../../src/validate/batch.ts";
import { numberAt, streamOf } from "../../src/validate/fill.ts";
import { type Fingerprint, fingerprint } from "../../src/validate/probe.ts";
import { play, runCases } from "../../src/validate/run.ts";
import { announce } from "../harness/summary.ts";
import { expectNoUncapturedErrors, sharedBackend } from "./support/backend.ts";

expectNoUncapturedErrors();

let backend: WebGpuBackend;
let probed: Fingerprint;

beforeAll(async () => {
  backend = await sharedBackend();
  probed = await fingerprint(backend);
});

const SIZES = [
  { m: 33, n: 41, k: 300 },
  { m: 1, n: 1, k: 1 },
  { m: 5, n: 13, k: 7 },
  { m: 16, n: 32, k: 64 },
];

const names = Object.keys(tiles) as Tile[];

/** The cases of one tile and layout on ordinary numbers, one for each size. */
const casesOf = (tile: Tile, layout: keyof typeof LAYOUTS): Case[] =>
  SIZES.map((sizes) => caseOf(`matmul_${tile}`, { sizes, fill: "normal", variant: { consts: LAYOUTS[layout] } }));

const ordinary = (dispatch: Parameters<WebGpuBackend["pipelines"]["get"]>[0]) => backend.pipelines.get(dispatch);

/** The logical elements of y of every case, as bits. */
async function bitsOf(batch: Batch, pipelineOf = ordinary): Promise<Uint32Array[]> {
  const results = await play(backend, batch, pipelineOf);
  return batch.cases.map(({ at, dispatch }) => {
    const { buffer, offset, pitch } = dispatch.bindings.y!;
    const { m = 0, n = 0 } = at.sizes;
    const words = results.get(buffer)!;
    return Uint32Array.from({ length: m * n }, (_, i) => words[offset + Math.floor(i / n) * pitch + (i % n)]!);
  });
}

/** y in f32: products and sums rounded one by one, in order of k. */
function replica({ sizes, seed, variant }: Case): Uint32Array {
  const { m = 0, n = 0, k: depth = 0 } = sizes;
  const number = (name: string, row: number, column: number, columns: number) =>
    numberAt("normal", { seed, stream: streamOf(name), instance: 0, run: 0, row, column, columns });
  const a = (i: number, k: number) => (variant.consts?.A_TRANSPOSED ? number("a", k, i, m) : number("a", i, k, depth));
  const b = (k: number, j: number) => (variant.consts?.B_TRANSPOSED ? number("b", j, k, depth) : number("b", k, j, n));
  const y = new Float32Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < depth; k++) sum = Math.fround(Math.fround(a(i, k) * b(k, j)) + sum);
      y[i * n + j] = sum;
    }
  }
  return new Uint32Array(y.buffer);
}

describe.each(Object.keys(LAYOUTS) as (keyof typeof LAYOUTS)[])("layout %s", (layout) => {
  const played = new Map<Tile, Promise<Uint32Array[]>>();
  const bits = (tile: Tile): Promise<Uint32Array[]> => {
    const known = played.get(tile) ?? bitsOf(prepare(casesOf(tile, layout), probed.rounding));
    played.set(tile, known);
    return known;
  };

  test("every tile gives the bits of the first", async () => {
    for (const tile of names.slice(1)) expect(await bits(tile), tile).toEqual(await bits(names[0]!));
  });

  test("the bits are those of a replica in Math.fround, where the adapter rounds twice", async () => {
    if (!probed.nearest || probed.contracts || probed.fused) {
      announce("replica", "not compared: this adapter fuses multiply-adds");
      return;
    }
    expect(await bits("4x4")).toEqual(casesOf("4x4", layout).map(replica));
  });
});

/** Cases of a kernel, evenly spread over all it has. */
const spreadOf = (cases: readonly Case[], count: number): Case[] =>
  Array.from({ length: count }, (_, i) => cases[Math.floor((i * cases.length) / count)] as Case);

describe("workgroups that stand for four of the grid", () => {
  const stackable = [...kernels.values()].filter(({ source }) => source.workgroup[2] === "STACK");
  const all = catalogue().flatMap(({ cases }) => cases);

  test("there are such kernels", () => expect(stackable.length).toBeGreaterThan(10));

  test.each(stackable.map(({ name }) => name))("%s lies within its bounds", async (name) => {
    const own = all.filter(({ kernel, runs }) => kernel === name && runs.count > 1 && runs.count < 100);
    const stacked = spreadOf(own, 8).map((at): Case => {
      const { variant } = at;
      return { ...at, variant: { ...variant, consts: { ...variant.consts, STACK: 4 } } };
    });
    const outcomes = await runCases(backend, stacked, probed.rounding);
    expect(outcomes.flatMap(({ message }) => message ?? [])).toEqual([]);
  });
});

/** Renames a workgroup's lanes by a bijection: races that lanes running in order hide then show. */
function relabelled(original: Pipeline, index: string): string {
  const head = "@builtin(local_invocation_id) lane: vec3u, @builtin(local_invocation_index) index: u32) {";
  if (!original.text.includes(head)) throw new Error(`matmul_shared no longer takes its lanes as "${head}"`);
  const body = `@builtin(local_invocation_index) own: u32) {\n  let index = ${index};\n  let lane = vec3u(index % 8u, index / 8u, 0u);`;
  return original.text.replace(head, body);
}

describe("with its lanes in another order matmul_shared gives the same:", () => {
  test.each(["63u - own", "(own * 13u + 7u) % 64u"])("%s", async (index) => {
    const batch = prepare(casesOf("shared", "nn"), probed.rounding);
    const original = await backend.pipelines.get(batch.cases[0]!.dispatch);
    const text = relabelled(original, index);
    const { device } = backend;
    const pipeline = await device.createComputePipelineAsync({
      layout: device.createPipelineLayout({ bindGroupLayouts: [original.layout] }),
      compute: { module: device.createShaderModule({ code: text }), entryPoint: "main" },
    });
    const turned = async (): Promise<Pipeline> => ({ ...original, text, pipeline });
    expect(await bitsOf(batch, turned)).toEqual(await bitsOf(batch));
    expect(judge(batch, await play(backend, batch, turned)).flatMap(({ message }) => message ?? [])).toEqual([]);
  });
});
