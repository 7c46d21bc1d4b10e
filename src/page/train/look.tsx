// The data with what the network makes of them: a decision surface in the plane, or a line through the dots.
import { useState } from "preact/hooks";
import { plural, whole } from "../../report/words.ts";
import { CanvasView } from "../canvas_view.tsx";
import { drawFit } from "./fit.ts";
import type { History } from "./history.ts";
import { currentRun, progressWords } from "./store.ts";
import { POINTS, SurfaceChart } from "./surface.ts";

const MARKS = ["circles", "squares", "triangles"];

function Surface() {
  const run = currentRun() as History;
  const [chart] = useState(() => new SurfaceChart());
  const { data } = run.made.facts;
  const { grid } = run.made.job;
  if (!data || !grid) return null;
  const { count } = data.splits.train;
  const marks = MARKS.slice(0, data.outputs).join(", ");
  const shown = count > POINTS ? `${POINTS} of ${whole(count)} training points` : plural(count, "training point");
  const draw = (canvas: HTMLCanvasElement): void => {
    chart.show(data, grid);
    chart.values = run.surface;
    chart.draw(canvas);
  };
  return (
    <figure class="look">
      <figcaption>Data and decisions</figcaption>
      <CanvasView
        id="surface-chart"
        class="square"
        draw={draw}
        label={`Training points in the plane${run.surface ? ` with the network's decisions: ${progressWords()}` : ""}`}
      />
      <p class="soft">
        {shown}; one mark a class: {marks}.
      </p>
    </figure>
  );
}

function Fit() {
  const run = currentRun() as History;
  const { data } = run.made.facts;
  const { line } = run.made.job;
  if (!data || !line) return null;
  return (
    <figure class="look">
      <figcaption>Data and the network's answer</figcaption>
      <CanvasView
        id="fit-chart"
        class="square"
        draw={(canvas) => drawFit(canvas, data, line, run.surface)}
        label={`Training points and the network's line: ${progressWords()}`}
      />
      <p class="soft">Dots are training rows, the line is the network.</p>
    </figure>
  );
}

export function Look() {
  const run = currentRun();
  if (!run) return null;
  return run.made.job.grid ? <Surface /> : <Fit />;
}
