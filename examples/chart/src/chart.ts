// Lines on a canvas: a logarithmic axis of losses, drawn once a frame at most.

/** Okabe and Ito's colours: told apart without red and green. */
const COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7"];

export class Chart {
  readonly #canvas: HTMLCanvasElement;
  readonly #names: readonly string[];
  readonly #lines: { readonly step: number; readonly value: number }[][];
  #asked = false;

  constructor(canvas: HTMLCanvasElement, names: readonly string[]) {
    this.#canvas = canvas;
    this.#names = names;
    this.#lines = names.map(() => []);
  }

  add(step: number, values: readonly number[]): void {
    values.forEach((value, i) => void this.#lines[i]?.push({ step, value }));
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.#draw();
    });
  }

  #draw(): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const context = this.#canvas.getContext("2d");
    if (!context) return;
    this.#canvas.width = width * devicePixelRatio;
    this.#canvas.height = height * devicePixelRatio;
    context.scale(devicePixelRatio, devicePixelRatio);
    context.font = "14px system-ui, sans-serif";
    const points = this.#lines.flat().filter(({ value }) => value > 0 && Number.isFinite(value));
    const logs = points.map(({ value }) => Math.log10(value));
    const [low, high] = [Math.min(...logs), Math.max(...logs) + 1e-9];
    const last = Math.max(1, ...points.map(({ step }) => step));
    this.#lines.forEach((line, i) => {
      context.strokeStyle = context.fillStyle = COLOURS[i % COLOURS.length] ?? "gray";
      context.fillText(this.#names[i] ?? "", 8 + 70 * i, 16);
      context.beginPath();
      for (const { step, value } of line) {
        context.lineTo((step / last) * width, 24 + ((high - Math.log10(value)) / (high - low)) * (height - 28));
      }
      context.stroke();
    });
  }
}
