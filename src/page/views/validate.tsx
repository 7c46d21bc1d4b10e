// The Validate view: every kernel's cases on this visitor's own GPU, each in percent of what its bound allows.
import { useState } from "preact/hooks";
import { whole } from "../../report/words.ts";
import { agrees, jsonReport, junit, markdown, percentOf } from "../../validate/report.ts";
import type { ValidationRow } from "../../validate/validate.ts";
import { download } from "../download.ts";
import "../lab.css";
import { answered, cancel, casesDone, error, extent, failed, rows, run, running, status } from "../validate/store.ts";

/** The worst error against what is allowed, as a bar with its number. */
function Allowance({ row }: { readonly row: ValidationRow }) {
  const { worst } = row;
  const share = Number.isFinite(worst) ? Math.min(100, worst) : 100;
  return (
    <td class="allowance">
      <span class={agrees(row) ? "bar" : "bar wrong-bar"} style={{ "--share": String(share / 100) }} />
      <span>{worst === 0 && agrees(row) ? "to the bit" : percentOf(worst)}</span>
    </td>
  );
}

function Row({ row }: { readonly row: ValidationRow }) {
  const good = agrees(row);
  return (
    <>
      <tr class={good ? "" : "failed"}>
        <th scope="row">
          <span aria-hidden="true">{good ? "✓" : "✗"}</span> {row.kernel}
        </th>
        <td>{good ? "agrees" : "disagrees"}</td>
        <td class="n">{row.cases}</td>
        <td class="n">{row.exact}</td>
        <Allowance row={row} />
        <td>{row.worst > 0 ? row.where : ""}</td>
      </tr>
      {!good && (
        <tr class="failed">
          <td colSpan={6}>
            <pre>{row.message ?? "no case could be compared"}</pre>
          </td>
        </tr>
      )}
    </>
  );
}

function Table() {
  const [only, setOnly] = useState(false);
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const shown = (only ? failed.value : rows.value).filter(({ kernel }) => kernel.toLowerCase().includes(wanted));
  if (rows.value.length === 0) return <p class="empty">Rows come here, a kernel each: press Validate.</p>;
  return (
    <>
      <div class="filters">
        <label class="check">
          <input
            id="only-failed"
            type="checkbox"
            checked={only}
            onChange={(event) => setOnly(event.currentTarget.checked)}
          />{" "}
          Only those that disagree ({failed.value.length})
        </label>
        <label class="find">
          Find{" "}
          <input
            id="find-kernel"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
            spellcheck={false}
            autoComplete="off"
          />
        </label>
        <span class="soft" id="rows-shown">
          {whole(shown.length)} of {whole(rows.value.length)} kernels
        </span>
      </div>
      <div class="scroll" tabIndex={0}>
        <table id="kernels">
          <caption class="unseen">Kernels against their references</caption>
          <thead>
            <tr>
              <th scope="col">Kernel</th>
              <th scope="col">Verdict</th>
              <th scope="col" class="n">
                Cases
              </th>
              <th scope="col" class="n" title="Cases of integers, which must agree to the bit">
                Exact
              </th>
              <th scope="col">Worst, of the allowance</th>
              <th scope="col">At</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <Row key={row.kernel} row={row} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Files() {
  if (rows.value.length === 0 || running.value) return null;
  const about = { browser: navigator.userAgent, date: new Date().toISOString(), ...answered.value };
  const files = [
    ["validation.json", "JSON", "application/json", () => jsonReport(rows.value, about)],
    ["validation.xml", "JUnit", "application/xml", () => junit(rows.value)],
    ["validation.md", "Markdown", "text/markdown", () => markdown(rows.value, about)],
  ] as const;
  return (
    <section aria-labelledby="validate-files">
      <h2 id="validate-files">Take the report away</h2>
      <p class="files">
        {files.map(([name, label, type, write]) => (
          <button type="button" key={name} class="small" onClick={() => download(name, write(), type)}>
            {label}
          </button>
        ))}
      </p>
    </section>
  );
}

export function Validate() {
  const done = rows.value.length;
  const { kernels = 0, cases = 0 } = extent.value ?? {};
  return (
    <main class="lab">
      <div class="controls">
        <div class="buttons two">
          <button type="button" id="validate" class="primary" disabled={running.value} onClick={() => void run()}>
            Validate
          </button>
          <button type="button" id="cancel" disabled={!running.value} onClick={cancel}>
            Cancel
          </button>
        </div>
        <p id="validate-status" role="status" class="status">
          {status}
        </p>
        <p role="alert" id="validate-error" class="error" hidden={error.value === ""}>
          {error}
        </p>
        <p class="soft about">
          Each kernel is played on this GPU with sizes, layouts and numbers that find mistakes, and compared with a
          readable f64 reference. What is allowed follows from WGSL's accuracy table, operation by operation; cases of
          integers must agree to the bit.
        </p>
        {answered.value && (
          <p class="soft about" id="validate-adapter">
            {answered.value.adapter}: {answered.value.fingerprint}
          </p>
        )}
      </div>
      <div class="results">
        <p class="progress-line">
          <progress id="validate-progress" aria-label="Kernels done" value={done} max={Math.max(1, kernels)} />
          <span id="validate-count">
            {extent.value
              ? `${whole(done)} / ${whole(kernels)} kernels, ${whole(casesDone.value)} / ${whole(cases)} cases`
              : "not begun"}
          </span>
        </p>
        <Table />
        <Files />
      </div>
    </main>
  );
}
