// Where the page trains: the adapter in a line, and what a browser without WebGPU lacks.
import { opened } from "./engine.ts";
import { adapterWords, lackWords } from "./words.ts";

export function Adapter() {
  const told = opened.value;
  return (
    <p id="adapter" class="badge">
      {told ? adapterWords(told) : "Looking for a GPU …"}
    </p>
  );
}

export function LackNote() {
  const words = opened.value ? lackWords(opened.value) : "";
  if (words === "") return null;
  return (
    <p id="lack" class="note" role="note">
      {words}
    </p>
  );
}
