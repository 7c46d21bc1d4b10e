// A small IDX pair, written byte by byte after the format's description: u8 images [count, side, side] and u8 labels [count].

const head = (sizes: readonly number[]): number[] => [
  ...[0, 0, 8, sizes.length],
  ...sizes.flatMap((size) => [size >>> 24, (size >>> 16) & 255, (size >>> 8) & 255, size & 255]),
];

/** Class c of `classes` is bright in its band of rows and a little uneven elsewhere. */
export function idxPair(count: number, side: number, classes: number): { images: Uint8Array; labels: Uint8Array } {
  const labels = Array.from({ length: count }, (_, i) => i % classes);
  const images = labels.flatMap((label, i) =>
    Array.from({ length: side * side }, (_, at) =>
      Math.floor((Math.floor(at / side) * classes) / side) === label ? 255 - (i % 7) : (i * 5 + at) % 11,
    ),
  );
  return {
    images: Uint8Array.from([...head([count, side, side]), ...images]),
    labels: Uint8Array.from([...head([count]), ...labels]),
  };
}
