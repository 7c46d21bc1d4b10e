// A pad to draw a digit on, by pointer or by keys, with the network's answer.
import { useEffect, useRef, useState } from "preact/hooks";
import { colour } from "../../canvas.ts";
import { engine } from "../../engine.ts";
import { theme } from "../../theme.ts";
import type { Answer } from "../../trainer/protocol.ts";
import { errorWords } from "../../words.ts";
import { showShare } from "../numbers.ts";
import { halved, mnistImage } from "../pad_image.ts";
import { currentRun, history } from "../store.ts";

/** Pixels a side of the pad and of its pen. */
const SIDE = 140;
const PEN = 11;
/** Pixels a key moves the pen. */
const MOVE = 7;

interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Ink is kept as alpha, so that the pad's colour may be the theme's. */
class Pad {
  readonly ink = new OffscreenCanvas(SIDE, SIDE);
  readonly #context = this.ink.getContext("2d", { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;
  #canvas: HTMLCanvasElement | undefined;
  at: Spot = { x: SIDE / 2, y: SIDE / 4 };
  down = false;
  /** Shows where the pen is, while keys move it. */
  keyed = false;

  mount(canvas: HTMLCanvasElement): void {
    this.#canvas = canvas;
    this.show();
  }

  to(next: Spot): void {
    if (this.down) this.#line(this.at, next);
    this.at = next;
    this.show();
  }

  #line(from: Spot, to: Spot): void {
    const context = this.#context;
    [context.lineWidth, context.lineCap, context.strokeStyle] = [PEN, "round", "#000"];
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y + 0.01);
    context.stroke();
  }

  clear(): void {
    this.#context.clearRect(0, 0, SIDE, SIDE);
    this.down = false;
    this.show();
  }

  show(): void {
    const context = this.#canvas?.getContext("2d");
    if (!context) return;
    context.globalCompositeOperation = "source-over";
    context.clearRect(0, 0, SIDE, SIDE);
    context.drawImage(this.ink, 0, 0);
    context.globalCompositeOperation = "source-in";
    context.fillStyle = colour("--ink");
    context.fillRect(0, 0, SIDE, SIDE);
    context.globalCompositeOperation = "source-over";
    if (!this.keyed) return;
    context.strokeStyle = colour(this.down ? "--validation" : "--link");
    context.lineWidth = 2;
    context.beginPath();
    context.arc(this.at.x, this.at.y, PEN / 2 + 1, 0, 2 * Math.PI);
    context.stroke();
  }

  get image(): Uint8Array | undefined {
    const { data } = this.#context.getImageData(0, 0, SIDE, SIDE);
    return mnistImage(
      Float32Array.from({ length: SIDE * SIDE }, (_, i) => (data[4 * i + 3] as number) / 255),
      SIDE,
    );
  }
}

const KEYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-MOVE, 0],
  ArrowRight: [MOVE, 0],
  ArrowUp: [0, -MOVE],
  ArrowDown: [0, MOVE],
};

const within = (value: number): number => Math.min(SIDE, Math.max(0, value));

function spotOf(event: PointerEvent): Spot {
  const box = (event.currentTarget as Element).getBoundingClientRect();
  return { x: ((event.clientX - box.left) / box.width) * SIDE, y: ((event.clientY - box.top) / box.height) * SIDE };
}

function Bars({ answer }: { readonly answer: Answer }) {
  const { values, classes } = answer;
  const best = values.reduce((most, value, i) => (value > (values[most] as number) ? i : most), 0);
  return (
    <table class="bars">
      <caption id="pad-answer" aria-live="polite">
        It takes this for <b>{classes?.[best] ?? best}</b>, {showShare(values[best])} sure.
      </caption>
      <tbody>
        {Array.from(values, (value, i) => (
          <tr key={classes?.[i] ?? i}>
            <th scope="row">{classes?.[i] ?? i}</th>
            <td>
              <i style={{ width: `${100 * value}%` }} />
            </td>
            <td class="n">{showShare(value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Asks for the answer to what is drawn; one question at a time, the newest drawing last. */
function useAnswer(pad: Pad) {
  const [answer, setAnswer] = useState<Answer | string | undefined>(undefined);
  const state = useRef({ asking: false, again: false });
  const ask = async (): Promise<void> => {
    const { current } = state;
    current.again = current.asking;
    if (current.asking) return;
    const image = pad.image;
    if (!image) return setAnswer(undefined);
    current.asking = true;
    const inputs = history.value?.made.facts.shape[0];
    try {
      setAnswer(await engine.predict(inputs === 196 ? halved(image) : image));
    } catch (caught) {
      setAnswer(errorWords(caught));
    }
    current.asking = false;
    if (current.again) await ask();
  };
  return { answer, ask: () => void ask() };
}

export function PadPanel() {
  const [kept] = useState(() => new Pad());
  const canvas = useRef<HTMLCanvasElement>(null);
  const { answer, ask } = useAnswer(kept);
  const trained = currentRun()?.validations.length ?? 0;
  useEffect(() => {
    if (canvas.current) kept.mount(canvas.current);
    return theme.subscribe(() => kept.show());
  }, [kept]);
  // The answer changes as the network learns.
  useEffect(ask, [trained]);
  const key = (event: KeyboardEvent): void => {
    const by = Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : undefined;
    if (!by && event.key !== " " && event.key !== "Delete" && event.key !== "Backspace") return;
    event.preventDefault();
    kept.keyed = true;
    if (by) kept.to({ x: within(kept.at.x + by[0]), y: within(kept.at.y + by[1]) });
    else if (event.key === " ") {
      kept.down = !kept.down;
      kept.to(kept.at);
    } else kept.clear();
    ask();
  };
  const press = (event: PointerEvent): void => {
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    kept.keyed = false;
    kept.at = spotOf(event);
    kept.down = true;
    kept.to(kept.at);
  };
  const lift = (): void => {
    if (!kept.keyed) kept.down = false;
    ask();
  };
  return (
    <div class="pad">
      <div>
        <canvas
          id="pad"
          ref={canvas}
          width={SIDE}
          height={SIDE}
          tabIndex={0}
          data-keys
          role="application"
          aria-label="Pad to draw a digit on: arrow keys move the pen, Space puts it down or lifts it, Delete clears"
          onPointerDown={press}
          onPointerMove={(event) => {
            if (!kept.down || kept.keyed) return;
            kept.to(spotOf(event));
            ask();
          }}
          onPointerUp={lift}
          onPointerCancel={lift}
          onKeyDown={key}
        />
        <button
          type="button"
          id="pad-clear"
          onClick={() => {
            kept.clear();
            ask();
          }}
        >
          Clear
        </button>
      </div>
      {typeof answer === "object" ? (
        <Bars answer={answer} />
      ) : (
        <p class="soft" id="pad-words">
          {answer ??
            "Draw a digit, large and in one stroke or a few. Keys: arrows move the pen, Space puts it down, Delete clears."}
        </p>
      )}
    </div>
  );
}
