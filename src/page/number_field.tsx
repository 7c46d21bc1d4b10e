// A field for one number: what is out of its limits is said beside it and not taken.
import { useEffect, useState } from "preact/hooks";
import { type Limits, readNumber, writeNumber } from "./train/numbers.ts";

interface NumberFieldProps {
  readonly id: string;
  readonly limits: Limits;
  readonly value: number;
  readonly set: (value: number) => void;
  /** True shows no label, which is then for screen readers alone. */
  readonly bare?: boolean;
}

export function NumberField({ id, limits, value, set, bare = false }: NumberFieldProps) {
  return (
    <TextField
      id={id}
      label={limits.label}
      value={writeNumber(value)}
      mode={limits.whole ? "numeric" : "decimal"}
      bare={bare}
      read={(text) => {
        const read = readNumber(limits, text);
        if (typeof read === "string") throw new Error(read);
        set(read);
      }}
    />
  );
}

interface TextFieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  /** Takes the text, or throws in words. */
  readonly read: (text: string) => void;
  readonly mode?: "numeric" | "decimal" | "text";
  /** True shows no label, which is then for screen readers alone. */
  readonly bare?: boolean;
}

/** A field for a text that something reads. */
export function TextField({ id, label, value, read, mode = "text", bare = false }: TextFieldProps) {
  const [text, setText] = useState(value);
  const [wrong, setWrong] = useState("");
  useEffect(() => {
    setText(value);
    setWrong("");
  }, [value]);
  const take = (given: string): void => {
    setText(given);
    try {
      read(given);
      setWrong("");
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div class={bare ? "bare" : "field"}>
      <label for={id} class={bare ? "unseen" : ""}>
        {label}
      </label>
      <input
        id={id}
        inputMode={mode}
        autoComplete="off"
        spellcheck={false}
        value={text}
        aria-invalid={wrong !== ""}
        aria-describedby={`${id}-wrong`}
        onChange={(event) => take(event.currentTarget.value)}
      />
      <p id={`${id}-wrong`} class="wrong" hidden={wrong === ""}>
        {wrong}
      </p>
    </div>
  );
}

interface SelectFieldProps<T extends string> {
  readonly id: string;
  readonly label: string;
  readonly value: T;
  readonly choices: readonly (readonly [T, string])[];
  readonly set: (value: T) => void;
  readonly bare?: boolean;
}

export function SelectField<T extends string>({ id, label, value, choices, set, bare = false }: SelectFieldProps<T>) {
  return (
    <div class={bare ? "bare" : "field"}>
      <label for={id} class={bare ? "unseen" : ""}>
        {label}
      </label>
      <select id={id} value={value} onChange={(event) => set(event.currentTarget.value as T)}>
        {choices.map(([name, words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}
