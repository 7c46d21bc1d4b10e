// Layer by layer: gradient norms, update-to-weight ratios, dead units, as they were at each look.
import { tidy, whole } from "../../../report/words.ts";
import type { Inspection } from "../../../train/inspect.ts";
import { seriesColour, seriesDash } from "../../palette.ts";
import { Plot, type PlotAxis, type PlotSeries } from "../../plot.tsx";
import { showShare } from "../numbers.ts";
import { currentRun } from "../store.ts";

const X: PlotAxis = { label: "step", show: whole };
const NORM: PlotAxis = { label: "norm", scale: "log", show: tidy };
const RATIO: PlotAxis = { label: "ratio", scale: "log", show: tidy };

const lines = (names: readonly string[], from: number): PlotSeries[] =>
  names.map((label, i) => ({ label, colour: seriesColour(i + from), dash: seriesDash(i + from), width: 1.75 }));

const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

function Dead({ last }: { readonly last: Inspection }) {
  if (last.units.length === 0) return <p class="soft">The network has no activations.</p>;
  return (
    <table class="dead">
      <caption>Dead units at step {whole(last.step)}: one and the same number for every row of the batch</caption>
      <thead>
        <tr>
          <th scope="col">Activation</th>
          <th scope="col" class="n">
            Dead
          </th>
          <th scope="col" class="n">
            Share
          </th>
        </tr>
      </thead>
      <tbody>
        {last.units.map(({ name, units, dead }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td class="n">
              {dead} of {units}
            </td>
            <td class="n">{showShare(dead / units)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function LayersPanel() {
  const looks = currentRun()?.inspections ?? [];
  const last = looks.at(-1);
  if (!last) return <p class="soft">Press Run or Step: each look takes one step on the side.</p>;
  const names = last.layers.map(({ name }) => name);
  const steps = looks.map(({ step }) => step);
  const norms = [
    steps,
    looks.map(({ gradientNorm }) => finite(gradientNorm)),
    ...names.map((_, i) => looks.map(({ layers }) => finite(layers[i]?.gradientNorm))),
  ];
  const ratios = [steps, ...names.map((_, i) => looks.map(({ layers }) => finite(layers[i]?.ratio)))];
  const said = last.layers.map(({ name, ratio }) => `${name} ${tidy(ratio)}`).join(", ");
  return (
    <div class="two">
      {looks.length < 2 && (
        <p class="soft wide">One look so far. The curves grow while it runs with this open: run again.</p>
      )}
      <Plot
        title="Gradient norm"
        sentence={`${tidy(last.gradientNorm)} at step ${last.step}.`}
        x={X}
        y={NORM}
        series={[{ label: "all", colour: "--ink" }, ...lines(names, 0)]}
        data={norms}
      />
      <Plot
        title="Update / weight"
        sentence={`At step ${last.step}: ${said}.`}
        x={X}
        y={RATIO}
        series={lines(names, 0)}
        data={ratios}
      />
      <Dead last={last} />
    </div>
  );
}
