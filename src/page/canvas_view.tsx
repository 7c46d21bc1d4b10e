// A canvas that is drawn again when its numbers, its size or the theme change.
import { useEffect, useRef } from "preact/hooks";
import { theme } from "./theme.ts";

interface CanvasProps {
  readonly id: string;
  readonly label: string;
  /** Draws all of it; called after every render of the parent. */
  readonly draw: (canvas: HTMLCanvasElement) => void;
  readonly class?: string;
}

export function CanvasView({ id, label, draw, class: name = "" }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(draw);
  latest.current = draw;
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const again = (): void => latest.current(element);
    const observer = new ResizeObserver(again);
    observer.observe(element);
    const stop = theme.subscribe(again);
    return () => {
      observer.disconnect();
      stop();
    };
  }, []);
  // Once a frame at most, however often the numbers come.
  useEffect(() => {
    const frame = requestAnimationFrame(() => canvas.current && latest.current(canvas.current));
    return () => cancelAnimationFrame(frame);
  });
  return <canvas id={id} ref={canvas} class={name} role="img" aria-label={label} />;
}
