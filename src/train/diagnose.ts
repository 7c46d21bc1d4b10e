// Numbers that are not finite: which run, which step, and, by an unfused replay from the last snapshot, which dispatch.
import type { Dispatch } from "../scheduler/plan.ts";
import { CLEAR } from "./fill.ts";
import { Population, type Snapshot } from "./population.ts";

/** A training met NaN or infinity. `dispatch` is the first one whose result is not finite. */
export class NonFinite extends Error {
  override readonly name = "NonFinite";
  readonly step: number;
  readonly dispatch: string | undefined;

  constructor(step: number, dispatch: string | undefined) {
    const where = dispatch ? ` first in ${dispatch}` : "";
    super(`train: a number that is not finite at step ${step}${where}; lower the learning rate or clip the gradients`);
    this.step = step;
    this.dispatch = dispatch;
  }
}

/** Whether a dispatch has left a number that is not finite in anything it wrote (checked by values read back). */
async function leavesBad(population: Population, { bindings }: Dispatch): Promise<boolean> {
  for (const { mode, dtype, buffer } of Object.values(bindings)) {
    if (mode === "read" || dtype !== "f32") continue;
    const data = await population.storage.read(buffer);
    if (data.some((value) => !Number.isFinite(value))) return true;
  }
  return false;
}

/** Replays from a snapshot, unfused, to the first bad step and names its first bad dispatch. */
export async function firstBadDispatch(
  of: Population,
  snapshot: Snapshot,
  badStep: number,
): Promise<string | undefined> {
  const options = { ...of.options, fused: false, stepsPerSubmit: 1 };
  const replay = await Population.open(of.backend, of.task, options);
  try {
    replay.restore({ ...snapshot, latch: new Uint32Array(snapshot.latch.length).fill(CLEAR) });
    for (let t = snapshot.step; t < badStep; t++) await replay.advance(t, 1);
    const { before, each } = replay.program;
    const dispatches = [...before, ...each];
    for (let i = 0; i < dispatches.length; i++) {
      const dispatch = dispatches[i] as Dispatch;
      await replay.runOne(badStep, i);
      if (await leavesBad(replay, dispatch)) return dispatch.name;
    }
    return undefined;
  } finally {
    replay.dispose();
  }
}
