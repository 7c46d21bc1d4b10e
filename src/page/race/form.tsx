// The Race view's fields.
import { writeModel } from "../../cli/model.ts";
import { defaultRates } from "../../cli/optimizers.ts";
import { BareChoice, TextField } from "../text_field.tsx";
import { ChoiceField, NumberField } from "../train/field.tsx";
import {
  dataNames,
  defaults,
  limits,
  optimizerNames,
  type Racer,
  type RaceSettings,
  readHidden,
  readRacer,
  scheduleNames,
  writeRates,
} from "./settings.ts";
import { change, settings, words } from "./store.ts";

const named = <T extends string>(names: readonly T[]): [T, string][] => names.map((name) => [name, name]);

/** Another data set brings its own defaults for what a person has not touched. */
function withData(data: string): RaceSettings {
  const now = settings.value;
  const [before, after] = [defaults(now.data), defaults(data)];
  const kept = Object.entries(now).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof RaceSettings]),
  );
  return { ...after, ...Object.fromEntries(kept), data };
}

function RacerRow({ racer, index }: { readonly racer: Racer; readonly index: number }) {
  const { racers } = settings.value;
  const put = (next: Racer | undefined): void => {
    const all = racers.flatMap((other, i) => (i !== index ? [other] : next ? [next] : []));
    change({ ...settings.value, racers: all });
  };
  return (
    <div class="racer">
      <BareChoice
        id={`racer${index}`}
        label={`Optimizer ${index + 1}`}
        value={racer.name}
        choices={optimizerNames}
        onChange={(name) => put({ name, rates: defaultRates(name) })}
      />
      <TextField
        id={`rates${index}`}
        label={`Learning rates and options of ${racer.name}`}
        bare
        value={writeRates(racer)}
        read={(text) => put(readRacer(racer.name, text))}
      />
      <button
        type="button"
        aria-label={`Take ${racer.name} out`}
        disabled={racers.length === 1}
        onClick={() => put(undefined)}
      >
        ×
      </button>
    </div>
  );
}

/** The first optimizer that is not there yet. */
function another(): Racer {
  const taken = settings.value.racers.map(({ name }) => name);
  const name = ["adamw", "rmsprop", "nesterov", ...optimizerNames].find((one) => !taken.includes(one)) ?? "adam";
  return { name, rates: defaultRates(name) };
}

export function RaceForm() {
  const now = settings.value;
  const put = (part: Partial<RaceSettings>): void => change({ ...now, ...part });
  return (
    <form aria-label="Race settings" noValidate onSubmit={(event) => event.preventDefault()}>
      <fieldset class="racers">
        <legend>Optimizers and learning rates</legend>
        <p class="soft">After the rates there may be options: 0.01 0.03 weightDecay 0.1.</p>
        {now.racers.map((racer, i) => (
          <RacerRow key={`${i} ${racer.name}`} racer={racer} index={i} />
        ))}
        <p class="between">
          <button
            type="button"
            class="small"
            id="add-racer"
            disabled={now.racers.length >= 12}
            onClick={() => put({ racers: [...now.racers, another()] })}
          >
            Add an optimizer
          </button>
          <span class="soft" id="race-runs">
            {words}
          </span>
        </p>
      </fieldset>
      <fieldset>
        <legend>Task</legend>
        <ChoiceField
          id="race-data"
          label="Data"
          value={now.data}
          choices={named(dataNames)}
          onChange={(data) => change(withData(data))}
        />
        <TextField
          id="race-hidden"
          label="Hidden layers"
          value={now.hidden.length === 0 ? "none" : writeModel(now.hidden)}
          read={(text) => put({ hidden: readHidden(text) })}
        />
        <ChoiceField
          id="race-schedule"
          label="Schedule"
          value={now.schedule}
          choices={named(scheduleNames)}
          onChange={(name) => put({ schedule: name as RaceSettings["schedule"] })}
        />
        {(["seeds", "steps", "batch"] as const).map((name) => (
          <NumberField
            key={name}
            id={`race-${name}`}
            limits={limits[name]}
            value={now[name]}
            onChange={(value) => put({ [name]: value })}
          />
        ))}
      </fieldset>
    </form>
  );
}
