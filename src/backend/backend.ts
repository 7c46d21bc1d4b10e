// What a backend is: storage of named buffers shared by programs, and programs that run steps. Two implement it: webgpu and cpu.
import type { Numbers } from "../core/tensor.ts";
import { FallLineError } from "../core/check.ts";
import type { BufferSpec } from "../scheduler/plan.ts";
import type { Limits } from "../scheduler/check.ts";
import type { StepProgram } from "../scheduler/program.ts";
import type { Series } from "../scheduler/steps.ts";
import type { Tuning } from "../scheduler/tuning.ts";

/** The GPU went away: a crash, a driver reset, the system's decision. The last snapshot is intact. */
export class DeviceLost extends Error {
  override readonly name = "DeviceLost";
}

export interface AdapterDescription {
  readonly description: string;
  readonly vendor: string;
  readonly architecture: string;
  /** A software rasterizer: right, but slow. */
  readonly software: boolean;
}

/** Named buffers. `write` and `read` speak elements (a byte for u8). */
export interface Storage {
  /** Makes the buffers it does not hold yet; checks every limit first. */
  ensure(buffers: readonly BufferSpec[], runs: number): void;
  has(name: string): boolean;
  write(name: string, data: Numbers, offset?: number): void;
  read(name: string): Promise<Numbers>;
  dispose(): void;
}

/** A step program on a backend. */
export interface Program {
  readonly program: StepProgram;
  /** Resolves when the pipelines of the plan are in place; until then quicker-compiling ones of the same bits may run. */
  readonly settled: Promise<void>;
  /** Runs steps t .. t + count - 1 (count at most stepsPerSubmit); resolves with the metrics' sums, [step][run][stride]. */
  run(t: number, count: number): Promise<Float32Array>;
  /**
   * One dispatch alone, by its number in [...before, ...each, ...after], in a submit that begins at step t; `index` is the
   * place of the step in that submit (from 0), so the step is t + index.
   */
  runOne(t: number, dispatch: number, index?: number): Promise<void>;
  /** Milliseconds of each dispatch of step t, run for real; undefined where the adapter has no timestamps. */
  profile(t: number): Promise<number[] | undefined>;
  dispose(): void;
}

export interface ProgramOptions {
  /** What the host may do while pipelines compile; the program's buffers are there. */
  readonly meanwhile?: () => void;
}

export interface Backend {
  readonly kind: "webgpu" | "cpu";
  readonly adapter: AdapterDescription;
  readonly limits: Limits;
  readonly tuning: Tuning;
  /** Rejects with DeviceLost when the device goes; never resolves. */
  readonly lost: Promise<never>;
  storage(): Storage;
  /** Makes its buffers and all that running it takes. */
  program(program: StepProgram, storage: Storage, series: Series, options?: ProgramOptions): Promise<Program>;
  close(): void;
}

/** Programs share buffers by name: one that is held must have the room that is asked for. */
export function checkHeld({ name, length }: BufferSpec, held: number): void {
  if (held >= length) return;
  throw new FallLineError(
    "storage",
    `${name} has ${held} elements, a program needs ${length}`,
    "give the programs different names",
  );
}

/** A buffer the storage does not hold. */
export const noBuffer = (name: string): never => {
  throw new FallLineError("storage", `holds no buffer ${name}`, "ensure it first");
};
