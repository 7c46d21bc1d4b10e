// What a shader that does not compile is reported as: file, line, column, and what it was compiled as.
import { FallLineError } from "../../core/check.ts";
import type { Dispatch } from "../../scheduler/plan.ts";

function describeVariant(dispatch: Dispatch): string {
  const consts = Object.entries(dispatch.variant.consts ?? {}).map(([name, value]) => `${name}: ${value}`);
  return `${dispatch.kernel} {${consts.join(", ")}}${dispatch.variant.label ? ` ${dispatch.variant.label}` : ""}`;
}

/** relu.wgsl:17:5: unresolved value 'prams' [compiled as relu {WORKGROUP: 128}] */
export async function compileError(
  module: GPUShaderModule,
  { dispatch, text, error }: { dispatch: Dispatch; text: string; error: unknown },
): Promise<Error> {
  const { messages } = await module.getCompilationInfo();
  const first = messages.find(({ type }) => type === "error");
  const where = `${dispatch.kernel}.wgsl`;
  if (!first) return new FallLineError(where, error instanceof Error ? error.message : String(error));
  const line = text.split("\n")[first.lineNum - 1]?.trim() ?? "";
  const as = `[compiled as ${describeVariant(dispatch)}]`;
  return new FallLineError(`${where}:${first.lineNum}:${first.linePos}`, `${first.message}  ${as}`, `in: ${line}`);
}
