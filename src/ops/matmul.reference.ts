// y = a b in f64, for every tile.
import type { Tensor } from "../core/tensor.ts";
import { type Context, defineReference } from "../kernel/kernel.ts";

const left = (a: Tensor, context: Context, i: number, k: number): number =>
  context.variant.consts?.A_TRANSPOSED ? a.at(k, i) : a.at(i, k);
const right = (b: Tensor, context: Context, k: number, j: number): number =>
  context.variant.consts?.B_TRANSPOSED ? b.at(j, k) : b.at(k, j);

defineReference("matmul", ({ a, b, y }, { m = 0, n = 0, k: depth = 0 }, context) => {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < depth; k++) sum += left(a as Tensor, context, i, k) * right(b as Tensor, context, k, j);
      (y as Tensor).set(sum, i, j);
    }
  }
});
