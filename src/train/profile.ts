// A step's dispatches by what they took and what they cost, and that against what the adapter can do at best.
import type { Ceilings } from "../backend/webgpu/ceilings.ts";
import { costOf } from "../scheduler/cost.ts";
import type { StepProgram } from "../scheduler/program.ts";
import type { DispatchProfile } from "./spec.ts";

/** Every dispatch of a step with its milliseconds (undefined without timestamps), bytes and operations. */
export const profileOf = ({ each }: StepProgram, times: readonly number[] | undefined): DispatchProfile[] =>
  each.map((dispatch, i) => ({
    name: dispatch.name,
    kernel: dispatch.kernel,
    milliseconds: times?.[i],
    ...costOf(dispatch),
  }));

/** What bounds a dispatch on an adapter, and how near to that bound it runs. */
export interface Share {
  readonly bound: "operations" | "bytes" | "dispatch";
  /** Percent of the ceiling: the least time the adapter could take for it, over the time it took. */
  readonly percent: number;
}

/** The larger of a dispatch's operations, bytes and mere launch, each at the adapter's ceiling, over its time. */
export function shareOf({ milliseconds, bytes, flops }: DispatchProfile, ceilings: Ceilings): Share | undefined {
  if (!milliseconds) return undefined;
  const least = [
    { bound: "operations" as const, at: flops / (1e6 * ceilings.gflops) },
    { bound: "bytes" as const, at: bytes / (1e6 * ceilings.gigabytes) },
    { bound: "dispatch" as const, at: ceilings.dispatchMicros / 1000 },
  ];
  const { bound, at } = least.reduce((most, each) => (each.at > most.at ? each : most));
  return { bound, percent: (100 * at) / milliseconds };
}
