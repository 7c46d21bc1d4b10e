// Fused equals unfused bit for bit, on an adapter that does not contract multiply-adds: every fragment once as an epilogue,
// every tile in every layout with two fragments, column sums and gathers on every tile.
import { beforeAll, expect, test } from "vitest";
import { normal } from "../../src/core/random.ts";
import { columnsOf, pitchOf, rowsOf } from "../../src/core/shape.ts";
import { type Tile, tiles } from "../../src/ops/matmul.ts";
import { fuseColumnSums, fuseEpilogues } from "../../src/scheduler/fuse.ts";
import { reads, writes } from "../../src/scheduler/lower.ts";
import { place } from "../../src/scheduler/place.ts";
import type { BufferSpec } from "../../src/scheduler/plan.ts";
import type { StepProgram } from "../../src/scheduler/program.ts";
import { seriesOf } from "../../src/scheduler/steps.ts";
import type { Value, Work } from "../../src/scheduler/work.ts";
// Everything there is: the test names no fragment.
import "../../src/validate/registry.ts";
import { everyFunction, follow, product, sizesOf } from "../../src/validate/matmul.cases.ts";
import { fingerprint } from "../../src/validate/probe.ts";
import { call } from "../../src/validate/work.ts";
import { expectNoUncapturedErrors, sharedBackend } from "./support/backend.ts";

expectNoUncapturedErrors();

/** On an adapter that contracts, a fused dispatch is held to its bound instead (kernels.test.ts), so there the bits may part. */
let exact = true;

beforeAll(async () => {
  exact = !(await fingerprint(await sharedBackend())).contracts;
});

const RUNS = 2;
const roomOf = ({ shape }: Value): number => rowsOf(shape) * pitchOf(columnsOf(shape));

/** Leaves and wanted results get buffers of their own, so that both plans find them in the same places. */
function housed(work: readonly Work[], wanted: ReadonlySet<Value>): { leaves: Value[]; buffers: BufferSpec[] } {
  const made = new Set(work.flatMap((at) => Object.values(writes(at))));
  const read = new Set(work.flatMap((at) => Object.values(reads(at))));
  const leaves = [...read].filter((value) => !made.has(value));
  const buffers = [...leaves, ...wanted].map((value, i): BufferSpec => {
    value.home = { buffer: `b${i}`, offset: 0, run: roomOf(value) };
    return { name: `b${i}`, dtype: "f32", length: RUNS * roomOf(value), role: "arena" };
  });
  return { leaves, buffers };
}

/** The leaf's numbers, 0 in the padding. */
function numbersOf(value: Value, seed: number): Float32Array {
  const [columns, pitch] = [columnsOf(value.shape), pitchOf(columnsOf(value.shape))];
  return Float32Array.from({ length: RUNS * roomOf(value) }, (_, i) =>
    i % pitch < columns ? normal(seed, 7, i, 0) : 0,
  );
}

/** The run table, for fragments that draw: order, start, seed of noise and number of each run. */
const TABLE: BufferSpec = { name: "runs", dtype: "u32", length: 4 * RUNS, role: "arena" };

/** The bits that work leaves in the wanted values. */
async function played(
  work: readonly Work[],
  wanted: ReadonlySet<Value>,
  at: ReturnType<typeof housed>,
): Promise<Uint32Array[]> {
  const backend = await sharedBackend();
  const each = place("fusion", work, wanted, RUNS);
  const program: StepProgram = {
    name: "fusion",
    runs: RUNS,
    batch: 1,
    stepsPerSubmit: 1,
    before: [],
    each: each.dispatches,
    after: [],
    buffers: [...at.buffers, ...each.buffers, TABLE],
    metrics: undefined,
    rows: { first: 0, count: 1 },
    order: "permutation",
    quickStart: false,
    choices: [],
    baked: false,
    numericClass: "sequential",
  };
  const storage = backend.storage();
  const made = await backend.program(program, storage, seriesOf([]));
  at.leaves.forEach((leaf, i) => void storage.write(leaf.home?.buffer as string, numbersOf(leaf, i + 1)));
  storage.write("runs", Uint32Array.from([0, 11, 1, 0, 0, 22, 2, 1]));
  await made.run(0, 1);
  const bits: Uint32Array[] = [];
  for (const { home } of wanted)
    bits.push(new Uint32Array(((await storage.read(home?.buffer as string)) as Float32Array).buffer));
  made.dispose();
  storage.dispose();
  return bits;
}

async function same(
  work: readonly Work[],
  fused: (work: readonly Work[]) => Work[],
  wanted: Set<Value>,
): Promise<void> {
  const every = work.map((each) => ({ ...each, runs: { first: 0, count: RUNS } }));
  const at = housed(every, wanted);
  const together = fused(every);
  expect(together.length).toBeLessThan(every.length);
  const [apart, joined] = [await played(every, wanted, at), await played(together, wanted, at)];
  const nonzero = apart.every((bits) => bits.some((word) => word !== 0));
  expect(nonzero).toBe(true);
  if (exact) expect(joined).toEqual(apart);
}

const [small] = sizesOf("4x4") as [{ m: number; n: number; k: number }];

async function epilogue(tile: Tile, layout: "nn" | "nt" | "tn", kinds: readonly string[]): Promise<void> {
  for (const sizes of kinds.length === 1 ? [small] : sizesOf(tile)) {
    const { work, wanted } = follow(product({ tile, layout, sizes }), kinds);
    await same(work, (all) => fuseEpilogues(all, wanted), wanted);
  }
}

test.each(everyFunction().map(([kind = ""]) => kind))("%s after a product", async (kind) => {
  await epilogue("4x4", "nn", [kind]);
});

test.each(["bias", "keep"])("%s after a product", async (kind) => {
  await epilogue("4x4", "nn", kind === "keep" ? ["bias", "keep", "relu"] : [kind]);
});

const names = Object.keys(tiles) as Tile[];

test.each(names.flatMap((tile) => (["nn", "nt", "tn"] as const).map((layout) => [tile, layout] as const)))(
  "two fragments on tile %s, %s",
  async (tile, layout) => {
    await epilogue(tile, layout, ["bias", "tanh"]);
    await epilogue(tile, layout, ["of relu_derivative", "add"]);
  },
);

test.each(names)("column sums beside the weight gradient on tile %s", async (tile) => {
  for (const sizes of sizesOf(tile)) {
    const at = product({ tile, layout: "tn", sizes });
    const tensors = {
      x: at.tensors.b as Value,
      y: { ...(at.tensors.y as Value), id: -1, name: "sums", shape: [sizes.n] },
    };
    const sums = call("column_sums", { rows: sizes.k, cols: sizes.n }, tensors);
    await same([at, sums], fuseColumnSums, new Set([at.tensors.y as Value, tensors.y]));
  }
});
