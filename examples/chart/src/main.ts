// A race in a worker, drawn as it runs: no framework, a canvas and the numbers.
import { adam, crossEntropy, linear, openBackend, type RaceMetrics, race, sgd, spirals, tanh } from "fall-line";
import { Chart } from "./chart.ts";

const button = (id: string): HTMLButtonElement => document.getElementById(id) as HTMLButtonElement;
const status = document.getElementById("status") as HTMLElement;
const chart = new Chart(document.getElementById("chart") as HTMLCanvasElement, ["sgd", "adam"]);

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** The median over the seeds, one number an optimizer. */
const medians = ({ loss }: RaceMetrics): number[] => loss.map(median);

async function start(): Promise<void> {
  button("run").disabled = true;
  const gpu = await openBackend({ worker: true });
  const heat = race(gpu, {
    data: spirals({ count: 600 }),
    model: [linear(24), tanh(), linear(24), tanh(), linear(2)],
    loss: crossEntropy(),
    entries: { sgd: sgd({ lr: 0.1, momentum: 0.9 }), adam: adam({ lr: 0.02 }) },
    seeds: [1, 2, 3],
    batch: 48,
    steps: 600,
  });
  let paused = false;
  button("pause").disabled = false;
  button("pause").onclick = () => {
    paused = !paused;
    if (paused) heat.pause();
    else heat.resume();
    button("pause").textContent = paused ? "Resume" : "Pause";
  };
  for await (const metrics of heat) chart.add(metrics.step, medians(metrics));
  const results = await heat.evaluate("validation");
  const right = heat.entries.map((entry) => {
    const shares = results.filter((run) => run.entry === entry).map(({ evaluation }) => evaluation.accuracy);
    return `${entry} ${(100 * median(shares)).toFixed(0)} %`;
  });
  status.textContent = `Done: right on validation points, ${right.join(", ")}`;
  button("pause").disabled = true;
  gpu.close();
}

button("run").onclick = () => {
  start().catch((error: unknown) => {
    status.textContent = error instanceof Error ? error.message : String(error);
  });
};
