// The tuning table of software adapters, with what it takes that GPUs do not: wide tiles, gathers in the matmuls' loads, networks.
import { MANY_RUNS, type Tuning } from "./tuning.ts";
import "../ops/matmul_wide.ts";
import "./fuse_gather.ts";
import "./fuse_network.ts";
import "./pack_update.ts";
import "./passes.ts";

/**
 * Measured on SwiftShader, two cores (GFLOP/s at 128 x 784 x 256: 16x16 9.6, 16x8 8.4, 16x4 6.8, 4x4 3.9). A load of four
 * lanes costs as much there as ten multiply-adds, whatever the addresses; so quads share what they load.
 */
export const SOFTWARE: Tuning = {
  name: "software",
  tiles: [
    { tile: "start", mostK: 3, leastRuns: MANY_RUNS },
    { tile: "4x4", mostN: 4, consts: { WORKGROUP_X: 1, WORKGROUP_Y: 8 } },
    { tile: "16x4", leastM: 8, mostN: 16 },
    { tile: "16x16", leastM: 64, leastN: 128 },
    { tile: "16x8", leastM: 8 },
    { tile: "4x4", mostM: 4, consts: { WORKGROUP_X: 4, WORKGROUP_Y: 1 } },
    { tile: "4x4", mostM: 16, mostN: 16, consts: { WORKGROUP_X: 4, WORKGROUP_Y: 4 } },
    { tile: "4x4" },
  ],
  gatherTiles: 1,
  gatherAhead: true,
  headDepth: 1024,
  network: { leastRuns: 16, most: 4096 },
  updateInGradient: 2 ** 20,
  quads: true,
  spare: 0.01,
  quickStart: true,
  baked: true,
  stack: 256,
  packed: true,
  update: [
    { most: 128, consts: { WORKGROUP: 8, QUADS: 4 } },
    { most: 512, consts: { WORKGROUP: 16, QUADS: 4 } },
    { most: 16_384, consts: { WORKGROUP: 16, QUADS: 4 } },
    { most: Number.POSITIVE_INFINITY, consts: { WORKGROUP: 64, QUADS: 4 } },
  ],
};
