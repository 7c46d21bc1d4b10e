// The map: contours and trails on two canvases, the start moved by pointer or arrow keys.
import { useEffect, useRef } from "preact/hooks";
import { short } from "../../report/words.ts";
import { seriesColour, seriesDash } from "../palette.ts";
import { theme } from "../theme.ts";
import { drawContours, drawTrails, frameOf, markOf } from "./drawing.ts";
import { landscapes } from "./functions.ts";
import { change, settings, step, trails } from "./store.ts";

/** A share of the view that an arrow key moves the start. */
const NUDGE = 1 / 80;

const digits = (value: number): number => Number(value.toPrecision(3));

/** The start at a place of the view, held within it. */
function place(x: number, y: number): void {
  const [left, right, bottom, top] = landscapes[settings.value.landscape].view;
  const hold = (value: number, low: number, high: number): number => digits(Math.min(high, Math.max(low, value)));
  change({ start: [hold(x, left, right), hold(y, bottom, top)] });
}

function moveByKey(event: KeyboardEvent): void {
  const ways: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, 1],
    ArrowDown: [0, -1],
  };
  const way = Object.hasOwn(ways, event.key) ? ways[event.key] : undefined;
  if (!way) return;
  event.preventDefault();
  const [left, right, bottom, top] = landscapes[settings.value.landscape].view;
  const stride = NUDGE * (event.shiftKey ? 5 : 1);
  const [x, y] = settings.value.start;
  place(x + way[0] * stride * (right - left), y + way[1] * stride * (top - bottom));
}

function moveByPointer(event: PointerEvent): void {
  const map = event.currentTarget as HTMLElement;
  if (event.type === "pointerdown") map.setPointerCapture(event.pointerId);
  else if (!map.hasPointerCapture(event.pointerId)) return;
  const { left, top } = map.getBoundingClientRect();
  const frame = frameOf(settings.value.landscape, map.clientWidth, map.clientHeight);
  place(frame.x(event.clientX - left), frame.y(event.clientY - top));
}

/** What is to be seen, from the data. */
function sentence(): string {
  const { walkers, start, landscape } = settings.value;
  const ends = trails.value.map(({ values }, i) => {
    const value = values[Math.min(step.value, values.length - 1)] ?? Number.NaN;
    return `${walkers[i]?.name} ${Number.isFinite(value) ? short(value) : "diverged"}`;
  });
  return `${landscapes[landscape].label}, start at ${start.join(", ")}. After ${step.value} steps: ${ends.join("; ")}.`;
}

export function LandscapeMap() {
  const ground = useRef<HTMLCanvasElement>(null);
  const above = useRef<HTMLCanvasElement>(null);
  const { landscape, start, walkers } = settings.value;
  const [left, right, bottom, top] = landscapes[landscape].view;
  useEffect(() => {
    const draw = (): void => {
      if (ground.current) drawContours(ground.current, landscape);
      if (above.current) drawTrails(above.current, { name: landscape, trails: trails.value, start, step: step.value });
    };
    draw();
    const observer = new ResizeObserver(draw);
    if (ground.current) observer.observe(ground.current);
    const stop = theme.subscribe(draw);
    return () => {
      observer.disconnect();
      stop();
    };
  }, [landscape]);
  useEffect(() => {
    if (above.current) drawTrails(above.current, { name: landscape, trails: trails.value, start, step: step.value });
  });
  return (
    <figure class="map-figure">
      <p class="legend" aria-hidden="true">
        {walkers.map(({ name }, i) => (
          <span key={`${i} ${name}`}>
            <svg width="40" height="16" aria-hidden="true">
              <line
                x1="0"
                y1="8"
                x2="40"
                y2="8"
                stroke-width="3"
                stroke-dasharray={seriesDash(i).join(" ")}
                style={{ stroke: `var(${seriesColour(i)})` }}
              />
              <path
                d={markOf(i)}
                transform="translate(32 8)"
                style={{ fill: `var(${seriesColour(i)})`, stroke: "var(--ground)" }}
              />
            </svg>
            {name}
          </span>
        ))}
        <span>◯ start</span>
        <span>+ minimum</span>
      </p>
      <div
        class="map"
        id="map"
        style={{ aspectRatio: Math.min(2, Math.max(1, (right - left) / (top - bottom))) }}
        role="application"
        aria-roledescription="map"
        aria-label={sentence()}
        aria-describedby="map-keys"
        tabIndex={0}
        onKeyDown={moveByKey}
        onPointerDown={moveByPointer}
        onPointerMove={moveByPointer}
      >
        <canvas ref={ground} />
        <canvas ref={above} />
      </div>
      <p class="soft" id="map-keys">
        Drag the start, or move it with the arrow keys (Shift: farther). Each trail ends in a mark of its own.
      </p>
    </figure>
  );
}
