// Bounds of block_sums and segment_sums.
import type { Tensor } from "../core/tensor.ts";
import { defineBound, FLUSH, gamma } from "../kernel/bound.ts";
import type { Bound } from "../kernel/kernel.ts";
import { BLOCK, range } from "./sum.ts";

/** A balanced tree of 64: six additions deep, one product before it for squares. */
const blockBound: Bound = ({ x, y }, { rows = 0, cols = 1 }, { u }, { variant }) => {
  const square = variant.label === "squares";
  for (let first = 0; first < rows * cols; first += BLOCK) {
    let magnitude = 0;
    let carried = 0;
    for (let i = first; i < Math.min(first + BLOCK, rows * cols); i++) {
      const [value, e] = [
        (x as Tensor).at(Math.floor(i / cols), i % cols),
        (x as Tensor).error(Math.floor(i / cols), i % cols),
      ];
      carried += square ? 2 * Math.abs(value) * e + e * e : e;
      magnitude += square ? (Math.abs(value) + e) ** 2 : Math.abs(value) + e;
    }
    y?.allow(carried + gamma(7, u) * magnitude + BLOCK * FLUSH, first / BLOCK);
  }
};

defineBound("block_sums", blockBound);
defineBound("block_sums_subgroup", blockBound);

defineBound("segment_sums", ({ x, first, y }, { blocks = 0, segments = 0, factor = 1 }, { u }) => {
  for (let s = 0; s < segments; s++) {
    const [from, to] = range(first as Tensor, s, blocks);
    let [magnitude, carried] = [0, 0];
    for (let i = from; i < to; i++) {
      magnitude += Math.abs((x as Tensor).at(i)) + (x as Tensor).error(i);
      carried += (x as Tensor).error(i);
    }
    const depth = Math.ceil((to - from) / 8) + 3 + 1;
    y?.allow(Math.abs(factor) * (carried + gamma(depth, u) * magnitude) + (to - from + 1) * FLUSH, s);
  }
});
