// The newest numbers in a row.
import { short, whole } from "../../report/words.ts";
import { frames } from "../frames.ts";
import { showShare } from "./numbers.ts";
import { currentRun } from "./store.ts";

const or = (value: number | undefined, show: (value: number) => string): string =>
  value === undefined || Number.isNaN(value) ? "–" : show(value);

function Readout({ id, name, children }: { readonly id: string; readonly name: string; readonly children: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd id={id}>{children}</dd>
    </div>
  );
}

export function Readouts() {
  const run = currentRun();
  if (!run) return null;
  const { steps: all } = run.made.job;
  const { labels, train } = run.made.facts;
  const last = run.validations.at(-1);
  const epoch = (run.steps * run.made.job.batch) / train;
  return (
    <dl class="readouts">
      <Readout id="at" name="Step">{`${whole(run.steps)} / ${whole(all)}`}</Readout>
      <Readout id="epoch" name="Epoch">
        {epoch.toFixed(epoch < 10 ? 1 : 0)}
      </Readout>
      <Readout id="loss" name="Loss">
        {or(run.loss.smooth(0.9).at(-1), short)}
      </Readout>
      {labels && (
        <Readout id="accuracy" name="Accuracy">
          {showShare(run.accuracy.smooth(0.9).at(-1))}
        </Readout>
      )}
      {last?.r2 !== undefined && (
        <Readout id="r2" name="R²">
          {or(last.r2, short)}
        </Readout>
      )}
      <Readout id="validation" name="Validation">
        {labels ? showShare(last?.accuracy) : or(last?.loss, short)}
      </Readout>
      <Readout id="test" name="Test">
        {labels ? showShare(run.outcome?.test?.accuracy) : or(run.outcome?.test?.loss, short)}
      </Readout>
      <Readout id="speed" name="Steps/s">
        {or(run.speed, whole)}
      </Readout>
      <Readout id="frames" name="Frames/s">
        {or(frames.value?.rate, (rate) => String(Math.round(rate)))}
      </Readout>
    </dl>
  );
}
