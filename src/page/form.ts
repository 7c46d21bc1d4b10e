// The settings' fields: shows settings, reads them back, says in words what is wrong with a number.
import {
  type DataName,
  dataNames,
  limits,
  type NumberName,
  numberNames,
  type OptimizerName,
  optimizerNames,
  readNumber,
  type Settings,
  writeNumber,
} from "./settings.ts";
import { byId } from "./dom.ts";

const input = (name: NumberName): HTMLInputElement => byId(name, HTMLInputElement);

export class Form {
  readonly #data = byId("data", HTMLSelectElement);
  readonly #optimizer = byId("optimizer", HTMLSelectElement);

  show(settings: Settings): void {
    this.#data.value = settings.data;
    this.#optimizer.value = settings.optimizer;
    for (const name of numberNames) {
      input(name).value = writeNumber(settings[name]);
      this.#tell(name, undefined);
    }
  }

  #tell(name: NumberName, wrong: string | undefined): void {
    const place = byId(`${name}-wrong`, HTMLElement);
    place.textContent = wrong ?? "";
    place.hidden = wrong === undefined;
    if (wrong === undefined) input(name).removeAttribute("aria-invalid");
    else input(name).setAttribute("aria-invalid", "true");
  }

  get data(): DataName {
    return dataNames.find((name) => name === this.#data.value) ?? "spirals";
  }

  get optimizer(): OptimizerName {
    return optimizerNames.find((name) => name === this.#optimizer.value) ?? "adam";
  }

  /** The settings as they stand in the fields; undefined, with the first wrong field, when a number is no good. */
  read(): { settings?: Settings; wrong?: HTMLInputElement } {
    const numbers = {} as Record<NumberName, number>;
    let wrong: HTMLInputElement | undefined;
    for (const name of numberNames) {
      const value = readNumber(name, input(name).value);
      this.#tell(name, typeof value === "string" ? value : undefined);
      if (typeof value === "number") numbers[name] = value;
      else wrong ??= input(name);
    }
    if (wrong) return { wrong };
    return { settings: { data: this.data, optimizer: this.optimizer, ...numbers } };
  }

  /** `kind` is told for a new data set or optimizer, `number` for any number. */
  listen(on: { kind: () => void; number: () => void }): void {
    this.#data.addEventListener("change", on.kind);
    this.#optimizer.addEventListener("change", on.kind);
    for (const name of numberNames) input(name).addEventListener("change", on.number);
    byId("new-seed", HTMLButtonElement).addEventListener("click", () => {
      const [random = 0] = crypto.getRandomValues(new Uint16Array(1));
      input("seed").value = writeNumber(Math.min(random, limits.seed.max));
      on.number();
    });
  }
}
