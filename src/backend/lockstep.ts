// Lockstep: a program and the CPU references side by side, dispatch by dispatch from equal states; the first that disagrees is named.
// It proves each dispatch of a plan, not the plan: a plan that puts a value in a wrong place misleads both sides alike.
import "../ops/bounds.ts";
import "../optim/update.bounds.ts";
import { FallLineError } from "../core/check.ts";
import { columnsOf, pitchOf, roundUp, rowsOf } from "../core/shape.ts";
import { type Numbers, Tensor } from "../core/tensor.ts";
import { type Comparison, compare, describeWrong } from "../kernel/compare.ts";
import type { Rounding } from "../kernel/kernel.ts";
import type { Binding, Dispatch } from "../scheduler/plan.ts";
import { type Series, validRows } from "../scheduler/steps.ts";
import type { Program, Storage } from "./backend.ts";
import { execute, type Memory, type StepView } from "./execute.ts";

/** What the program reads beside its plan. Buffers are left as the steps leave them. */
export interface LockstepParts {
  readonly storage: Storage;
  readonly series: Series;
}

export interface LockstepOptions {
  /** The submit: steps t .. t + count - 1, count at most stepsPerSubmit. Default 0 and 1. */
  readonly t?: number;
  readonly count?: number;
  /** What rounding costs on the adapter; by default it rounds to nearest. */
  readonly rounding?: Rounding;
}

export interface LockstepResult {
  /** Dispatches compared. */
  readonly dispatches: number;
  /** Numbers compared. */
  readonly elements: number;
  /** The largest error over its bound, at most 1, and the dispatch and binding it was found in. */
  readonly worst: number;
  readonly worstAt: string;
}

/** Where the two sides part: the first dispatch, and in it the first element of the first binding, run and slice. */
export class Disagreement extends FallLineError {
  readonly dispatch: string;
  readonly binding: string;
  readonly step: number;
  readonly run: number;
  readonly comparison: Comparison | undefined;

  constructor(at: Place, what: string, comparison?: Comparison) {
    const { dispatch, number, of, step, binding, run, slice } = at;
    const place = `${dispatch.name} (dispatch ${number + 1} of ${of}, step ${step}) ${binding} run ${run}${slice ? ` slice ${slice}` : ""}`;
    super("lockstep", `${place}: ${what}`);
    this.dispatch = dispatch.name;
    this.binding = binding;
    this.step = step;
    this.run = run;
    this.comparison = comparison;
  }
}

interface Place {
  readonly dispatch: Dispatch;
  readonly number: number;
  readonly of: number;
  readonly step: number;
  readonly binding: string;
  readonly run: number;
  readonly slice: number;
}

const wordsOf = (data: Numbers): Uint32Array =>
  data instanceof Uint32Array ? data : new Uint32Array(data.buffer, data.byteOffset, Math.floor(data.byteLength / 4));

const written = (dispatch: Dispatch): [string, Binding][] =>
  Object.entries(dispatch.bindings).filter(([, { mode }]) => mode !== "read");

/** Memory of one dispatch: the state before it; what it or its parts write goes to f64 copies, with errors from 0. */
class Scratch implements Memory {
  readonly #before: ReadonlyMap<string, Numbers>;
  readonly #parts: ReadonlyMap<string, number>;
  readonly #changing = new Set<string>();
  readonly #data = new Map<string, Numbers>();
  readonly #errors = new Map<string, Float64Array>();

  constructor(before: ReadonlyMap<string, Numbers>, parts: ReadonlyMap<string, number>, dispatch: Dispatch) {
    this.#before = before;
    this.#parts = parts;
    for (const at of [dispatch, ...(dispatch.parts ?? [])])
      for (const [, { buffer }] of written(at)) this.#changing.add(buffer);
  }

  data = (name: string): Numbers => {
    if (!this.#changing.has(name)) return this.#before.get(name) as Numbers;
    const known = this.#data.get(name) ?? this.#copy(name);
    this.#data.set(name, known);
    return known;
  };

  errors = (name: string): Float64Array | undefined => {
    if (!this.#changing.has(name)) return undefined;
    const known = this.#errors.get(name) ?? new Float64Array(this.data(name).length);
    this.#errors.set(name, known);
    return known;
  };

  #copy(name: string): Numbers {
    const before = this.#before.get(name);
    if (!before) return new Float64Array(this.#parts.get(name) as number);
    return before instanceof Float32Array ? Float64Array.from(before) : before.slice();
  }
}

class Walk {
  readonly #program: Program;
  readonly #storage: Storage;
  readonly #series: Series;
  readonly #rounding: Rounding;
  readonly #state = new Map<string, Numbers>();
  readonly #parts = new Map<string, number>();
  dispatches = 0;
  elements = 0;
  worst = 0;
  worstAt = "";

  constructor(program: Program, { storage, series }: LockstepParts, rounding: Rounding) {
    this.#program = program;
    this.#storage = storage;
    this.#series = series;
    this.#rounding = rounding;
  }

  /** The state of every buffer as it is now. */
  async load(): Promise<void> {
    for (const { name, role, length } of this.#program.program.buffers) {
      if (role === "part") this.#parts.set(name, length);
      else this.#state.set(name, await this.#storage.read(name));
    }
  }

  async one(dispatch: Dispatch, number: number, submit: { readonly t: number; readonly index: number }): Promise<void> {
    const { program } = this.#program;
    const step = submit.t + submit.index;
    const values = this.#series.at.map((at) => Math.fround(at(step)));
    const view: StepView = { t: step, index: submit.index, valid: validRows(program, step), values };
    const want = new Scratch(this.#state, this.#parts, dispatch);
    execute(dispatch, want, view, this.#rounding);
    await this.#program.runOne(submit.t, number, submit.index);
    const buffers = [...new Set(written(dispatch).map(([, { buffer }]) => buffer))];
    const read = await Promise.all(buffers.map((buffer) => this.#storage.read(buffer)));
    const got = new Map(buffers.map((buffer, i) => [buffer, read[i] as Numbers]));
    const of = program.before.length + program.each.length + program.after.length;
    this.#compare({ dispatch, number, of, step, binding: "", run: 0, slice: 0 }, { want, got, index: submit.index });
    for (const [buffer, data] of got) this.#state.set(buffer, data);
    this.dispatches++;
  }

  #compare(place: Place, sides: { want: Scratch; got: ReadonlyMap<string, Numbers>; index: number }): void {
    const { dispatch } = place;
    const touched = new Map([...sides.got].map(([buffer, data]) => [buffer, new Uint8Array(data.length)]));
    for (const [name, binding] of written(dispatch)) {
      const mask = touched.get(binding.buffer) as Uint8Array;
      for (let run = dispatch.runs.first; run < dispatch.runs.first + dispatch.runs.count; run++) {
        for (let slice = 0; slice < dispatch.slices; slice++) {
          const offset = binding.offset + run * binding.run + slice * binding.slice + sides.index * binding.step;
          this.#tensor({ ...place, binding: name, run, slice }, { ...sides, bound: binding, offset });
          mark(mask, binding, offset);
        }
      }
    }
    for (const [buffer, mask] of touched) this.#rest(place, { buffer, mask, got: sides.got.get(buffer) as Numbers });
  }

  /** One tensor of one run: every logical element within its bound. */
  #tensor(
    place: Place,
    sides: { want: Scratch; got: ReadonlyMap<string, Numbers>; bound: Binding; offset: number },
  ): void {
    const { buffer, shape, pitch, dtype } = sides.bound;
    const errors = sides.want.errors(buffer) as Float64Array;
    const tensor = new Tensor(sides.want.data(buffer), shape, { offset: sides.offset, pitch, errors });
    const result = compare(wordsOf(sides.got.get(buffer) as Numbers), tensor, { dtype, tier: "bound" });
    if (result.wrong > 0) throw new Disagreement(place, describeWrong(result), result);
    if (!Number.isFinite(result.bound))
      throw new Disagreement(place, `[${result.index.join(", ")}] has no finite bound`, result);
    this.elements += result.total;
    if (result.ratio <= this.worst) return;
    this.worst = result.ratio;
    this.worstAt = `${place.dispatch.name} ${place.binding}`;
  }

  /** Padding beside what was written is 0 or as it was; everything else is as it was, bit for bit. */
  #rest(place: Place, { buffer, mask, got }: { buffer: string; mask: Uint8Array; got: Numbers }): void {
    const [now, then] = [wordsOf(got), wordsOf(this.#state.get(buffer) as Numbers)];
    for (let i = 0; i < now.length; i++) {
      if (mask[i] === LOGICAL || now[i] === then[i] || (mask[i] === PADDING && now[i] === 0)) continue;
      throw new Disagreement({ ...place, binding: buffer }, `[${i}] lies outside what it writes and was changed`);
    }
  }
}

const PADDING = 1;
const LOGICAL = 2;

/** Marks a tensor's logical elements, and the padding of its rows. */
function mark(mask: Uint8Array, { shape, pitch }: Binding, offset: number): void {
  const [rows, cols] = [rowsOf(shape), columnsOf(shape)];
  for (let i = 0; i < rows; i++) {
    const start = offset + i * pitch;
    mask.fill(LOGICAL, start, start + cols);
    const end = start + (rows > 1 ? roundUp(cols, 4) : pitchOf(cols));
    for (let j = start + cols; j < end; j++) if (mask[j] !== LOGICAL) mask[j] = PADDING;
  }
}

/**
 * Plays one submit dispatch by dispatch: before each, both sides hold the same numbers; after it, every number it wrote must lie
 * within its derived bound (a fused dispatch's bound is composed from its parts) and nothing else may have changed.
 * Throws a Disagreement that names the dispatch, binding, run, element and both numbers.
 */
export async function lockstep(
  program: Program,
  parts: LockstepParts,
  options: LockstepOptions = {},
): Promise<LockstepResult> {
  const { t = 0, count = 1, rounding = { u: 2 ** -24 } } = options;
  const { before, each, after, stepsPerSubmit } = program.program;
  if (count < 1 || count > stepsPerSubmit)
    throw new FallLineError("lockstep", `${count} steps, expected 1 to ${stepsPerSubmit}`);
  await program.settled;
  const walk = new Walk(program, parts, rounding);
  await walk.load();
  let number = 0;
  for (const dispatch of before) await walk.one(dispatch, number++, { t, index: 0 });
  for (let index = 0; index < count; index++) {
    for (let i = 0; i < each.length; i++) await walk.one(each[i] as Dispatch, before.length + i, { t, index });
  }
  number = before.length + each.length;
  for (const dispatch of after) await walk.one(dispatch, number++, { t, index: 0 });
  const { dispatches, elements, worst, worstAt } = walk;
  return { dispatches, elements, worst, worstAt };
}
