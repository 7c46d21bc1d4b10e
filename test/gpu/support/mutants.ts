// Planted mistakes in a plan: each a step program with one thing wrong, and what a scheduler would have to get wrong for it.
import type { Binding, Dispatch } from "../../../src/scheduler/plan.ts";
import type { StepProgram } from "../../../src/scheduler/program.ts";

export interface PlanMutant {
  readonly name: string;
  readonly program: StepProgram;
}

const span = ({ offset, shape, pitch }: Binding): [number, number] => {
  const rows = shape.slice(0, -1).reduce((product, n) => product * n, 1);
  return [offset, offset + (rows - 1) * pitch + (shape.at(-1) ?? 1)];
};

/** Rows of state slots lie far apart: columns of one pitch that lie side by side never meet. */
const beside = (a: Binding, b: Binding): boolean => {
  const [left, right] = [a.offset % a.pitch, b.offset % b.pitch];
  const [width, other] = [a.shape.at(-1) ?? 1, b.shape.at(-1) ?? 1];
  const whole = left + width <= a.pitch && right + other <= b.pitch;
  return a.shape.length > 1 && b.shape.length > 1 && a.pitch === b.pitch && whole
    ? left + width <= right || right + other <= left
    : false;
};

/** Whether two tensors of a run share an element. */
const meet = (a: Binding, b: Binding): boolean => {
  const [[from, to], [begin, end]] = [span(a), span(b)];
  return a.buffer === b.buffer && from < end && begin < to && !beside(a, b);
};

const bindings = (dispatch: Pick<Dispatch, "bindings">): Binding[] => Object.values(dispatch.bindings);

/** The least of the steps that met a bad number, in whatever order they are told. */
const isLatch = ({ buffer }: Binding): boolean => buffer === "latch";

/** Whether the second depends on the first or the other way round: they touch a tensor of a run and one of them writes it. */
const dependent = ({ runs, ...first }: Dispatch, second: Dispatch): boolean =>
  runs.first < second.runs.first + second.runs.count &&
  second.runs.first < runs.first + runs.count &&
  bindings(first).some(
    (a) => !isLatch(a) && bindings(second).some((b) => (a.mode !== "read" || b.mode !== "read") && meet(a, b)),
  );

const withEach = (program: StepProgram, each: readonly Dispatch[]): StepProgram => ({ ...program, each });

function swaps(program: StepProgram): PlanMutant[] {
  const { each } = program;
  return each.slice(0, -1).flatMap((first, i): PlanMutant[] => {
    const second = each[i + 1] as Dispatch;
    if (!dependent(first, second)) return [];
    return [
      {
        name: `${first.name} swapped with ${second.name}`,
        program: withEach(program, each.with(i, second).with(i + 1, first)),
      },
    ];
  });
}

const drops = (program: StepProgram): PlanMutant[] =>
  program.each.map((dispatch, i) => ({
    name: `${dispatch.name} left out`,
    program: withEach(program, program.each.toSpliced(i, 1)),
  }));

/** The update moved before work that still reads the parameters as they were. */
function earlyUpdates(program: StepProgram): PlanMutant[] {
  const { each } = program;
  const update = each.findIndex(({ kernel }) => kernel === "update");
  const readers = each
    .map((_, i) => i)
    .filter((i) => i < update && bindings(each[i]!).some(({ buffer }) => buffer === "parameters"));
  return readers.map((i) => ({
    name: `update before ${each[i]?.name}`,
    program: withEach(program, [...each.slice(0, i), ...each.slice(update), ...each.slice(i, update)]),
  }));
}

interface Life {
  readonly buffer: string;
  readonly dtype: string;
  /** Numbers of the dispatches that write it, and that read it last. */
  readonly from: number;
  readonly to: number;
}

/** The lives of the values in the pool: from one writer to the last reader before the next. */
function lives({ each }: StepProgram): Life[] {
  const open = new Map<string, Life>();
  const result: Life[] = [];
  each.forEach((dispatch, i) => {
    for (const { buffer, mode, dtype } of bindings(dispatch)) {
      const known = open.get(buffer);
      if (!buffer.includes(".pool")) continue;
      if (mode === "write") {
        if (known) result.push(known);
        open.set(buffer, { buffer, dtype, from: i, to: i });
      } else if (known) open.set(buffer, { ...known, to: i });
    }
  });
  return [...result, ...open.values()];
}

const moved = (dispatch: Dispatch, from: string, to: string): Dispatch => {
  const entries = Object.entries(dispatch.bindings).map(
    ([name, at]) => [name, at.buffer === from ? { ...at, buffer: to } : at] as const,
  );
  return {
    ...dispatch,
    bindings: Object.fromEntries(entries),
    ...(dispatch.parts ? { parts: dispatch.parts.map((part) => moved(part, from, to)) } : {}),
  };
};

/** A value placed in a buffer whose own value is still wanted after it was written. */
function reuses(program: StepProgram): PlanMutant[] {
  const length = new Map(program.buffers.map((buffer) => [buffer.name, buffer.length]));
  const all = lives(program);
  return all.flatMap((late) =>
    all
      .filter((live) => live.buffer !== late.buffer && live.dtype === late.dtype)
      .filter((live) => live.from < late.from && late.from < live.to && late.to > late.from)
      .filter((live) => (length.get(live.buffer) as number) >= (length.get(late.buffer) as number))
      .map((live) => ({
        name: `${program.each[late.from]?.name} written over the result of ${program.each[live.from]?.name}`,
        program: withEach(
          program,
          program.each.map((at, i) => (i >= late.from && i <= late.to ? moved(at, late.buffer, live.buffer) : at)),
        ),
      })),
  );
}

const rebound = (dispatch: Dispatch, change: (name: string, binding: Binding) => Binding): Dispatch => ({
  ...dispatch,
  bindings: Object.fromEntries(Object.entries(dispatch.bindings).map(([name, at]) => [name, change(name, at)])),
});

/** What no stride can misread: the latch stays clear, a phase cut before any state has none, rules without a reduction read none. */
const unread = ({ variant }: Dispatch, name: string): boolean =>
  name === "latch" ||
  (name === "state" && variant.cut === true) ||
  (name === "reduced" && variant.chain?.every(({ reduced }) => reduced === undefined) === true);

/** Tables of the steps and runs misread: the batch of the submit's first step for all, the first run's tensor for all. */
function strides(program: StepProgram): PlanMutant[] {
  const still = (field: "step" | "run") =>
    program.each.flatMap((dispatch, i): PlanMutant[] =>
      Object.entries(dispatch.bindings)
        .filter(([name, at]) => at[field] > 0 && !unread(dispatch, name))
        .map(([name]) => ({
          name: `${dispatch.name} ${name} with no ${field} stride`,
          program: withEach(
            program,
            program.each.with(
              i,
              rebound(dispatch, (other, at) => (other === name ? { ...at, [field]: 0 } : at)),
            ),
          ),
        })),
    );
  return [...still("step"), ...still("run")];
}

/** Every mistake of these kinds that the plan has room for. */
export const planMutants = {
  "dispatches swapped": swaps,
  "a dispatch left out": drops,
  "an anti-dependence dropped": earlyUpdates,
  "a live buffer reused": reuses,
  "a stride forgotten": strides,
} as const;
