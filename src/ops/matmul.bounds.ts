// Bound of every matmul tile.
import type { Tensor } from "../core/tensor.ts";
import { defineBound, FLUSH, gamma } from "../kernel/bound.ts";
import type { Context, Rounding, Sizes, Tensors } from "../kernel/kernel.ts";
import { tiles } from "./matmul.ts";

/** gamma_k sum |a||b| (Higham 3.5), each product possibly rounded before the sum, plus what came with a and b. */
function bound({ a, b, y }: Tensors, { m = 0, n = 0, k: depth = 0 }: Sizes, { u }: Rounding, context: Context): void {
  const [A, B, Y] = [a as Tensor, b as Tensor, y as Tensor];
  const [aT, bT] = [context.variant.consts?.A_TRANSPOSED === true, context.variant.consts?.B_TRANSPOSED === true];
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let magnitude = 0;
      let carried = 0;
      for (let k = 0; k < depth; k++) {
        const [p, ep] = aT ? [A.at(k, i), A.error(k, i)] : [A.at(i, k), A.error(i, k)];
        const [q, eq] = bT ? [B.at(j, k), B.error(j, k)] : [B.at(k, j), B.error(k, j)];
        magnitude += (Math.abs(p) + ep) * (Math.abs(q) + eq);
        carried += Math.abs(p) * eq + Math.abs(q) * ep + ep * eq;
      }
      Y.allow(carried + gamma(depth + 1, u) * magnitude + 2 * depth * FLUSH, i, j);
    }
  }
}

for (const tile of Object.keys(tiles)) defineBound(`matmul_${tile}`, bound);
