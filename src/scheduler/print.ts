// A plan as text, for people and snapshots: every dispatch with its kernel, sizes, what it reads and writes, and its parts.
import { showShape } from "../core/shape.ts";
import { bytesOf } from "./check.ts";
import { explain } from "./explain.ts";
import type { Dispatch } from "./plan.ts";
import type { StepProgram } from "./program.ts";

const showSizes = (sizes: Dispatch["sizes"]): string =>
  Object.entries(sizes)
    .map(([name, size]) => `${name} ${Number.isInteger(size) ? size : size.toPrecision(6)}`)
    .join(", ");

function showBindings(dispatch: Dispatch, wanted: (mode: string) => boolean): string {
  return Object.entries(dispatch.bindings)
    .filter(([, { mode }]) => wanted(mode))
    .map(([name, { buffer, offset, shape }]) => `${name} ${showShape(shape)} @ ${buffer}${offset ? `+${offset}` : ""}`)
    .join(", ");
}

function showDispatch(dispatch: Dispatch, indent: string): string[] {
  const { name, kernel, variant, sizes, runs, slices, parts } = dispatch;
  const label = variant.label ? ` {${variant.label}}` : "";
  const flags = Object.entries(variant.consts ?? {}).filter(([, value]) => value !== false);
  const consts = flags.length
    ? ` <${flags.map(([key, value]) => (value === true ? key : `${key} ${value}`)).join(", ")}>`
    : "";
  const range = `runs ${runs.first}..${runs.first + runs.count - 1}${slices > 1 ? ` x ${slices} slices` : ""}`;
  return [
    `${indent}${name}: ${kernel}${consts}${label} (${showSizes(sizes)}) ${range}`,
    `${indent}  reads ${showBindings(dispatch, (mode) => mode !== "write")}`,
    `${indent}  writes ${showBindings(dispatch, (mode) => mode !== "read")}`,
    ...(parts ? [`${indent}  parts: ${parts.map((part) => part.name).join("; ")}`] : []),
  ];
}

/** The whole program as text. */
export function print(program: StepProgram): string {
  const { name, runs, batch, stepsPerSubmit, numericClass, before, each, after, buffers } = program;
  const real = buffers.filter(({ role }) => role !== "part");
  const total = real.reduce((sum, buffer) => sum + bytesOf(buffer), 0);
  return [
    `${name}: ${runs} runs, batch ${batch}, ${each.length} dispatches a step, ${stepsPerSubmit} steps a submit, ${numericClass} sums`,
    ...(before.length ? ["before the steps of a submit:", ...before.flatMap((at) => showDispatch(at, "  "))] : []),
    "each step:",
    ...each.flatMap((at) => showDispatch(at, "  ")),
    ...(after.length ? ["after them:", ...after.flatMap((at) => showDispatch(at, "  "))] : []),
    ...explain(program),
    `buffers: ${real.length}, ${total} bytes`,
    ...real.map((buffer) => `  ${buffer.name}: ${buffer.length} ${buffer.dtype}, ${buffer.role}`),
  ].join("\n");
}
