// What the adapter can do at best, as rounds like everything else.
import { type Ceilings, yardsticks } from "../../src/backend/webgpu/ceilings.ts";
import { type CeilingResult, type Effort, type Rounds, roundsOf } from "../result.ts";
import { alone } from "./clock.ts";

export async function ceilings(
  device: GPUDevice,
  { quick, rounds }: Effort,
  software: boolean,
): Promise<CeilingResult> {
  const effort: Effort = { quick, rounds, seconds: quick ? 0.1 : 0.5 };
  const { all, dispose } = yardsticks(device, software);
  const found: Partial<Record<keyof Ceilings, Rounds>> = {};
  for (const { name, run, value } of all) {
    const { stepsPerSecond } = await alone((passes) => run(passes).then(() => []), effort);
    found[name] = roundsOf(stepsPerSecond.raw.map(value));
  }
  dispose();
  const { gflops, gigabytes, dispatchMicros } = found as Record<keyof Ceilings, Rounds>;
  return { gflops, copyGBs: gigabytes, dispatchMicros };
}
