// The Landscapes view: optimizers from one start down a function of the plane, their trails step by step.
import { useEffect } from "preact/hooks";
import { optimizerNames } from "../../cli/optimizers.ts";
import { short } from "../../report/words.ts";
import { download } from "../download.ts";
import { type LandscapeName, landscapeNames, landscapes } from "../landscape/functions.ts";
import { LandscapeMap } from "../landscape/map.tsx";
import { defaults, limits, MOST_WALKERS, readStart, usualRate, type Walker } from "../landscape/settings.ts";
import {
  change,
  error,
  followLandscape,
  notes,
  playing,
  seek,
  settings,
  step,
  toggle,
  trails,
} from "../landscape/store.ts";
import { trailsCsv } from "../landscape/trails.ts";
import { seriesColour } from "../palette.ts";
import { BareChoice, TextField } from "../text_field.tsx";
import { ChoiceField, NumberField } from "../train/field.tsx";
import { readNumber, writeNumber } from "../train/numbers.ts";
import "../lab.css";

let following = false;

/** Another landscape brings its own start and rates. */
function choose(landscape: LandscapeName): void {
  const { walkers } = settings.value;
  const own = walkers.map(({ name }) => ({ name, lr: usualRate(landscape, name) }));
  change({ ...defaults(landscape), walkers: own, noise: settings.value.noise, seed: settings.value.seed });
}

function WalkerRow({ walker, index }: { readonly walker: Walker; readonly index: number }) {
  const { walkers, landscape } = settings.value;
  const put = (next: Walker | undefined): void =>
    change({ walkers: walkers.flatMap((other, i) => (i !== index ? [other] : next ? [next] : [])) });
  return (
    <div class="racer">
      <BareChoice
        id={`walker${index}`}
        label={`Optimizer ${index + 1}`}
        value={walker.name}
        choices={optimizerNames}
        onChange={(name) => put({ name, lr: usualRate(landscape, name) })}
      />
      <TextField
        id={`lr${index}`}
        label={`Learning rate of ${walker.name}`}
        mode="decimal"
        bare
        value={writeNumber(walker.lr)}
        read={(text) => {
          const lr = readNumber(limits.lr, text);
          if (typeof lr === "string") throw new Error(lr);
          put({ ...walker, lr });
        }}
      />
      <button
        type="button"
        aria-label={`Take ${walker.name} out`}
        disabled={walkers.length === 1}
        onClick={() => put(undefined)}
      >
        ×
      </button>
    </div>
  );
}

function Form() {
  const { landscape, walkers, start, noise, seed, steps } = settings.value;
  const add = (): void => {
    const name =
      ["nesterov", "lion", "adagrad", ...optimizerNames].find((one) => walkers.every((at) => at.name !== one)) ??
      "adam";
    change({ walkers: [...walkers, { name, lr: usualRate(landscape, name) }] });
  };
  return (
    <form aria-label="Landscape settings" noValidate onSubmit={(event) => event.preventDefault()}>
      <fieldset>
        <legend>Where</legend>
        <ChoiceField
          id="landscape"
          label="Landscape"
          value={landscape}
          choices={landscapeNames.map((name) => [name, landscapes[name].label] as const)}
          onChange={(name) => choose(name as LandscapeName)}
        />
        <div class="field">
          <label for="noise-slider">Noise</label>
          <span class="slider">
            <input
              id="noise-slider"
              type="range"
              min="0"
              max="10"
              step="0.25"
              value={Math.min(10, noise)}
              onInput={(event) => change({ noise: event.currentTarget.valueAsNumber })}
            />
            <output for="noise-slider">{writeNumber(noise)}</output>
          </span>
        </div>
        <TextField
          id="start"
          label="Start x, y"
          value={start.map(writeNumber).join(", ")}
          read={(text) => change({ start: readStart(landscape, text) })}
        />
        <NumberField
          id="landscape-steps"
          limits={limits.steps}
          value={steps}
          onChange={(value) => change({ steps: value })}
        />
        <NumberField
          id="landscape-seed"
          limits={limits.seed}
          value={seed}
          onChange={(value) => change({ seed: value })}
        />
      </fieldset>
      <fieldset class="racers">
        <legend>Optimizers and learning rates</legend>
        {walkers.map((walker, i) => (
          <WalkerRow key={`${i} ${walker.name}`} walker={walker} index={i} />
        ))}
        <button type="button" class="small" id="add-walker" disabled={walkers.length >= MOST_WALKERS} onClick={add}>
          Add an optimizer
        </button>
      </fieldset>
    </form>
  );
}

function Scrubber() {
  const { steps } = settings.value;
  return (
    <div class="scrubber">
      <button type="button" id="play" onClick={toggle}>
        {playing.value ? "Pause" : "Play"}
      </button>
      <input
        id="scrub"
        type="range"
        min="0"
        max={steps}
        step="1"
        value={step.value}
        aria-label="Step"
        aria-valuetext={`step ${step.value} of ${steps}`}
        onInput={(event) => seek(event.currentTarget.valueAsNumber)}
      />
      <output for="scrub" id="scrub-step">
        {step.value} / {steps}
      </output>
    </div>
  );
}

/** Where each optimizer is at the step, and how far from the minimum. */
function Table() {
  const { landscape, walkers } = settings.value;
  const { minimum } = landscapes[landscape];
  return (
    <div class="scroll" tabIndex={0}>
      <table id="trails">
        <caption class="unseen">Where each optimizer is after {step.value} steps</caption>
        <thead>
          <tr>
            <th scope="col">Optimizer</th>
            <th scope="col" class="n">
              x
            </th>
            <th scope="col" class="n">
              y
            </th>
            <th scope="col" class="n">
              f
            </th>
            <th scope="col" class="n">
              f over the least
            </th>
          </tr>
        </thead>
        <tbody>
          {trails.value.map(({ positions, values }, i) => {
            const at = Math.min(step.value, values.length - 1);
            const numbers = [positions[2 * at], positions[2 * at + 1], values[at], (values[at] ?? 0) - minimum.value];
            const { name = "", lr = 0 } = walkers[i] ?? {};
            return (
              <tr key={`${i} ${name}`}>
                <th scope="row">
                  <i class="dot" style={{ background: `var(${seriesColour(i)})` }} /> {name} {writeNumber(lr)}
                </th>
                {numbers.map((value, k) => (
                  <td class="n" key={k}>
                    {short(value)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

export function Landscapes() {
  useEffect(() => {
    if (!following) followLandscape();
    following = true;
  }, []);
  const { label, formula, words } = landscapes[settings.value.landscape];
  return (
    <>
      <p class="note" role="note" hidden={notes.value.length === 0}>
        {`The address held something this page cannot use: ${notes.value.join("; ")}.`}
      </p>
      <main class="lab">
        <div class="controls">
          <p role="alert" id="landscape-error" class="error" hidden={error.value === ""}>
            {error}
          </p>
          <Form />
        </div>
        <div class="results">
          <h2>
            {label} <span class="formula">{formula}</span>
          </h2>
          <p class="soft">{words}</p>
          <LandscapeMap />
          <Scrubber />
          <Table />
          <p class="files">
            <button
              type="button"
              class="small"
              onClick={() => download("trails.csv", trailsCsv(settings.value, trails.value), "text/csv")}
            >
              Trails CSV
            </button>
          </p>
        </div>
      </main>
    </>
  );
}
