// Tables of one tile for everything, for tests and benches; every tile there is comes with it.
import type { Tile } from "../ops/matmul.ts";
import "./gpu.ts";
import { SOFTWARE } from "./software.ts";
import type { Tuning } from "./tuning.ts";

const { network: _, ...apart } = SOFTWARE;

/** One tile for every matmul, networks in several dispatches; `gatherTiles` and `updateInGradient` as in a table. */
export const pinned = (tile: Tile, gatherTiles = 0, updateInGradient = 0): Tuning => ({
  ...apart,
  packed: false,
  name: `pinned ${tile}`,
  tiles: [{ tile }],
  gatherTiles,
  gatherAhead: false,
  updateInGradient,
  quickStart: false,
  baked: false,
});
