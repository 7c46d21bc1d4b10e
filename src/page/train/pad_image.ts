// From strokes on a pad to an image as MNIST has them: the ink in a box of 20 pixels, its centre of mass in the middle.

const SIDE = 28;
const BOX = 20;

/** Sum of ink and its centre; undefined without ink. */
function massOf(ink: Float32Array, side: number): { x: number; y: number; total: number } | undefined {
  let [x, y, total] = [0, 0, 0];
  for (let i = 0; i < ink.length; i++) {
    const value = ink[i] as number;
    x += value * (i % side);
    y += value * Math.floor(i / side);
    total += value;
  }
  return total > 0 ? { x: x / total, y: y / total, total } : undefined;
}

/** The least box about the ink. */
function boxOf(ink: Float32Array, side: number): { left: number; top: number; size: number } {
  let [left, right, top, bottom] = [side, -1, side, -1];
  for (let i = 0; i < ink.length; i++) {
    if ((ink[i] as number) <= 0) continue;
    const [x, y] = [i % side, Math.floor(i / side)];
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
  }
  return { left, top, size: Math.max(right - left, bottom - top) + 1 };
}

/** Mean ink of the square of `scale` pixels at (x, y). */
function meanAt(ink: Float32Array, side: number, { x, y, scale }: { x: number; y: number; scale: number }): number {
  const count = Math.max(1, Math.round(scale));
  let sum = 0;
  for (let i = 0; i < count * count; i++) {
    const px = Math.floor(x + (((i % count) + 0.5) / count) * scale);
    const py = Math.floor(y + ((Math.floor(i / count) + 0.5) / count) * scale);
    if (px >= 0 && py >= 0 && px < side && py < side) sum += ink[py * side + px] as number;
  }
  return sum / (count * count);
}

/** Ink [side, side] in [0, 1] to bytes [28, 28]: black 0, ink 255; undefined for an empty pad. */
export function mnistImage(ink: Float32Array, side: number): Uint8Array | undefined {
  const mass = massOf(ink, side);
  if (!mass) return undefined;
  const { size } = boxOf(ink, side);
  const scale = size / BOX;
  const result = new Uint8Array(SIDE * SIDE);
  for (let i = 0; i < result.length; i++) {
    const x = mass.x + 0.5 + ((i % SIDE) - SIDE / 2) * scale;
    const y = mass.y + 0.5 + (Math.floor(i / SIDE) - SIDE / 2) * scale;
    result[i] = Math.round(255 * Math.min(1, meanAt(ink, side, { x, y, scale })));
  }
  return result;
}

/** Means of 2 x 2 pixels, halves rounded up, as the digits of 14 x 14 are made. */
export function halved(image: Uint8Array): Uint8Array {
  const half = SIDE / 2;
  return Uint8Array.from({ length: half * half }, (_, i) => {
    const at = Math.floor(i / half) * 2 * SIDE + (i % half) * 2;
    const parts = [at, at + 1, at + SIDE, at + SIDE + 1];
    return (parts.reduce((sum, part) => sum + (image[part] as number), 0) + 2) >> 2;
  });
}
