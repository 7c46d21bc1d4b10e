// What identifies a run: recipe, data and loss fingerprints, which the command gives for the same recipe.
import { currentRun, phase } from "./store.ts";

export function Facts() {
  const run = currentRun();
  if (!run?.prepared || run.steps === 0) return null;
  const { recipeHash, dataHash } = run.prepared;
  // Of all losses: not while they come.
  const losses =
    phase.value === "finished" || phase.value === "paused" || phase.value === "failed" ? run.lossHash : "…";
  return (
    <p class="soft facts">
      Recipe <code id="recipe-hash">{recipeHash}</code>, data <code>{dataHash}</code>, losses{" "}
      <code id="loss-hash">{losses}</code>. The address of this page holds every setting: opened anew, or given to the
      command, it makes the same numbers on the same adapter.
    </p>
  );
}
