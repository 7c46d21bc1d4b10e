// How the network learns: loss, optimizer with every hyperparameter its rules declare, schedule, batch, steps, seed.
import { useMemo } from "preact/hooks";
import { learningRateAt } from "../../optim/chain.ts";
import { CheckField, ChoiceField, NumberField } from "./field.tsx";
import { writeNumber } from "./numbers.ts";
import {
  CHAIN,
  hasRate,
  linkKeys,
  makeOptimizer,
  optimizerFields,
  optimizerNames,
  type OptimizerChoice,
  ruleNames,
} from "./optimizers.ts";
import { scheduleForms, scheduleNames, makeSchedule, scheduleValues } from "./schedules.ts";
import { changeKind, limits, lossNames, type Settings } from "./settings.ts";
import { change, isSmall, made, settings } from "./store.ts";

const set = (part: Partial<Settings>): void => change({ ...settings.value, ...part });

/** Options that are thrown one way or the other, by what rules call them. */
const SWITCHES =
  /^(debias|epsHat|maxDebiased|nesterov|epsInside|epsAfter|epsDebiased|clipping|staleMean|adaptive|plain)$/;

const LOSSES: Readonly<Record<string, string>> = {
  crossEntropy: "Cross-entropy",
  meanSquaredError: "Mean squared error",
  meanAbsoluteError: "Mean absolute error",
  binaryCrossEntropy: "Binary cross-entropy",
  huber: "Huber",
};

/** camelCase as words: weight decay. */
const spaced = (name: string): string =>
  name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`).replace(/(\d)/, " $1");

function setTweak(choice: OptimizerChoice, key: string, value: number, usual: number): void {
  const { [key]: _, ...others } = choice.tweaks;
  set({ optimizer: { ...choice, tweaks: value === usual ? others : { ...others, [key]: value } } });
}

function Hyperparameters() {
  const { optimizer } = settings.value;
  const groups = useMemo(() => optimizerFields({ ...optimizer, clip: 0 }), [optimizer]);
  return (
    <>
      {groups.flatMap(({ key, rule, options }) =>
        Object.entries(options).map(([option, usual]) => {
          const name = `${key}.${option}`;
          const id = `hyper-${key}-${option}`;
          const label = spaced(option) === spaced(rule) ? spaced(option) : `${spaced(key)}: ${spaced(option)}`;
          const value = optimizer.tweaks[name] ?? usual;
          if (SWITCHES.test(option))
            return (
              <CheckField
                key={name}
                id={id}
                label={label}
                value={value !== 0}
                onChange={(on) => setTweak(optimizer, name, on ? 1 : 0, usual)}
              />
            );
          return (
            <NumberField
              key={name}
              id={id}
              limits={limits.tweak}
              label={label}
              value={value}
              onChange={(next) => setTweak(optimizer, name, next, usual)}
            />
          );
        }),
      )}
    </>
  );
}

/** A chain of one's own: rules in order, descend among them. */
function Chain() {
  const { optimizer } = settings.value;
  const { chain } = optimizer;
  const keys = linkKeys(chain.map((rule) => ({ rule })));
  const to = (next: readonly string[]): void => set({ optimizer: { ...optimizer, chain: next, tweaks: {} } });
  return (
    <ol class="layers">
      {chain.map((rule, at) => (
        <li key={keys[at]}>
          <div class="layer">
            <span>{rule}</span>
            <span class="tools">
              <button
                type="button"
                id={`chain-${at}-up`}
                aria-label={`Move ${rule} up`}
                disabled={at === 0}
                onClick={() => to(chain.toSpliced(at, 1).toSpliced(at - 1, 0, rule))}
              >
                ↑
              </button>
              <button
                type="button"
                id={`chain-${at}-remove`}
                aria-label={`Remove ${rule}`}
                disabled={chain.length === 1}
                onClick={() => to(chain.toSpliced(at, 1))}
              >
                ×
              </button>
            </span>
          </div>
        </li>
      ))}
      <li class="add">
        <select
          id="chain-add"
          aria-label="Add a rule before the last"
          value=""
          onChange={(event) => {
            const rule = event.currentTarget.value;
            event.currentTarget.value = "";
            if (rule !== "") to(chain.toSpliced(Math.max(0, chain.length - 1), 0, rule));
          }}
        >
          <option value="">+ add a rule …</option>
          {ruleNames.map((rule) => (
            <option key={rule} value={rule}>
              {rule}
            </option>
          ))}
        </select>
      </li>
    </ol>
  );
}

function OptimizerFields() {
  const { optimizer } = settings.value;
  const choose = (name: string): void => {
    const next = changeKind(settings.value, { optimizer: name }, isSmall());
    // A chain of one's own begins as the optimizer that was there.
    const chain = name === CHAIN ? makeOptimizer({ ...optimizer, clip: 0 }, 0.01).links.map(({ rule }) => rule) : [];
    change({ ...next, optimizer: { ...next.optimizer, chain } });
  };
  const choices = [...optimizerNames.map((name) => [name, name] as const), [CHAIN, "a chain of rules"] as const];
  return (
    <>
      <ChoiceField id="optimizer" label="Optimizer" value={optimizer.name} choices={choices} onChange={choose} />
      {optimizer.name === CHAIN && <Chain />}
    </>
  );
}

/** The learning rate over the training, as a line. */
function ScheduleLine() {
  const { optimizer, schedule, lr, steps } = settings.value;
  const points = useMemo(() => {
    try {
      const at = makeOptimizer(optimizer, makeSchedule(schedule, lr, steps));
      return Array.from({ length: 121 }, (_, i) => learningRateAt(at, Math.round((i / 120) * Math.max(0, steps - 1))));
    } catch {
      return [];
    }
  }, [optimizer, schedule, lr, steps]);
  if (points.length === 0 || schedule.kind === "plateau") return null;
  const most = Math.max(...points) || 1;
  const path = points
    .map((value, i) => `${i === 0 ? "M" : "L"}${(i / 120) * 240} ${46 - (value / most) * 42}`)
    .join("");
  const words = `Learning rate ${writeNumber(points[0] ?? 0)} at the first step, ${writeNumber(Number(most.toPrecision(3)))} at most, ${writeNumber(Number((points.at(-1) ?? 0).toPrecision(3)))} at the last`;
  return (
    <figure class="schedule">
      <svg viewBox="0 0 240 50" preserveAspectRatio="none" role="img" aria-label={words}>
        <path d="M0 48.5H240" class="ground" />
        <path d={path} class="line" />
      </svg>
      <figcaption class="soft">{words}.</figcaption>
    </figure>
  );
}

function ScheduleFields() {
  const { schedule, steps } = settings.value;
  const form = scheduleForms[schedule.kind];
  const values = scheduleValues(schedule, steps);
  const to = (name: string, value: number, usual: number): void => {
    const { [name]: _, ...others } = schedule.options;
    set({ schedule: { ...schedule, options: value === usual ? others : { ...others, [name]: value } } });
  };
  const choices = scheduleNames.map((kind) => [kind, scheduleForms[kind]?.label ?? kind] as const);
  return (
    <>
      <ChoiceField
        id="schedule"
        label="Schedule"
        value={schedule.kind}
        choices={choices}
        onChange={(kind) => set({ schedule: { kind, options: {}, warmup: schedule.warmup } })}
      />
      <div class="fields">
        {Object.entries(form?.fields ?? {}).map(([name, field]) => (
          <NumberField
            key={`${schedule.kind} ${name}`}
            id={`schedule-${name}`}
            limits={field}
            value={values[name] ?? 0}
            onChange={(value) => to(name, value, field.value(steps))}
          />
        ))}
        <NumberField
          id="warmup"
          limits={limits.warmup}
          value={schedule.warmup}
          onChange={(warmup) => set({ schedule: { ...schedule, warmup } })}
        />
      </div>
      <ScheduleLine />
    </>
  );
}

export function TrainingForm() {
  const { loss, batch, steps, seed } = settings.value;
  const against = made.value.made?.facts.labels === false ? "targets" : "labels";
  const [random] = [() => crypto.getRandomValues(new Uint16Array(1))[0] ?? 0];
  return (
    <>
      <OptimizerFields />
      <div class="fields">
        {hasRate(settings.value.optimizer) && (
          <NumberField id="lr" limits={limits.lr} value={settings.value.lr} onChange={(lr) => set({ lr })} />
        )}
        <NumberField id="batch" limits={limits.batch} value={batch} onChange={(next) => set({ batch: next })} />
        <NumberField id="steps" limits={limits.steps} value={steps} onChange={(next) => set({ steps: next })} />
        <NumberField id="seed" limits={limits.seed} value={seed} onChange={(next) => set({ seed: next })}>
          <button type="button" id="new-seed" onClick={() => set({ seed: random() })}>
            New
          </button>
        </NumberField>
      </div>
      <details>
        <summary>Hyperparameters and loss</summary>
        <ChoiceField
          id="loss-kind"
          label="Loss"
          value={loss}
          choices={lossNames(against).map((name) => [name, LOSSES[name] ?? name] as const)}
          onChange={(name) => set({ loss: name })}
        />
        <div class="fields">
          <Hyperparameters />
          <NumberField
            id="clip"
            limits={limits.clip}
            label="clip norm (0: off)"
            value={settings.value.optimizer.clip}
            onChange={(clip) => set({ optimizer: { ...settings.value.optimizer, clip } })}
          />
        </div>
      </details>
      <details open={settings.value.schedule.kind !== "constant" || settings.value.schedule.warmup > 0}>
        <summary>Schedule</summary>
        <ScheduleFields />
      </details>
    </>
  );
}
