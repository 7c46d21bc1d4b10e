// Fields beside those of train/field.tsx: a text that something reads, and a choice within a row that labels itself.
import { useEffect, useState } from "preact/hooks";

interface TextFieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  /** Takes the text, or throws in words. */
  readonly read: (text: string) => void;
  readonly mode?: "decimal" | "text";
  /** True: the label is for screen readers alone. */
  readonly bare?: boolean;
}

/** Read when it is left or Enter is pressed. */
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
        aria-describedby={wrong === "" ? undefined : `${id}-wrong`}
        onChange={(event) => take(event.currentTarget.value)}
      />
      {wrong !== "" && (
        <p id={`${id}-wrong`} class="wrong" role="alert">
          {wrong}
        </p>
      )}
    </div>
  );
}

interface BareChoiceProps {
  readonly id: string;
  /** For screen readers. */
  readonly label: string;
  readonly value: string;
  readonly choices: readonly string[];
  readonly onChange: (value: string) => void;
}

export function BareChoice({ id, label, value, choices, onChange }: BareChoiceProps) {
  return (
    <div class="bare">
      <select id={id} aria-label={label} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {choices.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
