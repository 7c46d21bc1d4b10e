// A chart's numbers as a table for screen readers: at most 50 rows, brought up to date every few seconds.
import { useEffect, useRef, useState } from "preact/hooks";
import type { PlotProps } from "./plot.tsx";
import { axisWords } from "./plot_axis.ts";

const ROWS = 50;
const SELDOM = 3000;

/** Positions of at most `most` rows, evenly spread, the last always among them. */
export function rowsOf(length: number, most: number): number[] {
  if (length <= most) return Array.from({ length }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.round((i * (length - 1)) / (most - 1)));
}

/** The newest of what comes, at most every few seconds. */
function useSeldom<T>(value: T): T {
  const [shown, setShown] = useState(value);
  const latest = useRef(value);
  const due = useRef(0);
  latest.current = value;
  useEffect(() => {
    const wait = Math.max(0, due.current - performance.now());
    const timer = setTimeout(() => {
      due.current = performance.now() + SELDOM;
      setShown(latest.current);
    }, wait);
    return () => clearTimeout(timer);
  });
  return shown;
}

export function PlotTable(props: PlotProps) {
  const { title, x, y, series, data } = useSeldom(props);
  const named = series.map((one, i) => ({ ...one, values: data[i + 1] })).filter(({ behind }) => !behind);
  const xs = data[0] ?? [];
  const filled = rowsOf(xs.length, xs.length).filter((at) =>
    named.some(({ values }) => typeof values?.[at] === "number"),
  );
  return (
    <div class="unseen">
      <table>
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">{x.label}</th>
            {named.map(({ label }) => (
              <th scope="col" key={label}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rowsOf(filled.length, ROWS).map((row) => {
            const at = filled[row] as number;
            return (
              <tr key={row}>
                <th scope="row">{axisWords(x, xs[at] ?? 0)}</th>
                {named.map(({ label, values }) => {
                  const value = values?.[at];
                  return <td key={label}>{typeof value === "number" ? axisWords(y, value) : ""}</td>;
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
