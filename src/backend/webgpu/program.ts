// A step program on WebGPU. All is compiled, allocated and bound when it is made; a submit writes one table and replays.
import { fail } from "../../core/check.ts";
import { unless } from "../../core/unless.ts";
import type { Dispatch } from "../../scheduler/plan.ts";
import type { StepProgram } from "../../scheduler/program.ts";
import { quick } from "../../scheduler/tuning.ts";
import { STEP_HEADER, type Series, validRows, writeStep } from "../../scheduler/steps.ts";
import type { Program, ProgramOptions } from "../backend.ts";
import { type Launch, launchOf } from "./params.ts";
import type { Pipelines, Prepared } from "./pipelines.ts";
import type { Profiler } from "./profile.ts";
import { Staging, unlessLost } from "./readback.ts";
import type { GpuStorage } from "./storage.ts";

const UNIFORM_ALIGNMENT = 256;
const align = (bytes: number): number => Math.ceil(bytes / UNIFORM_ALIGNMENT) * UNIFORM_ALIGNMENT;

/** A dispatch ready to replay. */
interface Replay {
  pipeline: GPUComputePipeline | undefined;
  readonly group: GPUBindGroup;
  readonly x: number;
  readonly y: number;
  readonly stepped: boolean;
}

/** A dispatch with its text. */
interface Ready {
  readonly dispatch: Dispatch;
  readonly prepared: Prepared;
}

/** One that takes over later, at its place in the program. */
interface Later extends Ready {
  readonly place: number;
}

export interface Making extends ProgramOptions {
  readonly device: GPUDevice;
  readonly pipelines: Pipelines;
  readonly storage: GpuStorage;
  readonly lost: Promise<never>;
}

/** Reads every dispatch's text, or that of a form of it that compiles sooner, and has it compiled. */
async function begin(
  program: StepProgram,
  { pipelines }: Making,
): Promise<{ begun: Ready[]; later: Later[]; compiling: Promise<GPUComputePipeline>[] }> {
  if (program.baked && !pipelines.bakes) await pipelines.loadBake();
  const planned = [...program.before, ...program.each, ...program.after];
  const soon = planned.map((dispatch) => (program.quickStart && quick(dispatch)) || dispatch);
  const ready = (dispatch: Dispatch): Ready => ({
    dispatch,
    prepared: pipelines.prepare(dispatch, program.baked ? soon : undefined),
  });
  const begun: Ready[] = [];
  const later: Later[] = [];
  const compiling: Promise<GPUComputePipeline>[] = [];
  for (const [place, sooner] of soon.entries()) {
    const own = ready(planned[place] as Dispatch);
    const waits = sooner !== own.dispatch && !own.prepared.compiled();
    if (waits) later.push({ ...own, place });
    const first = waits ? ready(sooner) : own;
    begun.push(first);
    compiling.push(first.prepared.compile());
    // Lets the browser send it off: it compiles while the next text is made.
    await undefined;
  }
  return { begun, later, compiling };
}

export class GpuProgram implements Program {
  readonly program: StepProgram;
  #settling: Promise<void> | undefined;
  #settleNow: () => Promise<void> = async () => {};
  readonly #making: Making;
  readonly #series: Series;
  readonly #slot: number;
  readonly #steps: GPUBuffer;
  readonly #words: Uint32Array<ArrayBuffer>;
  readonly #floats: Float32Array;
  readonly #offsets: Uint32Array[];
  readonly #staging: Staging | undefined;
  #params: GPUBuffer | undefined;
  #profiler: Profiler | undefined;
  #before: readonly Replay[] = [];
  #each: readonly Replay[] = [];
  #after: readonly Replay[] = [];

  private constructor(program: StepProgram, making: Making, series: Series) {
    this.program = program;
    this.#making = making;
    this.#series = series;
    this.#slot = align(4 * (STEP_HEADER + series.at.length));
    const size = this.#slot * program.stepsPerSubmit;
    this.#steps = making.device.createBuffer({
      label: "steps",
      size,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
    });
    this.#words = new Uint32Array(size / 4);
    this.#floats = new Float32Array(this.#words.buffer);
    this.#offsets = Array.from({ length: program.stepsPerSubmit }, (_, i) => Uint32Array.of(i * this.#slot));
    const { metrics, runs, stepsPerSubmit } = program;
    this.#staging = metrics && new Staging(making.device, stepsPerSubmit * runs * metrics.stride * 4, 3);
  }

  /**
   * Everything is allocated and bound here, while it compiles. What has a form that compiles sooner, and is not compiled yet,
   * begins on that; the planned ones are compiled once the first submit is done (it would wait for them), and take over
   * between two submits, with no bit changed.
   */
  static async make(program: StepProgram, making: Making, series: Series): Promise<GpuProgram> {
    const { storage, lost, meanwhile } = making;
    storage.ensure(program.buffers, program.runs);
    const { begun, later, compiling } = await begin(program, making);
    const made = new GpuProgram(program, making, series);
    try {
      const replays = made.#bind([...begun, ...later]);
      meanwhile?.();
      const compiled = await unless(Promise.all(compiling), lost);
      compiled.forEach((pipeline, i) => {
        (replays[i] as Replay).pipeline = pipeline;
      });
      made.#divide(replays.slice(0, begun.length));
      made.#settleNow = () => made.#settle(later, replays);
    } catch (error) {
      made.dispose();
      throw error;
    }
    return made;
  }

  get settled(): Promise<void> {
    this.#settling ??= this.#settleNow();
    this.#settling.catch(() => {});
    return this.#settling;
  }

  /** Compiles the planned pipelines and puts them in place of the sooner ones, all at once. */
  async #settle(later: readonly Later[], replays: readonly Replay[]): Promise<void> {
    if (later.length === 0) return;
    const compiling = Promise.all(later.map(({ prepared }) => prepared.compile()));
    const ready = await unless(compiling, this.#making.lost);
    const all = replays.slice(0, -later.length);
    later.forEach(({ place }, i) => {
      const replay = replays[all.length + i] as Replay;
      replay.pipeline = ready[i];
      all[place] = replay;
    });
    this.#divide(all);
  }

  #divide(replays: readonly Replay[]): void {
    const [first, last] = [this.program.before.length, this.program.before.length + this.program.each.length];
    this.#before = replays.slice(0, first);
    this.#each = replays.slice(first, last);
    this.#after = replays.slice(last);
  }

  #bind(ready: readonly Ready[]): Replay[] {
    const { device } = this.#making;
    const launches = ready.map(({ dispatch, prepared }) => launchOf(dispatch, prepared));
    const room = align(Math.max(16, ...launches.map(({ words }) => words.byteLength)));
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    this.#params = device.createBuffer({ label: "params", size: Math.max(room, room * launches.length), usage });
    const table = new Uint32Array(this.#params.size / 4);
    for (const [i, { words }] of launches.entries()) table.set(words, (i * room) / 4);
    device.queue.writeBuffer(this.#params, 0, table);
    return ready.map((at, i) => this.#replay(at, launches[i] as Launch, { offset: i * room, size: room }));
  }

  #replay({ dispatch, prepared }: Ready, launch: Launch, params: { offset: number; size: number }): Replay {
    const { layout, bindings } = prepared;
    const { device, storage } = this.#making;
    const resource = (name: string): GPUBufferBinding => {
      if (name === "params") return { buffer: this.#params as GPUBuffer, ...params };
      if (name === "step") return { buffer: this.#steps, size: this.#slot };
      if (name === "runs") return { buffer: storage.buffer("runs") };
      const binding = dispatch.bindings[name] ?? fail(`kernel ${dispatch.kernel}`, `nothing is bound to ${name}`);
      return { buffer: storage.buffer(binding.buffer) };
    };
    const entries = bindings.map(({ name }, binding) => ({ binding, resource: resource(name) }));
    const group = device.createBindGroup({ label: dispatch.name, layout, entries });
    const [x, y] = launch.groups;
    return { pipeline: undefined, group, x, y, stepped: bindings.some(({ name }) => name === "step") };
  }

  #encode(pass: GPUComputePassEncoder, replays: readonly Replay[], step: number): void {
    const offsets = this.#offsets[step] as Uint32Array;
    for (let i = 0; i < replays.length; i++) {
      const { pipeline, group, x, y, stepped } = replays[i] as Replay;
      pass.setPipeline(pipeline as GPUComputePipeline);
      if (stepped) pass.setBindGroup(0, group, offsets, 0, 1);
      else pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(x, y);
    }
  }

  #writeSteps(t: number, count: number): void {
    const table = { words: this.#words, floats: this.#floats };
    for (let i = 0; i < count; i++) {
      const step = { t: t + i, index: i, valid: validRows(this.program, t + i), series: this.#series };
      writeStep(table, (i * this.#slot) / 4, step);
    }
    this.#making.device.queue.writeBuffer(this.#steps, 0, this.#words, 0, (count * this.#slot) / 4);
  }

  async runOne(t: number, dispatch: number, index = 0): Promise<void> {
    const { device, lost } = this.#making;
    const all = [...this.#before, ...this.#each, ...this.#after];
    const replay = all[dispatch] ?? fail("run", `there is no dispatch ${dispatch}`, `there are ${all.length}`);
    this.#writeSteps(t, index + 1);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    this.#encode(pass, [replay], this.#each.includes(replay) ? index : 0);
    pass.end();
    device.queue.submit([encoder.finish()]);
    await unless(device.queue.onSubmittedWorkDone(), lost);
  }

  async profile(t: number): Promise<number[] | undefined> {
    const { Profiler } = await import("./profile.ts");
    this.#profiler ??= Profiler.make(this.#making.device, this.#each.length);
    this.#writeSteps(t, 1);
    return this.#profiler?.measure((pass, i) => this.#encode(pass, this.#each.slice(i, i + 1), 0));
  }

  /** One writeBuffer, one encoder, one pass, one submit. */
  run(t: number, count: number): Promise<Float32Array> {
    const { program } = this;
    const { device, lost, storage } = this.#making;
    if (count < 1 || count > program.stepsPerSubmit)
      fail("run", `${count} steps, expected 1 to ${program.stepsPerSubmit}`);
    this.#writeSteps(t, count);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    this.#encode(pass, this.#before, 0);
    for (let i = 0; i < count; i++) this.#encode(pass, this.#each, i);
    this.#encode(pass, this.#after, 0);
    pass.end();
    const { metrics } = program;
    if (!metrics || !this.#staging) {
      device.queue.submit([encoder.finish()]);
      return unless(
        device.queue.onSubmittedWorkDone().then(() => new Float32Array(0)),
        lost,
      );
    }
    const read = this.#staging.copy(encoder, storage.buffer(metrics.buffer), count * program.runs * metrics.stride * 4);
    device.queue.submit([encoder.finish()]);
    return unlessLost(read(), lost).then((bytes) => {
      // What waits for these numbers has its turn first.
      setTimeout(() => void this.settled);
      return new Float32Array(bytes);
    });
  }

  dispose(): void {
    this.#steps.destroy();
    this.#params?.destroy();
    this.#staging?.dispose();
    this.#profiler?.dispose();
  }
}
