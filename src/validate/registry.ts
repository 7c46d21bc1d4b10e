// Every kernel and every case, by the names of their files: adding either edits nothing here. For tests, validate and the command.
import type { CaseSet, KernelCases } from "../kernel/cases.ts";

const modules = import.meta.glob<{ readonly cases?: KernelCases }>(
  ["../ops/*.ts", "../optim/*.ts", "../activations/*.ts", "./*.cases.ts", "!../**/*.test.ts"],
  { eager: true },
);

/** All case sets, made afresh: every kernel, function and rule is declared by then. */
export function catalogue(): CaseSet[] {
  return Object.keys(modules)
    .sort()
    .flatMap((path) => modules[path]?.cases?.() ?? []);
}
