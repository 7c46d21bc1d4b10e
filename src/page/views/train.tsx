// The Train view: choose data, network and optimizer; run; watch.
import { useEffect } from "preact/hooks";
import { countFrames } from "../frames.ts";
import { Charts } from "../train/charts.tsx";
import { Controls, shortcuts } from "../train/controls.tsx";
import { DataForm, PresetField } from "../train/data_form.tsx";
import { Facts } from "../train/facts.tsx";
import { Look } from "../train/look.tsx";
import { ModelTable } from "../train/model_table.tsx";
import { NetworkForm } from "../train/network_form.tsx";
import { TrainingForm } from "../train/optimizer_form.tsx";
import { ConfusionPanel } from "../train/panels/confusion.tsx";
import { FilesPanel } from "../train/panels/files.tsx";
import { LayersPanel } from "../train/panels/layers.tsx";
import { PadPanel } from "../train/panels/pad.tsx";
import { Panel } from "../train/panels/panel.tsx";
import { PlanPanel } from "../train/panels/plan.tsx";
import { WeightsPanel } from "../train/panels/weights.tsx";
import { Readouts } from "../train/readouts.tsx";
import { ResumeNote } from "../train/resume_note.tsx";
import { made, notes, settings } from "../train/store.ts";

function Notes() {
  if (notes.value.length === 0) return null;
  return (
    <p id="notes" class="note" role="note">
      The address held something this page cannot use: {notes.value.join("; ")}.
    </p>
  );
}

function Keys() {
  return (
    <details class="keys">
      <summary>Keys</summary>
      <dl>
        <dt>
          <kbd>Space</kbd>
        </dt>
        <dd>run or pause</dd>
        <dt>
          <kbd>.</kbd>
        </dt>
        <dd>one step</dd>
        <dt>
          <kbd>r</kbd>
        </dt>
        <dd>reset</dd>
        <dt>
          <kbd>←</kbd> <kbd>→</kbd>
        </dt>
        <dd>read a chart that has the focus</dd>
      </dl>
      <label class="check">
        <input
          type="checkbox"
          id="shortcuts"
          checked={shortcuts}
          onChange={(event) => (shortcuts.value = event.currentTarget.checked)}
        />{" "}
        Use these keys
      </label>
    </details>
  );
}

function Panels() {
  const { facts } = made.value.made ?? {};
  const images = facts?.bytes === true && Number.isInteger(Math.sqrt(facts.shape[0] ?? 0));
  return (
    <section class="panels" aria-label="More to watch">
      {settings.value.data === "digits" && (
        <Panel id="panel-pad" title="Draw a digit" hint="and see what the network takes it for">
          {() => <PadPanel />}
        </Panel>
      )}
      <Panel id="panel-layers" title="Layers" hint="gradients, updates, dead units" needs="layers">
        {() => <LayersPanel />}
      </Panel>
      {images && (
        <Panel id="panel-weights" title="First-layer weights" hint="as images" needs="weights">
          {() => <WeightsPanel />}
        </Panel>
      )}
      {facts?.labels && (
        <Panel
          id="panel-confusion"
          title="Confusion"
          hint={images ? "what it takes for what, and its worst mistakes" : "what it takes for what"}
          needs="confusion"
        >
          {() => <ConfusionPanel images={images} />}
        </Panel>
      )}
      <Panel id="panel-plan" title="Plan and profile" hint="what runs on the GPU in a step">
        {() => <PlanPanel />}
      </Panel>
      <Panel id="panel-files" title="Files and code" hint="take it away, bring it back, in ten lines, in PyTorch">
        {() => <FilesPanel />}
      </Panel>
    </section>
  );
}

export function Train() {
  useEffect(countFrames, []);
  return (
    <>
      <Notes />
      <ResumeNote />
      <main class="train">
        <form class="controls" aria-label="Settings" noValidate onSubmit={(event) => event.preventDefault()}>
          <Controls />
          <PresetField />
          <fieldset>
            <legend>Data</legend>
            <DataForm />
          </fieldset>
          <fieldset>
            <legend>Network</legend>
            <NetworkForm />
            <ModelTable />
          </fieldset>
          <fieldset>
            <legend>Training</legend>
            <TrainingForm />
          </fieldset>
          <Keys />
        </form>
        <div class="results">
          <Readouts />
          <div class="charts">
            <Look />
            <Charts />
          </div>
          <Panels />
          <Facts />
        </div>
      </main>
    </>
  );
}
