// Data in the plane with the network's decision surface behind it, on a 2-D canvas.
import type { Dataset } from "../../data/index.ts";
import { linearScale } from "../../report/scale.ts";
import type { Grid } from "../trainer/protocol.ts";
import { colour, type Drawing, fitted, type Rgb, rgbOf } from "../canvas.ts";

/** Points drawn at most, the first of the training rows. */
export const POINTS = 400;

/** Painted pixels a side of a grid point: colours are not linear in the probabilities, so these are mixed finely. */
const FINER = 4;

/** A class's mark: circle, square, triangle in turn, so that no class is told by its colour alone. */
function mark(context: CanvasRenderingContext2D, label: number, x: number, y: number): void {
  context.beginPath();
  if (label % 3 === 0) context.arc(x, y, 3, 0, 2 * Math.PI);
  else if (label % 3 === 1) context.rect(x - 2.6, y - 2.6, 5.2, 5.2);
  else {
    context.moveTo(x, y - 3.6);
    context.lineTo(x + 3.4, y + 2.6);
    context.lineTo(x - 3.4, y + 2.6);
    context.closePath();
  }
  context.fill();
  context.stroke();
}

export class SurfaceChart {
  readonly #image = document.createElement("canvas");
  #data: { readonly plane: Dataset; readonly grid: Grid } | undefined;
  /** Probabilities [size * size, classes]. */
  #values: Float32Array | undefined;

  show(plane: Dataset, grid: Grid): void {
    this.#data = { plane, grid };
  }

  set values(values: Float32Array | undefined) {
    this.#values = values;
  }

  draw(canvas: HTMLCanvasElement): void {
    const drawing = this.#data && fitted(canvas);
    if (!drawing || !this.#data) return;
    const { context, width, height } = drawing;
    const { plane, grid } = this.#data;
    const colours = Array.from({ length: plane.outputs }, (_, i) => colour(`--series${i % 8}`));
    const room = 30;
    const side = Math.min(width - room, height - 22);
    const [left, top] = [room, 4];
    if (this.#values) {
      this.#paint(this.#values, grid.size, colours.map(rgbOf), rgbOf(colour("--ground")));
      context.imageSmoothingEnabled = true;
      context.drawImage(this.#image, left, top, side, side);
    }
    const across = (x: number): number => left + ((x - grid.left) / (grid.right - grid.left)) * side;
    const up = (y: number): number => top + ((grid.top - y) / (grid.top - grid.bottom)) * side;
    drawPoints(drawing, plane, colours, { across, up });
    drawFrame(drawing, grid, { left, top, side });
  }

  /** The ground, moved towards the classes' colours by how far the likeliest is above chance. */
  #paint(values: Float32Array, size: number, colours: readonly Rgb[], ground: Rgb): void {
    const side = size * FINER;
    this.#image.width = side;
    this.#image.height = side;
    const context = this.#image.getContext("2d");
    if (!context) return;
    const image = context.createImageData(side, side);
    const shares = new Float32Array(colours.length);
    const chance = 1 / colours.length;
    for (let i = 0; i < side * side; i++) {
      between(values, size, { x: (i % side) / FINER, y: Math.floor(i / side) / FINER }, shares);
      const sure = (Math.max(...shares) - chance) / (1 - chance);
      const weight = 0.6 * Math.sqrt(Math.max(0, sure));
      for (let channel = 0; channel < 3; channel++) {
        const mixed = colours.reduce((sum, of, c) => sum + (shares[c] ?? 0) * (of[channel] ?? 0), 0);
        image.data[4 * i + channel] = weight * mixed + (1 - weight) * (ground[channel] ?? 0);
      }
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }
}

/** The probabilities between the four grid points about (x, y), in grid points from the top left. */
function between(values: Float32Array, size: number, { x, y }: { x: number; y: number }, shares: Float32Array): void {
  const [u, v] = [Math.max(0, x - 0.5 + 0.5 / FINER), Math.max(0, y - 0.5 + 0.5 / FINER)];
  const [left, top] = [Math.min(size - 2, Math.floor(u)), Math.min(size - 2, Math.floor(v))];
  const [across, down] = [Math.min(1, u - left), Math.min(1, v - top)];
  const classes = shares.length;
  for (let c = 0; c < classes; c++) {
    const at = (top * size + left) * classes + c;
    const above = (values[at] ?? 0) * (1 - across) + (values[at + classes] ?? 0) * across;
    const under = at + size * classes;
    const below = (values[under] ?? 0) * (1 - across) + (values[under + classes] ?? 0) * across;
    shares[c] = above * (1 - down) + below * down;
  }
}

interface Places {
  readonly across: (x: number) => number;
  readonly up: (y: number) => number;
}

function drawPoints({ context }: Drawing, plane: Dataset, colours: readonly string[], { across, up }: Places): void {
  const { start, count } = plane.splits.train;
  context.strokeStyle = colour("--ground");
  context.lineWidth = 1;
  for (let i = start; i < start + Math.min(POINTS, count); i++) {
    const label = plane.y[i] ?? 0;
    context.fillStyle = colours[label] ?? "";
    mark(context, label, across(plane.x[2 * i] ?? 0), up(plane.x[2 * i + 1] ?? 0));
  }
}

function drawFrame(
  { context }: Drawing,
  grid: Grid,
  { left, top, side }: { left: number; top: number; side: number },
): void {
  context.strokeStyle = colour("--soft");
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, side - 1, side - 1);
  context.fillStyle = colour("--soft");
  const scale = linearScale(grid.left, grid.right, String, 4);
  for (const { at, label } of scale.ticks) {
    context.textAlign = "center";
    context.textBaseline = "top";
    context.fillText(label, left + at * side, top + side + 5);
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.fillText(label, left - 5, top + (1 - at) * side);
  }
}
