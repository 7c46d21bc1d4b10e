// The tuning table of real GPUs, with the tiles in workgroup memory that software adapters do without.
import { MANY_RUNS, type Tuning } from "./tuning.ts";
import "../ops/matmul_shared.ts";
import "./passes.ts";

/** Measured on an H200 (microseconds a dispatch in a pass of its own; 7 of them are the pass). */
export const GPU: Tuning = {
  name: "gpu",
  tiles: [
    {
      tile: "shared_8x8",
      leastM: 128,
      leastN: 128,
      leastResults: 2 ** 22,
      consts: { WORKGROUP_X: 16, WORKGROUP_Y: 16, DEPTH: 16 },
    },
    {
      tile: "shared",
      leastM: 64,
      leastN: 64,
      leastResults: 2 ** 20,
      consts: { WORKGROUP_X: 16, WORKGROUP_Y: 16, DEPTH: 16 },
    },
    { tile: "shared", leastM: 32, leastN: 32, leastResults: 2 ** 17, consts: { DEPTH: 32 } },
    { tile: "4x4", mostM: 16, mostN: 16, leastRuns: MANY_RUNS, consts: { WORKGROUP_X: 4, WORKGROUP_Y: 4 } },
    { tile: "shared_1x4" },
  ],
  gatherTiles: 0,
  gatherAhead: true,
  headDepth: 64,
  updateInGradient: 2 ** 20,
  quads: false,
  spare: 0,
  quickStart: true,
  baked: true,
  stack: 1,
  update: [
    { most: 512, consts: { WORKGROUP: 32, QUADS: 1 } },
    { most: Number.POSITIVE_INFINITY, consts: { WORKGROUP: 64, QUADS: 1 } },
  ],
};
