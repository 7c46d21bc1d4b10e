// x + f(x): He et al. 2016, Deep Residual Learning, eq. 1, without an activation after the sum.
import { fail } from "../core/check.ts";
import { showShape } from "../core/shape.ts";
import { add } from "../ops/add.ts";
import { checkLayers, defineLayer, type Layer } from "./layer.ts";

interface Residual extends Layer {
  readonly kind: "residual";
  readonly layers: readonly Layer[];
}

const checked = defineLayer<Residual>({
  kind: "residual",
  options: ["layers"],
  check: (where, { layers }) => void checkLayers(where, layers),
  build({ layers }, x, context) {
    const y = context.build(layers, x);
    const [from, to] = [x.shape[1] as number, y.shape[1] as number];
    if (from !== to) {
      const shown = `${x.name} ${showShape(x.shape)} and ${y.name} ${showShape(y.shape)}`;
      fail(context.where, `widths differ: ${shown} (${from} and ${to})`, `end it in linear(${from})`);
    }
    return add(x, y);
  },
});

/** x plus what the layers make of it. Throws without layers; when built, where the layers change the width. */
export const residual = (...layers: readonly Layer[]): Residual => checked({ kind: "residual", layers });
