// Files of one's own: a button, the whole page to drop them on, and a look at them before they are used.
import { useEffect, useState } from "preact/hooks";
import { plural, whole } from "../../report/words.ts";
import { CheckField, ChoiceField } from "./field.tsx";
import { showBytes } from "./numbers.ts";
import { accept, type Csv, type Idx, offer, offered, ownError, reading } from "./own.ts";
import { OWN } from "./sets.ts";
import { ownData, settings } from "./store.ts";

/** Files may be dropped anywhere on the page. */
function useDrop(): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const holds = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
    const drag = (event: DragEvent): void => {
      if (!holds(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      setOver(false);
      if (!holds(event)) return;
      event.preventDefault();
      void offer([...(event.dataTransfer?.files ?? [])]);
    };
    addEventListener("dragover", drag);
    addEventListener("dragleave", leave);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", drag);
      removeEventListener("dragleave", leave);
      removeEventListener("drop", drop);
    };
  }, []);
  return over;
}

function Use({ onUse }: { readonly onUse: () => void }) {
  return (
    <p class="row">
      <button type="button" id="own-use" class="primary" disabled={reading} onClick={onUse}>
        {reading.value ? "Reading …" : "Use this data"}
      </button>
      <button type="button" id="own-cancel" onClick={() => (offered.value = undefined)}>
        Cancel
      </button>
    </p>
  );
}

const MISSING = [
  ["error", "are an error"],
  ["drop", "leave their row out"],
  ["mean", "become the column's mean"],
] as const;

function CsvLook({ csv }: { readonly csv: Csv }) {
  const { file, preview } = csv;
  const { columns, rows, problem } = preview;
  const [target, setTarget] = useState(preview.target);
  const [missing, setMissing] = useState("error");
  const [scaled, setScaled] = useState(true);
  const texts = columns.some(({ kind }, i) => i !== target && (kind === "text" || kind === "mixed"));
  const use = (): void =>
    void accept({ kind: "csv", file, target, missing: missing as "error", oneHot: texts, standardize: scaled });
  return (
    <>
      <div class="scroll">
        <table id="own-preview">
          <caption>
            {file.name}: {showBytes(file.size)}, {plural(columns.length, "column")}; its first rows
          </caption>
          <thead>
            <tr>
              {columns.map(({ name, kind }, i) => (
                <th scope="col" key={name} class={i === target ? "target" : ""}>
                  {name}
                  <br />
                  <span class="soft">{i === target ? "to learn" : kind}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((cells, row) => (
              <tr key={`${row} ${cells.join()}`}>
                {cells.map((cell, i) => (
                  <td key={columns[i]?.name}>{cell.slice(0, 24)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {problem && (
        <p class="wrong" role="alert">
          {problem.message}
        </p>
      )}
      <ChoiceField
        id="own-target"
        label="Learn"
        value={String(target)}
        choices={columns.map(({ name }, i) => [String(i), name] as const)}
        onChange={(text) => setTarget(Number(text))}
      />
      <ChoiceField id="own-missing" label="Missing cells" value={missing} choices={MISSING} onChange={setMissing} />
      <CheckField id="own-scale" label="Scale columns to mean 0 and deviation 1" value={scaled} onChange={setScaled} />
      {texts && <p class="soft">Columns of text become a column of 0 and 1 for each text.</p>}
      <Use onUse={use} />
    </>
  );
}

function IdxLook({ idx }: { readonly idx: Idx }) {
  const { images, labels, test } = idx;
  const files = [images, labels, ...(test ? [test.images, test.labels] : [])];
  return (
    <>
      <ul class="soft">
        {files.map(({ name, size }) => (
          <li key={name}>
            {name}, {showBytes(size)}
          </li>
        ))}
      </ul>
      <Use onUse={() => void accept({ kind: "idx", images, labels, ...(test ? { test } : {}) })} />
    </>
  );
}

export function OwnForm() {
  const over = useDrop();
  const found = offered.value;
  const own = ownData.value;
  return (
    <div class={over ? "own over" : "own"}>
      <label class="file">
        Own CSV or IDX{" "}
        <input
          id="own-file"
          type="file"
          multiple
          onChange={(event) => {
            void offer([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = "";
          }}
        />
      </label>
      {ownError.value !== "" && (
        <p id="own-error" class="wrong" role="alert">
          {ownError}
        </p>
      )}
      {found?.kind === "csv" && <CsvLook csv={found} key={found.file.name} />}
      {found?.kind === "idx" && <IdxLook idx={found} />}
      {own && settings.value.data === OWN && (
        <p id="own-facts" class="soft">
          {own.name}: {plural(own.count, "row")} of {whole(own.features)} numbers,{" "}
          {own.classes ? `${own.classes.length} classes` : "targets"}; {whole(own.splits.train.count)} to train,{" "}
          {whole(own.splits.validation.count)} for validation, {whole(own.splits.test.count)} for the test.
        </p>
      )}
      {over && <p class="drop">Drop the file here: a CSV, or IDX images with their labels.</p>}
    </div>
  );
}
