// Loss and accuracy over the training, with the axes and the smoothing a person chose.
import { signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { lossKindOf } from "../../nn/index.ts";
import { tidy, whole } from "../../report/words.ts";
import { Plot, type PlotAxis, type PlotSeries } from "../plot.tsx";
import { type Across, curveData } from "./curves.ts";
import type { History } from "./history.ts";
import { currentRun, progressWords } from "./store.ts";

export const across = signal<Across>("steps");
export const acrossScale = signal<"linear" | "log">("linear");
export const lossScale = signal<"linear" | "log">("log");
/** The weight of what was before, of a debiased exponential mean: 0 is none. */
export const smoothing = signal(0.95);

const SERIES: readonly PlotSeries[] = [
  { label: "each batch", colour: "--train", width: 1, alpha: 0.3, behind: true },
  { label: "training, smoothed", colour: "--train" },
  { label: "validation", colour: "--validation", dash: [5, 3], points: true },
];
/** Without smoothing the batches are the line. */
const PLAIN = SERIES.map((one, i) => (i === 1 ? { ...one, label: "training" } : one));

const share = (value: number): string => `${Number((100 * value).toPrecision(4))} %`;

/** Where a training of so many steps done lies; on a log axis the first step lies at 1. */
function placeOf(run: History, by: Across, log: boolean): (done: number) => number {
  const { batch } = run.made.job;
  if (by === "seconds")
    return (done) => (done > 0 ? (run.seconds[done - 1] ?? 0) : log ? (run.seconds[0] ?? 0) / 2 : 0);
  const scale = by === "samples" ? batch : 1;
  return log ? (done) => Math.max(1, done) * scale : (done) => done * scale;
}

function axisOf(run: History, by: Across, scale: "linear" | "log"): PlotAxis {
  const { steps, batch } = run.made.job;
  const log = scale === "log";
  const big = (value: number): string => (value >= 10_000 ? `${tidy(value / 1000)} k` : whole(value));
  if (by === "seconds") return { label: "seconds", scale, show: tidy };
  const each = by === "samples" ? batch : 1;
  return { label: by, scale, low: log ? each : 0, high: steps * each, show: big };
}

/** A steady object while its values are the same, so that a chart is not made anew. */
function useSteady(axis: PlotAxis): PlotAxis {
  const { label, scale, low, high } = axis;
  return useMemo(() => axis, [label, scale, low, high]);
}

interface CurveProps {
  readonly id: string;
  readonly title: string;
  readonly kind: "loss" | "accuracy";
}

function Curve({ id, title, kind }: CurveProps) {
  const run = currentRun() as History;
  const series = run[kind];
  const x = useSteady(axisOf(run, across.value, acrossScale.value));
  const y = useSteady(
    kind === "accuracy"
      ? { label: "share of rows right", low: 0, high: 1, show: share }
      : { label: "loss", scale: lossScale.value, show: tidy },
  );
  const validations = run.validations.map((at) => ({ step: at.step, value: at[kind] }));
  const place = placeOf(run, across.value, acrossScale.value === "log");
  const data = curveData({ series, smoothing: smoothing.value, place, validations, columns: 500 });
  const marks =
    run.diverged === undefined ? [] : [{ x: place(run.diverged), label: `not finite at step ${run.diverged}` }];
  return (
    <Plot
      class={`curve-${id}`}
      title={title}
      sentence={progressWords()}
      x={x}
      y={y}
      series={smoothing.value === 0 ? PLAIN : SERIES}
      data={data}
      marks={marks}
      sync="train"
      legend={kind === "loss"}
    />
  );
}

/** What a regression is told of on validation rows beside its loss. */
const MEASURES = {
  r2: { title: "R²", y: { label: "share of the targets' variance explained", high: 1, show: tidy } },
  meanAbsoluteError: { title: "Mean absolute error", y: { label: "of outputs from targets", low: 0, show: tidy } },
} as const;

const VALIDATION = SERIES.slice(2);

function Measure({ kind }: { readonly kind: keyof typeof MEASURES }) {
  const run = currentRun() as History;
  const { title, y } = MEASURES[kind];
  const x = useSteady(axisOf(run, across.value, acrossScale.value));
  const place = placeOf(run, across.value, acrossScale.value === "log");
  const values = run.validations
    .map((at) => at[kind])
    .map((value = Number.NaN) => (Number.isFinite(value) ? value : null));
  const last = values.at(-1);
  const words =
    typeof last === "number"
      ? `${tidy(last)} after ${whole(run.validations.at(-1)?.step ?? 0)} steps`
      : "no validation yet";
  return (
    <Plot
      class={`curve-${kind}`}
      title={title}
      sentence={`On validation rows: ${words}.`}
      x={x}
      y={y}
      series={VALIDATION}
      data={[run.validations.map(({ step }) => place(step)), values]}
      sync="train"
      legend={false}
    />
  );
}

function Toolbar() {
  return (
    <div class="toolbar">
      <label>
        Across{" "}
        <select id="across" value={across} onChange={(event) => (across.value = event.currentTarget.value as Across)}>
          <option value="steps">steps</option>
          <option value="samples">samples</option>
          <option value="seconds">seconds</option>
        </select>
      </label>
      <label>
        <input
          id="across-log"
          type="checkbox"
          checked={acrossScale.value === "log"}
          onChange={(event) => (acrossScale.value = event.currentTarget.checked ? "log" : "linear")}
        />{" "}
        log
      </label>
      <label>
        Loss{" "}
        <select
          id="loss-scale"
          value={lossScale}
          onChange={(event) => (lossScale.value = event.currentTarget.value as "linear" | "log")}
        >
          <option value="log">log</option>
          <option value="linear">linear</option>
        </select>
      </label>
      <label class="slide">
        Smoothing{" "}
        <input
          id="smoothing"
          type="range"
          min="0"
          max="0.99"
          step="0.01"
          value={smoothing}
          onInput={(event) => (smoothing.value = Number(event.currentTarget.value))}
        />
        <output for="smoothing">{smoothing.value.toFixed(2)}</output>
      </label>
    </div>
  );
}

export function Charts() {
  const run = currentRun();
  if (!run) return null;
  const { labels } = run.made.facts;
  const regression = !lossKindOf(run.made.job.loss).accuracy;
  return (
    <section aria-label="Curves" class="curves">
      <Toolbar />
      <Curve id="loss" title="Loss" kind="loss" />
      {labels && <Curve id="accuracy" title="Accuracy" kind="accuracy" />}
      {regression && <Measure kind="r2" />}
      {regression && <Measure kind="meanAbsoluteError" />}
    </section>
  );
}
