// A step's dispatches by what they took and what they cost, and that against what the adapter can do at best.
import type { Backend } from "../backend/backend.ts";
import type { Ceilings } from "../backend/webgpu/ceilings.ts";
import type { WebGpuBackend } from "../backend/webgpu/index.ts";
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

/** A profile beside the adapter's ceilings, as plain data. */
export interface Profile {
  /** Undefined where there is no GPU to measure. */
  readonly ceilings: Ceilings | undefined;
  readonly dispatches: readonly (DispatchProfile & { readonly share?: Share })[];
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;

/** The median of several profiles of one training, with the adapter's ceilings measured beside them: about a second. */
export async function profileBeside(
  backend: Backend,
  training: { profile(): Promise<DispatchProfile[]> },
  rounds = 5,
): Promise<Profile> {
  const all: DispatchProfile[][] = [];
  for (let round = 0; round < rounds; round++) all.push(await training.profile());
  const ceilings = await ceilingsOf(backend);
  const dispatches = (all[0] ?? []).map((first, i) => {
    const times = all.map((rows) => rows[i]?.milliseconds);
    const known = times.every((time) => time !== undefined);
    const row = { ...first, milliseconds: known ? median(times as number[]) : undefined };
    const share = ceilings && shareOf(row, ceilings);
    return { ...row, ...(share ? { share } : {}) };
  });
  return { ceilings, dispatches };
}

async function ceilingsOf(backend: Backend): Promise<Ceilings | undefined> {
  if (backend.kind !== "webgpu") return undefined;
  const { ceilings } = await import("../backend/webgpu/ceilings.ts");
  return ceilings((backend as WebGpuBackend).device, backend.adapter.software);
}
