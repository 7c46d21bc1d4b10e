// The Race view: optimizers x learning rates x seeds in one population, medians and bands, a table, files to take away.
import { useEffect, useState } from "preact/hooks";
import { csvCurves, csvRuns, htmlReport, jsonLines } from "../../report/index.ts";
import { whole } from "../../report/words.ts";
import { download } from "../download.ts";
import { Plot } from "../plot.tsx";
import { chartOf } from "../race/chart.ts";
import { RaceForm } from "../race/form.tsx";
import { active, error, followRace, heard, notes, phase, result, status, stop, toggle } from "../race/store.ts";
import { RaceTable } from "../race/table.tsx";
import "../lab.css";

let following = false;

const LABELS = { running: "Pause", preparing: "Preparing …", paused: "Resume" } as Readonly<Record<string, string>>;

function Buttons() {
  return (
    <>
      <div class="buttons two">
        <button type="button" id="race-run" class="primary" disabled={phase.value === "preparing"} onClick={toggle}>
          {LABELS[phase.value] ?? "Run the race"}
        </button>
        <button type="button" id="race-stop" disabled={!active.value} onClick={stop}>
          Stop
        </button>
      </div>
      <p id="race-status" role="status" class="status">
        {status}
      </p>
      <p role="alert" id="race-error" class="error" hidden={error.value === ""}>
        {error}
      </p>
    </>
  );
}

function Chart() {
  const [log, setLog] = useState(true);
  const { facts, points, job } = heard.value ?? {};
  if (!facts || !points || !job) {
    return <p class="empty">The curves of all optimizers come here: Run the race.</p>;
  }
  const chart = chartOf(facts, points, { log, steps: job.steps ?? 1 });
  return (
    <>
      <label class="check">
        <input type="checkbox" checked={log} onChange={(event) => setLog(event.currentTarget.checked)} /> Log axis
      </label>
      <Plot {...chart} class="tall" />
    </>
  );
}

/** What of the result can be saved, by its file's name. */
const FILES = [
  ["race-curves.csv", "Curves CSV", "text/csv", csvCurves],
  ["race-runs.csv", "Runs CSV", "text/csv", csvRuns],
  ["race.jsonl", "JSON lines", "application/jsonl", jsonLines],
  ["race.html", "Report", "text/html", htmlReport],
] as const;

function Files() {
  const made = result.value;
  if (!made) return null;
  const recipe = (): void => download("recipe.json", `${JSON.stringify(made.recipe, null, 2)}\n`, "application/json");
  return (
    <section aria-labelledby="race-files">
      <h2 id="race-files">Take it away</h2>
      <p class="files">
        {FILES.map(([name, label, type, write]) => (
          <button type="button" key={name} class="small" onClick={() => download(name, write(made), type)}>
            {label}
          </button>
        ))}
        <button type="button" class="small" onClick={recipe}>
          Recipe
        </button>
      </p>
      <p class="soft">
        Recipe {made.recipeHash}. <code>fall-line race --config recipe.json</code> runs the same race.
      </p>
    </section>
  );
}

export function Race() {
  useEffect(() => {
    if (!following) followRace();
    following = true;
  }, []);
  const { step = 0, job, seconds = 0, done } = heard.value ?? {};
  const took = done?.seconds.training ?? seconds;
  return (
    <>
      <p class="note" role="note" hidden={notes.value.length === 0}>
        {`The address held something this page cannot use: ${notes.value.join("; ")}.`}
      </p>
      <main class="lab">
        <div class="controls">
          <Buttons />
          <RaceForm />
        </div>
        <div class="results">
          <p class="progress-line">
            <progress id="race-progress" aria-label="Steps done" value={step} max={job?.steps ?? 1} />
            <span id="race-step">
              {job ? `${whole(step)} / ${whole(job.steps ?? 0)} steps, ${took.toFixed(1)} s` : "not begun"}
            </span>
          </p>
          <Chart />
          <RaceTable />
          <Files />
        </div>
      </main>
    </>
  );
}
