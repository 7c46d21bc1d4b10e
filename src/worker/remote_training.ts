// A training in a worker, as its caller sees it.
import { prediction, type Prediction } from "../train/prediction.ts";
import type { Metrics, Training } from "../train/training.ts";
import type { TrainOptions } from "../train/train.ts";
import type { Validated } from "../train/validation.ts";
import type { Reader } from "./reader.ts";

type Result<Method extends keyof Training> = Training[Method] extends (...args: never[]) => Promise<infer T>
  ? T
  : never;

export class RemoteTraining implements Training {
  readonly options: TrainOptions;
  readonly #reader: Reader<Metrics>;
  readonly #closed: () => void;

  constructor(reader: Reader<Metrics>, options: TrainOptions, closed: () => void) {
    this.#reader = reader;
    this.options = options;
    this.#closed = closed;
  }

  get step(): number {
    return this.#reader.step;
  }

  get validation(): Validated | undefined {
    return this.#reader.validation;
  }

  [Symbol.asyncIterator](): AsyncGenerator<Metrics> {
    return this.#reader.rows();
  }

  async finish(): Promise<Metrics | undefined> {
    let last: Metrics | undefined;
    for await (const metrics of this) last = metrics;
    return last;
  }

  pause(): void {
    this.#reader.call("pause").catch(() => {});
  }

  resume(): void {
    this.#reader.call("resume").catch(() => {});
  }

  single = (): Promise<Metrics | undefined> => this.#reader.single();

  #call<Method extends keyof Training>(method: Method, ...args: readonly unknown[]): Promise<Result<Method>> {
    return this.#reader.call(method as string, ...args);
  }

  evaluate: Training["evaluate"] = (split) => this.#call("evaluate", split);

  begin: Training["begin"] = (parameters) => this.#call("begin", parameters);
  inspect: Training["inspect"] = () => this.#call("inspect");
  profile: Training["profile"] = () => this.#call("profile");

  async predict(x: Uint8Array | Float32Array): Promise<Prediction> {
    const { values, width } = await this.#call("predict", x);
    return prediction(values, width, this.options.data.classes);
  }

  parameters: Training["parameters"] = (view) => this.#call("parameters", view);
  save: Training["save"] = () => this.#call("save");
  lastCheckpoint: Training["lastCheckpoint"] = () => this.#call("lastCheckpoint");
  recipe: Training["recipe"] = () => this.#call("recipe");
  plan: Training["plan"] = () => this.#call("plan");

  async close(): Promise<void> {
    this.#closed();
    await this.#reader.end();
  }
}
