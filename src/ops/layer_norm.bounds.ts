// Bounds of layer_norm and its gradients: the shaders' own steps, one rounding each, sums by gamma of their depth.
import type { Tensor } from "../core/tensor.ts";
import { type Approx, Bounds, defineBound, exact, FLUSH, gamma } from "../kernel/bound.ts";

const element = (of: Tensor | undefined, i: number, j = 0): Approx => ({
  v: (of as Tensor).at(i, j),
  e: (of as Tensor).error(i, j),
});

/** A sum of `terms`, each rounded at most `depth` times on the way. */
function sumOf(terms: readonly Approx[], depth: number, u: number): Approx {
  let [v, magnitude, carried] = [0, 0, 0];
  for (const term of terms) {
    v += term.v;
    magnitude += Math.abs(term.v) + term.e;
    carried += term.e;
  }
  return { v, e: carried + gamma(depth, u) * magnitude + terms.length * FLUSH };
}

/** Four lanes, then a tree of them; times their share, rounded once on the host (to nearest, whatever the adapter does). */
const meanOf = (by: Bounds, terms: readonly Approx[]): Approx =>
  by.multiply(sumOf(terms, Math.ceil(terms.length / 4) + 2, by.u), {
    v: 1 / terms.length,
    e: 2 ** -24 / terms.length,
  });

const columns = (cols: number): readonly number[] => Array.from({ length: cols }, (_, j) => j);

defineBound("layer_norm", ({ x, gain, bias, y, stats }, { rows = 0, cols = 1, eps = 0 }, rounding) => {
  const by = new Bounds(rounding);
  for (let i = 0; i < rows; i++) {
    const row = columns(cols).map((j) => element(x, i, j));
    const mean = meanOf(by, row);
    const apart = row.map((value) => by.subtract(value, mean));
    const variance = meanOf(
      by,
      apart.map((d) => by.multiply(d, d)),
    );
    const { v, e } = by.divide(exact(1), by.root(by.add(variance, exact(eps))));
    // No sum of squares is below 0: both lie between 0 and 1 / sqrt(eps), give or take its rounding.
    const rstd = { v, e: Math.min(e, 1.01 / Math.sqrt(eps)) };
    apart.forEach((d, j) => {
      const scaled = by.multiply(by.multiply(d, rstd), element(gain, j));
      y?.allow(by.add(scaled, element(bias, j)).e, i, j);
    });
    stats?.allow(mean.e, 0, i);
    stats?.allow(rstd.e, 1, i);
  }
});

defineBound("layer_norm_back", ({ dy, x, gain, stats, dx }, { rows = 0, cols = 1 }, rounding) => {
  const by = new Bounds(rounding);
  for (let i = 0; i < rows; i++) {
    const [mean, rstd] = [element(stats, 0, i), element(stats, 1, i)];
    const t = columns(cols).map((j) => by.multiply(element(dy, i, j), element(gain, j)));
    const n = columns(cols).map((j) => by.multiply(by.subtract(element(x, i, j), mean), rstd));
    const plain = meanOf(by, t);
    const along = meanOf(
      by,
      t.map((value, j) => by.multiply(value, n[j] as Approx)),
    );
    t.forEach((value, j) => {
      const inner = by.subtract(by.subtract(value, plain), by.multiply(n[j] as Approx, along));
      dx?.allow(by.multiply(rstd, inner).e, i, j);
    });
  }
});

defineBound("layer_norm_sums", ({ dy, x, stats, dgain, dbias }, { rows = 0, cols = 0 }, rounding) => {
  const by = new Bounds(rounding);
  for (let j = 0; j < cols; j++) {
    const above = columns(rows).map((i) => element(dy, i, j));
    const terms = above.map((value, i) => {
      const apart = by.subtract(element(x, i, j), element(stats, 0, i));
      return by.multiply(value, by.multiply(apart, element(stats, 1, i)));
    });
    dgain?.allow(sumOf(terms, rows, rounding.u).e, j);
    dbias?.allow(sumOf(above, rows, rounding.u).e, j);
  }
});
