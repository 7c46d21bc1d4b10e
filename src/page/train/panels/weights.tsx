// The first layer's weights as images: a tile a unit, one colour for weights above 0, another below.
import { colour, fitted, type Rgb, rgbOf } from "../../canvas.ts";
import { CanvasView } from "../../canvas_view.tsx";
import type { Weights } from "../../trainer/protocol.ts";
import { extent } from "../curves.ts";
import { currentRun } from "../store.ts";

const GAP = 3;

function paint(
  image: ImageData,
  values: Float32Array,
  reach: number,
  [above, below, ground]: readonly [Rgb, Rgb, Rgb],
): void {
  for (let i = 0; i < values.length; i++) {
    const weight = (values[i] as number) / reach;
    const to = weight > 0 ? above : below;
    const mix = Math.sqrt(Math.min(1, Math.abs(weight)));
    for (let channel = 0; channel < 3; channel++) {
      image.data[4 * i + channel] = mix * (to[channel] as number) + (1 - mix) * (ground[channel] as number);
    }
    image.data[4 * i + 3] = 255;
  }
}

function drawTiles(canvas: HTMLCanvasElement, { values, inputs, shown }: Weights): void {
  const side = Math.sqrt(inputs);
  const across = Math.max(4, Math.floor((canvas.clientWidth + GAP) / (Math.max(40, side * 1.5) + GAP)));
  const tile = (canvas.clientWidth + GAP) / across - GAP;
  canvas.style.height = `${Math.ceil(shown / across) * (tile + GAP) - GAP}px`;
  const drawing = fitted(canvas);
  if (!drawing) return;
  const { context } = drawing;
  const found = extent(values);
  const reach = Math.max(Math.abs(found?.low ?? 0), Math.abs(found?.high ?? 0)) || 1;
  const colours = [rgbOf(colour("--series0")), rgbOf(colour("--series1")), rgbOf(colour("--ground"))] as const;
  const one = new OffscreenCanvas(side, side);
  const image = new ImageData(side, side);
  context.imageSmoothingEnabled = false;
  for (let unit = 0; unit < shown; unit++) {
    paint(image, values.subarray(unit * inputs, (unit + 1) * inputs), reach, colours);
    one.getContext("2d")?.putImageData(image, 0, 0);
    const [x, y] = [(unit % across) * (tile + GAP), Math.floor(unit / across) * (tile + GAP)];
    context.drawImage(one, x, y, tile, tile);
  }
}

export function WeightsPanel() {
  const weights = currentRun()?.weights;
  if (!weights) return <p class="soft">Press Run or Step.</p>;
  const { shown, units, step } = weights;
  const words = `Weights of ${shown === units ? `all ${units}` : `the first ${shown} of ${units}`} units at step ${step}`;
  return (
    <>
      <CanvasView id="weights-chart" label={words} draw={(canvas) => drawTiles(canvas, weights)} class="tiles" />
      <p class="soft">{words}: blue where a bright pixel speaks for the unit, orange where it speaks against it.</p>
    </>
  );
}
