// Bound of target_loss: its terms' and slopes' own, row sums by gamma of their depth.
import type { Tensor } from "../core/tensor.ts";
import { type Approx, Bounds, defineBound, exact, gamma } from "../kernel/bound.ts";
import { playedLoss } from "./target_loss.ts";

const element = (of: Tensor | undefined, i: number, j = 0): Approx => ({
  v: (of as Tensor).at(i, j),
  e: (of as Tensor).error(i, j),
});

defineBound(
  "target_loss",
  ({ z, targets, metrics, dz, weights }, { rows = 0, cols = 0, factor = 1, share = 1 }, rounding, context) => {
    const by = new Bounds(rounding);
    const { bound, slopeBound, hit } = playedLoss(context);
    for (let i = 0; i < rows; i++) {
      const weight = element(weights, i);
      let [value, magnitude, carried, unsure] = [0, 0, 0, 0];
      for (let j = 0; j < cols; j++) {
        const [from, to] = [element(z, i, j), element(targets, i, j)];
        const term = bound(by, from, to, j);
        value += term.v;
        magnitude += Math.abs(term.v) + term.e;
        carried += term.e;
        if (hit && Math.abs(from.v) <= from.e && from.e > 0) unsure++;
        const slope = by.multiply(by.multiply(exact(factor), weight), slopeBound(by, from, to, j));
        dz?.allow(slope.e, i, j);
      }
      const depth = Math.ceil(cols / 4) + 2;
      const sum = { v: value, e: carried + gamma(depth, rounding.u) * magnitude };
      metrics?.allow(by.multiply(by.multiply(exact(share), sum), weight).e, 0, i);
      metrics?.allow(hit ? by.multiply(exact(share), { v: cols, e: unsure }).e : 0, 1, i);
    }
  },
);
