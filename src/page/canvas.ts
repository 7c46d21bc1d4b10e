// A 2-D canvas that fits its box, and the page's colours as the style sheet has them in light and dark.

/** The colours a drawing uses, by their names in the style sheet. */
export const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export type Rgb = readonly [number, number, number];

/** Red, green, blue in [0, 255] of #rrggbb or #rgb: a build writes #ffffff as #fff. */
export function rgbOf(hex: string): Rgb {
  const digits = hex.slice(1);
  const long = digits.length === 3 ? digits.replace(/./g, "$&$&") : digits;
  const at = (from: number): number => Number.parseInt(long.slice(from, from + 2), 16);
  return [at(0), at(2), at(4)];
}

export interface Drawing {
  readonly context: CanvasRenderingContext2D;
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** Fits the canvas' pixels to its box (at most 2 a CSS pixel), clears it; undefined while it has no size. */
export function fitted(canvas: HTMLCanvasElement): Drawing | undefined {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext("2d");
  if (width === 0 || height === 0 || !context) return undefined;
  const ratio = Math.min(2, globalThis.devicePixelRatio || 1);
  const [columns, rows] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== columns || canvas.height !== rows) {
    canvas.width = columns;
    canvas.height = rows;
  }
  context.setTransform(columns / width, 0, 0, rows / height, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = `12px ${getComputedStyle(canvas).fontFamily}`;
  return { context, width, height };
}
