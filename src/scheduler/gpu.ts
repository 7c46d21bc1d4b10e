// The tuning table of real GPUs, with the tiles in workgroup memory that software adapters do without.
import type { Tuning } from "./tuning.ts";
import "../ops/matmul_shared.ts";

/** Workgroup memory pays on real GPUs: 32 x 32 tiles travel best across vendors (llama.cpp #22241). */
export const GPU: Tuning = {
  name: "gpu",
  tiles: [
    { tile: "shared", leastM: 17, leastN: 17 },
    { tile: "4x4", mostM: 16, mostN: 16, consts: { WORKGROUP_X: 4, WORKGROUP_Y: 4 } },
    { tile: "4x4" },
  ],
  gatherTiles: 0,
  headDepth: 512,
  quads: false,
  quickStart: true,
  baked: false,
  stack: 1,
  update: [
    { most: 512, consts: { WORKGROUP: 32, QUADS: 1 } },
    { most: Number.POSITIVE_INFINITY, consts: { WORKGROUP: 64, QUADS: 1 } },
  ],
};
