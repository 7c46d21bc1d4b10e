// The bench's own arithmetic: its flags, and how measured tiles become a tuning table. No timing is tested.
import { describe, expect, it } from "vitest";
import { optionsOf } from "../../bench/options.ts";
import { PARTS } from "../../bench/result.ts";
import { type Candidate, rowsOf, type Scored } from "../../bench/tune.ts";
import { benchFlags } from "../../src/cli/flags.ts";
import { SOFTWARE } from "../../src/scheduler/software.ts";
import "../../src/ops/matmul_shared.ts";
import { type Tuning, tune } from "../../src/scheduler/tuning.ts";
import type { Work } from "../../src/scheduler/work.ts";

describe("flags", () => {
  it("measure everything where nothing is said, in the order of the parts", () => {
    expect(optionsOf([]).parts).toEqual(PARTS);
    expect(optionsOf(["--only", "heap,step"]).parts).toEqual(["step", "heap"]);
  });

  it("of the command's verb are the bench's own, --readme alone is for the checkout", () => {
    const args = benchFlags.flatMap(({ name, kind }) => [`--${name}`, ...(kind === "switch" ? [] : ["step"])]);
    expect(() => optionsOf(args.filter((arg) => arg !== "--headed"))).not.toThrow();
    expect(optionsOf(["--headed"]).headed).toBe(true);
  });

  it("refuse an unknown part and a window without a browser", () => {
    expect(() => optionsOf(["--only", "step,speed"])).toThrow("no part speed, expected some of step, peers");
    expect(() => optionsOf(["--native", "--headed"])).toThrow("a window needs Chrome");
    expect(() => optionsOf(["--fast"])).toThrow("--fast");
  });
});

describe("a tuning table of measured tiles", () => {
  const narrow: Candidate = { tile: "4x4", consts: { WORKGROUP_X: 1, WORKGROUP_Y: 8 } };
  const wide: Candidate = { tile: "16x8" };
  const shared: Candidate = { tile: "shared" };
  const sizes = [4, 16, Number.POSITIVE_INFINITY].map((most) => ({ size: Math.min(most, 99), most }));
  /** Narrow tiles win up to 4 columns, shared ones for large results, wide ones else. */
  const best = (m: number, n: number): Candidate => (n <= 4 ? narrow : m > 16 && n > 16 ? shared : wide);
  const scored: Scored[] = sizes.flatMap((m) =>
    sizes.map((n) => ({
      m,
      n,
      scores: [narrow, wide, shared].map((candidate) => ({
        candidate,
        micros: candidate === best(m.size, n.size) ? 1 : 2,
      })),
    })),
  );
  const rows = rowsOf(scored);

  it("chooses the fastest of every class, through the table that plans read", () => {
    const tuning: Tuning = { ...SOFTWARE, tiles: rows };
    for (const m of [1, 4, 5, 16, 17, 1000]) {
      for (const n of [1, 4, 5, 16, 17, 1000]) {
        const work = {
          kernel: "matmul_4x4",
          sizes: { m, n, k: 8 },
          variant: {},
          runs: { first: 0, count: 1 },
          slices: 1,
        } as unknown as Work;
        const { tile } = best(m <= 16 ? m : 99, n <= 4 ? n : n <= 16 ? 16 : 99);
        expect(tune(work, tuning).kernel, `${m} x ${n}`).toBe(`matmul_${tile}`);
      }
    }
  });

  it("has one row where neighbours agree, and a last one for everything", () => {
    expect(rows.filter(({ mostM }) => mostM === 4)).toEqual([
      { ...narrow, mostM: 4, mostN: 4 },
      { ...wide, mostM: 4 },
    ]);
    expect(rows.at(-1)).toEqual(shared);
  });

  it("is plain data: it survives a file", () => {
    expect(JSON.parse(JSON.stringify(rows))).toEqual(rows);
  });
});
