// The kernel's declaration: what it reads and writes, what it should compute, how far rounding may take it, and where to look.
import { defineKernel, read, write } from "fall-line";
import wgsl from "./swish.wgsl?raw";

type Sizes = Readonly<Record<string, number>>;

/** Every element of [rows, cols]. */
function each({ rows = 0, cols = 0 }: Sizes, visit: (i: number, j: number) => void): void {
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) visit(i, j);
}

const ULP = 2 ** -23;
/** Below it a result may be flushed to 0. */
const FLUSH = 2 ** -126;

export const swish = defineKernel({
  name: "swish",
  wgsl,
  params: ["rows", "cols"],
  bindings: ({ rows = 0, cols = 0 }) => ({ x: read(rows, cols), y: write(rows, cols) }),
  threads: ({ rows = 0, cols = 0 }) => [rows * Math.ceil(cols / 4)],
  reference({ x, y }, sizes) {
    each(sizes, (i, j) => y?.set((x?.at(i, j) ?? 0) / (1 + Math.exp(-(x?.at(i, j) ?? 0))), i, j));
  },
  /** WGSL allows exp(z) an error of 3 + 2 |z| ULP, a sum one rounding u, a quotient 2.5 ULP. */
  bound({ x, y }, sizes, { u }) {
    each(sizes, (i, j) => {
      const z = x?.at(i, j) ?? 0;
      const power = Math.exp(-z);
      const sum = 1 + power;
      const off = (3 + 2 * Math.abs(z)) * ULP * power;
      const wrong = off + u * (sum + off);
      y?.allow(Math.abs(z / sum) * (((1 + 2.5 * ULP) * sum) / (sum - wrong) - 1) + FLUSH, i, j);
    });
  },
});

export const cases = [
  { sizes: { rows: 1, cols: 1 } },
  { sizes: { rows: 3, cols: 5 } },
  { sizes: { rows: 64, cols: 64 } },
  { sizes: { rows: 17, cols: 241 }, runs: 3 },
];
