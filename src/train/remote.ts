// Backends in another thread: train, race, load, loadModel, replay and validate hand such a backend the whole call.
import type { Backend } from "../backend/backend.ts";
import type { Optimizer } from "../optim/chain.ts";
import type { Target, ValidateOptions, ValidationRow } from "../validate/validate.ts";
import type { LoadOptions } from "./load.ts";
import type { LoadedModel } from "./model.ts";
import type { Race, RaceOptions } from "./race.ts";
import type { ReplayOptions, Trajectory } from "./replay.ts";
import type { Training } from "./training.ts";
import type { TrainOptions } from "./train.ts";

/** The library's calls, done elsewhere; each as the function of its name. */
export interface Remote {
  train(options: TrainOptions): Training;
  load(bytes: Uint8Array, given: LoadOptions): Training;
  loadModel(bytes: Uint8Array): Promise<LoadedModel>;
  race(options: RaceOptions): Race;
  replay(optimizers: readonly Optimizer[], options: ReplayOptions): Promise<Trajectory[]>;
  validate(target: Target, options: ValidateOptions): Promise<ValidationRow[]>;
}

export interface RemoteBackend extends Backend {
  readonly remote: Remote;
}

/** The other end of a backend that works elsewhere; undefined for one of this thread. */
export const remoteOf = (backend: Backend): Remote | undefined => (backend as Partial<RemoteBackend>).remote;
