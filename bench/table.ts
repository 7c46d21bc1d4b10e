// The README's performance table, from results: between two markers, replaced as a whole.
import { fail } from "../src/core/check.ts";
import type { BenchResult, Machine, PeerResult, Rounds } from "./result.ts";
import { figure } from "./tables.ts";

const BEGIN = "<!-- bench:begin -->";
const END = "<!-- bench:end -->";

const markdown = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, i) => (i === 0 ? "---" : "---:")), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

const factor = (rounds: Rounds | undefined): string => (rounds ? `${Number(rounds.median.toPrecision(2))}x` : "-");

const LIBRARIES = ["fall-line", "jax-js", "TensorFlow.js"];

/** Steps a second of each library, ours over theirs in brackets. */
function speeds(peers: readonly PeerResult[]): string {
  const rows = peers.map(({ problem, contenders, ratios }) => [
    problem,
    ...LIBRARIES.map((library) => {
      const found = contenders.find(({ name }) => name === library);
      if (!found) return "-";
      const rate = `${figure(found.stepsPerSecond.median)} steps/s`;
      return ratios[library] ? `${rate} (${factor(ratios[library])})` : rate;
    }),
  ]);
  return markdown(["network", "Fall Line", "jax-js (and ours over it)", "TensorFlow.js (and ours over it)"], rows);
}

/** Calls and host time a step, of the first network. */
function calls([first]: readonly PeerResult[]): string {
  if (!first) return "";
  const row = (title: string, of: (contender: PeerResult["contenders"][number]) => number): string[] => [
    title,
    ...LIBRARIES.map((library) => {
      const found = first.contenders.find(({ name }) => name === library);
      return found ? figure(of(found)) : "-";
    }),
  ];
  const rows = [
    row("dispatches", ({ counts }) => counts.dispatches),
    row("submits", ({ counts }) => counts.submits),
    row("bind groups made", ({ counts }) => counts.bindGroups),
    row("buffers made", ({ counts }) => counts.buffers),
    row("buffer writes", ({ counts }) => counts.writeBuffers),
    row("microseconds on the page's thread", ({ hostMicros }) => hostMicros.median),
  ];
  return markdown([`a step of ${first.problem}`, "Fall Line", "jax-js", "TensorFlow.js"], rows);
}

function populations({ population = [] }: BenchResult): string {
  if (population.length === 0) return "";
  const rows = population.map(({ problem, runStepsPerSecond, stepMillis }) => [
    problem,
    figure(runStepsPerSecond.median),
    figure(stepMillis),
  ]);
  return markdown(["many runs at once", "run-steps/s", "ms a step of all runs"], rows);
}

/** Square products, and the update where it has most to do: what the adapter's ceilings bound. */
function ceilinged({ matmul = [], kernels = [] }: BenchResult): string {
  const products = matmul.map(({ size, contenders, ratio }) => {
    const [ours, theirs] = contenders;
    if (!ours || !theirs) return [];
    return [
      `f32 product of ${size} x ${size}`,
      `${figure(ours.gflops.median)} GFLOP/s`,
      `${figure(ours.percent)} %`,
      `${theirs.name} ${figure(theirs.gflops.median)} (${factor(ratio)})`,
    ];
  });
  const update = kernels.find(({ plan }) => plan === "large arena");
  const last = update
    ? [`Adam alone, ${update.problem}`, `${figure(update.rate)} ${update.unit}`, `${figure(update.percent)} %`, ""]
    : [];
  const rows = [...products, last].filter((row) => row.length > 0);
  return rows.length > 0
    ? markdown(["kernels", "Fall Line", "of the adapter's ceiling", "beside it (and ours over it)"], rows)
    : "";
}

function others({ cold = [], heap, ceilings }: BenchResult): string {
  const starts = cold.map(
    ({ name, millis, pipelines }) => `${name} ${figure(millis.median)} ms (${pipelines.length} pipelines)`,
  );
  const lines = [
    starts.length > 0 ? `Cold start, from the call to the first step's loss: ${starts.join(", ")}.` : "",
    heap
      ? `Heap growth over ${figure(heap.steps)} steps, after forced collections: ${figure(heap.bytesPerStep)} bytes a step.`
      : "",
    ceilings
      ? `What this adapter can do at best, by kernels of our own: ${figure(ceilings.gflops.high)} GFLOP/s, ${figure(ceilings.copyGBs.high)} GB/s, ${figure(ceilings.dispatchMicros.low)} us a small dispatch.`
      : "",
  ];
  return lines.filter(Boolean).join("\n");
}

function heading({ adapter, software, browser, cores, cpu, date, commit }: Machine): string {
  const kind = software ? " (a software adapter: it shows counts and ratios, not what a GPU does)" : "";
  return `**${adapter}**${kind}, ${browser}, ${cores} cores ${cpu}, ${date.slice(0, 10)}, commit ${commit}. Medians; the same network, data, starts, batches and optimizer, rounds interleaved in one ${browser.startsWith("Node") ? "process" : "page"}, the first losses equal to 1e-4.`;
}

/** The table of one adapter's results, as Markdown. */
export function table(result: BenchResult): string {
  const { peers = [], machine } = result;
  const parts = [
    heading(machine),
    peers.length > 0 ? speeds(peers) : "",
    calls(peers),
    populations(result),
    ceilinged(result),
    others(result),
  ];
  return `${parts.filter(Boolean).join("\n\n")}\n`;
}

/** A README with the text between its markers replaced; throws where it has none. */
export function intoReadme(readme: string, text: string): string {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin)
    fail("bench", `README.md has no ${BEGIN} ... ${END}`, "add the two markers where the table belongs");
  return `${readme.slice(0, begin + BEGIN.length)}\n${text}${readme.slice(end)}`;
}
