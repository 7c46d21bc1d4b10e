// The Files panel: numbers, recipe, checkpoint, weights, code and the PyTorch script to take away; weights and checkpoints to bring back.
import { useState } from "preact/hooks";
import { csvRecord, jsonRecord } from "../../../report/record.ts";
import { download } from "../../download.ts";
import { engine } from "../../engine.ts";
import { errorWords } from "../../words.ts";
import {
  codeOf,
  dataFile,
  MOST_BYTES,
  readGiven,
  recipeFile,
  recordOf,
  scriptOf,
  startFile,
  weightsFile,
} from "../files.ts";
import { currentRun, made, startWith } from "../store.ts";

const BYTES = "application/octet-stream";

interface SaveProps {
  readonly id: string;
  readonly label: string;
  readonly name: string;
  readonly type: string;
  readonly make: () => BlobPart | Promise<BlobPart>;
  readonly enabled?: boolean;
  readonly told: (words: string) => void;
}

function Save({ id, label, name, type, make, enabled = true, told }: SaveProps) {
  const save = async (): Promise<void> => {
    try {
      told("");
      download(name, await make(), type);
    } catch (error) {
      told(errorWords(error));
    }
  };
  return (
    <button type="button" id={id} class="small" disabled={!enabled} onClick={() => void save()}>
      {label}
    </button>
  );
}

/** A file back: weights begin another training, a checkpoint goes on. */
function Bring({ told }: { readonly told: (words: string) => void }) {
  const bring = async (input: HTMLInputElement): Promise<void> => {
    const [file] = input.files ?? [];
    const { made: able } = made.value;
    if (!file || !able) return;
    try {
      told("");
      if (file.size > MOST_BYTES)
        throw new Error(`${file.name} has ${file.size} bytes, expected at most ${MOST_BYTES}`);
      const given = readGiven(new Uint8Array(await file.arrayBuffer()), able);
      if (given.kind === "weights") startWith({ weights: given.weights });
      else startWith({ checkpoint: given.checkpoint }, given.step);
    } catch (error) {
      told(errorWords(error));
    } finally {
      input.value = "";
    }
  };
  return (
    <p>
      <label for="bring">Begin with weights (safetensors) or go on from a checkpoint </label>
      <input
        id="bring"
        type="file"
        accept=".safetensors,.checkpoint"
        onChange={(event) => void bring(event.currentTarget)}
      />
    </p>
  );
}

function Code({ code }: { readonly code: string }) {
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    void navigator.clipboard.writeText(code).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 2000);
    });
  };
  return (
    <>
      <pre class="code" id="ten-lines" tabIndex={0}>
        {code}
      </pre>
      <button type="button" class="small" onClick={copy}>
        {copied ? "Copied" : "Copy"}
      </button>
    </>
  );
}

export function FilesPanel() {
  const [error, told] = useState("");
  const run = currentRun();
  const able = made.value.made;
  if (!able) return <p class="soft">The settings make no training: nothing to take away.</p>;
  const begun = (run?.steps ?? 0) > 0;
  const save = (props: Omit<SaveProps, "told">) => <Save {...props} told={told} />;
  return (
    <>
      <p role="alert" class="error" id="files-error" hidden={error === ""}>
        {error}
      </p>
      <h3>This run</h3>
      <p class="files">
        {save({
          id: "save-csv",
          label: "Numbers CSV",
          name: "training.csv",
          type: "text/csv",
          enabled: begun,
          make: () => csvRecord(recordOf(run!)),
        })}
        {save({
          id: "save-json",
          label: "Numbers JSON",
          name: "training.json",
          type: "application/json",
          enabled: begun,
          make: () => jsonRecord(recordOf(run!)),
        })}
        {save({
          id: "save-recipe",
          label: "Recipe",
          name: "recipe.json",
          type: "application/json",
          make: () => recipeFile(able, run),
        })}
        {save({
          id: "save-checkpoint",
          label: "Checkpoint",
          name: "training.checkpoint",
          type: BYTES,
          enabled: begun,
          make: async () => (await engine.checkpoint()) as Uint8Array<ArrayBuffer>,
        })}
        {save({
          id: "save-weights",
          label: "Weights safetensors",
          name: "weights.safetensors",
          type: BYTES,
          enabled: begun,
          make: () => weightsFile(run!),
        })}
      </p>
      <p class="soft">
        Weights are named and turned as PyTorch has them: <code>0.weight</code> is [out, in]. Charts have buttons of
        their own for PNG, SVG and CSV.
      </p>
      <Bring told={told} />
      <h3>The same in ten lines</h3>
      <Code code={codeOf(able)} />
      <h3>The same in PyTorch</h3>
      <p class="files">
        {save({
          id: "save-script",
          label: "train.py",
          name: "train.py",
          type: "text/x-python",
          make: () => scriptOf(able, run),
        })}
        {save({
          id: "save-data",
          label: "data.safetensors",
          name: "data.safetensors",
          type: BYTES,
          make: () => dataFile(able),
        })}
        {save({
          id: "save-start",
          label: "start.safetensors",
          name: "start.safetensors",
          type: BYTES,
          make: () => startFile(able),
        })}
      </p>
      <p class="soft">
        With the three in one folder, <code>python train.py</code> takes the same steps from the same start on the same
        batches: its losses are these up to rounding.
      </p>
    </>
  );
}
