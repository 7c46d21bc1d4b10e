// Fields of the settings: a label, a native control, and words on what is wrong with a number.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type Limits, readNumber, writeNumber } from "./numbers.ts";

interface NumberProps {
  readonly id: string;
  readonly limits: Limits;
  readonly value: number;
  readonly onChange: (value: number) => void;
  /** By default the limits' label. */
  readonly label?: string;
  readonly children?: ComponentChildren;
}

/** A number as text: read when it is left or Enter is pressed, and only within its limits. */
export function NumberField({ id, limits, value, onChange, label, children }: NumberProps) {
  const [text, setText] = useState(writeNumber(value));
  const [wrong, setWrong] = useState("");
  useEffect(() => {
    setText(writeNumber(value));
    setWrong("");
  }, [value]);
  const commit = (typed: string): void => {
    setText(typed);
    const read = readNumber(limits, typed);
    setWrong(typeof read === "string" ? read : "");
    if (typeof read === "number" && read !== value) onChange(read);
  };
  return (
    <div class="field">
      <label for={id}>{label ?? limits.label}</label>
      <span class="with">
        <input
          id={id}
          value={text}
          inputMode={limits.whole ? "numeric" : "decimal"}
          autoComplete="off"
          spellcheck={false}
          aria-invalid={wrong !== ""}
          aria-describedby={wrong === "" ? undefined : `${id}-wrong`}
          onChange={(event) => commit(event.currentTarget.value)}
        />
        {children}
      </span>
      {wrong !== "" && (
        <p id={`${id}-wrong`} class="wrong" role="alert">
          {wrong}
        </p>
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly choices: readonly (readonly [value: string, label: string])[];
  readonly onChange: (value: string) => void;
}

export function ChoiceField({ id, label, value, choices, onChange }: ChoiceProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {choices.map(([name, words]) => (
          <option key={name} value={name} selected={name === value}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}

interface CheckProps {
  readonly id: string;
  readonly label: string;
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
}

export function CheckField({ id, label, value, onChange }: CheckProps) {
  return (
    <label class="check" for={id}>
      <input id={id} type="checkbox" checked={value} onChange={(event) => onChange(event.currentTarget.checked)} />
      {label}
    </label>
  );
}
