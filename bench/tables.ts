// The results as tables: a title, a head and rows of text. Terminal, page and README print the same ones.
import type { BenchResult, Counts, Rounds } from "./result.ts";

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const POWERS = ["", "k", "M", "G"];

/** Three digits: 0.123, 12.3, 1,230, 45.6 k. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return "-";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 1000) return String(Number(value.toPrecision(3)));
  if (size < 10_000) return String(Math.round(Number(value.toPrecision(3)))).replace(/\B(?=(\d{3})+$)/g, ",");
  const power = Math.min(POWERS.length - 1, Math.floor(Math.log10(size) / 3));
  return `${Number((value / 1000 ** power).toPrecision(3))} ${POWERS[power]}`;
}

/** 12.3 (11.9 to 12.8) */
export const spread = ({ median, low, high }: Rounds, text: (value: number) => string = figure): string =>
  low === high ? text(median) : `${text(median)} (${text(low)} to ${text(high)})`;

/** 2.3 times */
const times = (rounds: Rounds): string => spread(rounds, (value) => String(Number(value.toPrecision(2))));

const callsOf = ({ dispatches, submits, bindGroups, buffers, writeBuffers }: Counts): string[] =>
  [dispatches, submits, bindGroups, buffers, writeBuffers].map(figure);

const CALLS = ["dispatches", "submits", "bind groups", "buffers", "writeBuffers"];

function steps({ step = [] }: BenchResult): Table {
  const head = ["network", "steps a submit", ...CALLS, "as planned", "host us/step", "steps/s"];
  const rows = step.map(({ problem, stepsPerSubmit, counts, asPlanned, hostMicros, stepsPerSecond }) => {
    return [
      problem,
      String(stepsPerSubmit),
      ...callsOf(counts),
      asPlanned ? "yes" : "NO",
      spread(hostMicros),
      spread(stepsPerSecond),
    ];
  });
  return { title: "A training step", head, rows };
}

function peers({ peers: all = [] }: BenchResult): Table {
  const head = ["network", "library", "steps/s", "ours is faster by", "host us/step", ...CALLS, "losses differ by"];
  const rows = all.flatMap(({ problem, contenders, ratios, agreement, left }) => [
    ...contenders.map(({ name, stepsPerSecond, hostMicros, counts }) => {
      const ratio = ratios[name];
      const worst = agreement.worst[name];
      const apart = worst === undefined ? "" : worst.toExponential(0);
      return [
        problem,
        name,
        spread(stepsPerSecond),
        ratio ? times(ratio) : "",
        spread(hostMicros),
        ...callsOf(counts),
        apart,
      ];
    }),
    ...Object.entries(left).map(([name, why]) => [problem, name, `left out: ${why}`]),
  ]);
  return { title: "Side by side: same network, data, starts, batches and optimizer, one page", head, rows };
}

function populations({ population = [] }: BenchResult): Table {
  const rows = population.map(({ problem, dispatches, runStepsPerSecond, stepMillis }) => {
    return [problem, String(dispatches), spread(runStepsPerSecond), figure(stepMillis)];
  });
  return {
    title: "Many runs at once",
    head: ["population", "dispatches a step", "run-steps/s", "ms a step of all runs"],
    rows,
  };
}

function cold({ cold: all = [] }: BenchResult): Table {
  const rows = all.map(({ name, problem, millis, pipelines }) => [
    problem,
    name,
    spread(millis),
    String(pipelines.length),
  ]);
  return {
    title: "Cold start: from the call to the first step's loss",
    head: ["network", "library", "ms", "pipelines"],
    rows,
  };
}

function ceilings({ ceilings: found }: BenchResult): Table {
  const head = ["vec4 multiply-add GFLOP/s", "streaming copy GB/s", "us a small dispatch"];
  const rows = found ? [[spread(found.gflops), spread(found.copyGBs), spread(found.dispatchMicros)]] : [];
  return { title: "Ceilings of the adapter", head, rows };
}

function kernels({ kernels: all = [] }: BenchResult): Table {
  const rows = all.map(({ problem, plan, kernel, name, shape, micros, rate, unit, percent }) => {
    return [`${problem}, ${plan}`, name, kernel, shape, spread(micros), figure(rate), unit, `${figure(percent)} %`];
  });
  return {
    title: "Kernels, each repeated on its own",
    head: ["plan", "dispatch", "kernel", "shape", "us", "rate", "", "of ceiling"],
    rows,
  };
}

function matmuls({ matmul: all = [] }: BenchResult): Table {
  const rows = all.flatMap(({ size, contenders, ratio, apart }) =>
    contenders.map(({ name, gflops, percent }, i) => {
      const beside = i === 0 ? ["", ""] : [times(ratio), apart.toExponential(0)];
      return [`${size} x ${size} x ${size}`, name, spread(gflops), `${figure(percent)} %`, ...beside];
    }),
  );
  const head = ["product", "library", "GFLOP/s", "of ceiling", "ours is faster by", "results differ by"];
  return { title: "Square products in f32", head, rows };
}

function heap({ heap: found }: BenchResult): Table {
  const rows = found
    ? [
        [
          found.problem,
          figure(found.steps),
          figure(found.bytesBefore),
          figure(found.bytesAfter),
          figure(found.bytesPerStep),
        ],
      ]
    : [];
  return {
    title: "Heap after forced collections",
    head: ["network", "steps", "bytes before", "bytes after", "bytes a step"],
    rows,
  };
}

function curves({ curves: all = [] }: BenchResult): Table {
  const rows = all.flatMap(({ name, title, points }) =>
    points.map(({ x, stepMillis }) => [title, name, String(x), spread(stepMillis)]),
  );
  return { title: "Cost of a step", head: ["network", "against", "", "ms a step"], rows };
}

/** All tables that have rows. */
export const tablesOf = (result: BenchResult): Table[] =>
  [steps, peers, populations, cold, ceilings, kernels, matmuls, heap, curves]
    .map((make) => make(result))
    .filter(({ rows }) => rows.length > 0);
