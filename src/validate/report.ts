// What validate found, for people and for CI: a line a kernel, a table, JUnit XML.
import type { ValidationRow } from "./validate.ts";

const passed = ({ cases, agreed, message }: ValidationRow): boolean => agreed === cases && message === undefined;

const percent = (worst: number): string => {
  if (!Number.isFinite(worst)) return worst > 0 ? "beyond" : "-";
  return worst > 0 && worst < 1 ? "< 1 %" : `${Math.round(worst)} %`;
};

/** `swish: 4 of 4 cases agree, worst 12 % of the allowance at {size: 4097}`, and the first disagreement where there is one. */
export function rowText(row: ValidationRow): string {
  const { kernel, cases, agreed, worst, where, message } = row;
  const head = `${kernel}: ${agreed} of ${cases} cases agree`;
  if (!passed(row)) return `${head}\n  ${message ?? "no case could be compared"}`;
  return worst === 0 ? `${head}, to the bit` : `${head}, worst ${percent(worst)} of the allowance at ${where}`;
}

/** A table with a line a kernel, the disagreements below it. */
export function textTable(rows: readonly ValidationRow[]): string {
  const head = ["kernel", "cases", "agree", "exact", "worst", "of the allowance at"];
  const body = rows.map(({ kernel, cases, agreed, exact, worst, where }) => {
    const place = worst > 0 ? where : "";
    return [kernel, `${cases}`, `${agreed}`, `${exact}`, worst === 0 ? "0" : percent(worst), place];
  });
  const widths = head.map((_, i) => Math.max(...[head, ...body].map((line) => (line[i] as string).length)));
  const show = (line: readonly string[]) =>
    line
      .map((cell, i) => (i === 0 || i === 5 ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number)))
      .join("  ")
      .trimEnd();
  const failures = rows.filter((row) => !passed(row)).map(({ message }) => message ?? "");
  return [head, ...body].map(show).concat(failures).join("\n");
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** XML text: markup as entities, control characters (which XML has none of) as question marks. */
const escaped = (text: string): string =>
  [...text]
    .map((letter) => ENTITIES[letter] ?? (letter < " " && letter !== "\n" && letter !== "\t" ? "?" : letter))
    .join("");

/** JUnit XML, a test a kernel. */
export function junit(rows: readonly ValidationRow[]): string {
  const failures = rows.filter((row) => !passed(row)).length;
  const tests = rows.map((row) => {
    const open = `  <testcase classname="fall-line.validate" name="${escaped(row.kernel)}" assertions="${row.cases}"`;
    if (passed(row)) return `${open}/>`;
    const message = escaped(row.message ?? "no case could be compared");
    return `${open}>\n    <failure message="${message}">${message}</failure>\n  </testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="fall-line validate" tests="${rows.length}" failures="${failures}" errors="0" skipped="0">`,
    ...tests,
    "</testsuite>",
    "",
  ].join("\n");
}
