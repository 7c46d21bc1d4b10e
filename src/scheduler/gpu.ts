// The tuning table of real GPUs, with the tiles in workgroup memory that software adapters do without.
import { MANY_RUNS, type Tuning } from "./tuning.ts";
import "../ops/matmul_shared.ts";
import "./passes.ts";

/**
 * Measured on an H200. 128 x 784 x 256: 24 us by shared_1x4, 36 by shared; 2,048 cubed: 34 TFLOP/s by shared_8x8, 28 by 16 x 16
 * threads of shared. A head of depth 256 takes 45 us, three dispatches 25.
 */
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
    { tile: "shared", leastM: 32, leastN: 32, leastResults: 2 ** 18, consts: { DEPTH: 32 } },
    { tile: "4x4", mostM: 16, mostN: 16, leastRuns: MANY_RUNS, consts: { WORKGROUP_X: 4, WORKGROUP_Y: 4 } },
    { tile: "shared_1x4", consts: { WORKGROUP_Y: 16 } },
  ],
  gatherTiles: 0,
  gatherAhead: true,
  headDepth: 64,
  // 0 to 7 % of a step on an H200; a GPU contracts multiply-adds, so a run alone would differ from its race in the last bit.
  updateInGradient: 0,
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
