// The offer to take up the training that was left when the page was closed.
import { whole } from "../../report/words.ts";
import { forget, left, takeUp } from "./resume.ts";

export function ResumeNote() {
  const from = left.value;
  if (!from) return null;
  return (
    <div id="resume" class="note" role="note">
      A training was left at step {whole(from.step)} of {whole(from.steps)}.{" "}
      <button type="button" id="resume-go" class="small" onClick={takeUp}>
        Take it up
      </button>{" "}
      <button type="button" id="resume-forget" class="small" onClick={() => void forget().catch(() => {})}>
        Forget it
      </button>
    </div>
  );
}
