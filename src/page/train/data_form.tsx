// Which data: a preset to begin with, a set and its options, or a file of one's own.
import { setQuery } from "./address.ts";
import { changeKind, type Settings } from "./settings.ts";
import { ChoiceField, NumberField } from "./field.tsx";
import { OwnForm } from "./own_form.tsx";
import { presets } from "./presets.ts";
import { change, isSmall, ownData, settings } from "./store.ts";
import { type Field, OWN, setNames, sets } from "./sets.ts";
import { writeQuery, readQuery } from "./hash.ts";

const canonical = (query: string): string => writeQuery(readQuery(query, false).settings);

export function PresetField() {
  const now = writeQuery(settings.value);
  const current = presets.find(({ query }) => canonical(query) === now);
  return (
    <>
      <ChoiceField
        id="preset"
        label="Begin with"
        value={current?.name ?? ""}
        choices={[
          ...(current ? [] : [["", "settings of your own"] as const]),
          ...presets.map(({ name, label }) => [name, label] as const),
        ]}
        onChange={(name) => {
          const chosen = presets.find((preset) => preset.name === name);
          if (chosen) setQuery(chosen.query);
        }}
      />
      {current && <p class="soft words">{current.words}</p>}
    </>
  );
}

function withOption({ dataOptions, ...rest }: Settings, name: string, value: number, usual: number): Settings {
  const { [name]: _, ...others } = dataOptions;
  return { ...rest, dataOptions: value === usual ? others : { ...others, [name]: value } };
}

function OptionField({ name, field }: { readonly name: string; readonly field: Field }) {
  const value = settings.value.dataOptions[name] ?? field.value;
  const set = (next: number): void => change(withOption(settings.value, name, next, field.value));
  if (!field.choices) return <NumberField id={`data-${name}`} limits={field} value={value} onChange={set} />;
  const choices = field.choices.map((choice) => [String(choice), `${choice} x ${choice}`] as const);
  return (
    <ChoiceField
      id={`data-${name}`}
      label={field.label}
      value={String(value)}
      choices={choices}
      onChange={(text) => set(Number(text))}
    />
  );
}

export function DataForm() {
  const { data } = settings.value;
  const own = ownData.value;
  const choices = [
    ...setNames.map((name) => [name, sets[name]?.label ?? name] as const),
    ...(own || data === OWN ? [[OWN, own ? own.name : "a file of your own"] as const] : []),
  ];
  return (
    <>
      <ChoiceField
        id="data"
        label="Data"
        value={data}
        choices={choices}
        onChange={(name) => change(changeKind(settings.value, { data: name }, isSmall()))}
      />
      <div class="fields">
        {Object.entries(sets[data]?.fields ?? {}).map(([name, field]) => (
          <OptionField key={`${data} ${name}`} name={name} field={field} />
        ))}
      </div>
      <OwnForm />
    </>
  );
}
