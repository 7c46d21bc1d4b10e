// Layers one after the other as one layer: a block to put in a residual or to repeat.
import { checkLayers, defineLayer, type Layer } from "./layer.ts";

interface Sequential extends Layer {
  readonly kind: "sequential";
  readonly layers: readonly Layer[];
}

const checked = defineLayer<Sequential>({
  kind: "sequential",
  options: ["layers"],
  check: (where, { layers }) => void checkLayers(where, layers),
  build: ({ layers }, x, context) => context.build(layers, x),
});

/** The layers in a row. Their parameters are named layer2.layer1.w. Throws without layers. */
export const sequential = (...layers: readonly Layer[]): Sequential => checked({ kind: "sequential", layers });
