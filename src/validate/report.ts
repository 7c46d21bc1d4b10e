// What validate found, for people and for CI: a line a kernel, a table, JUnit XML.
import type { ValidationRow } from "./validate.ts";

/** Whether every case of a kernel agreed. */
export const agrees = ({ cases, agreed, message }: ValidationRow): boolean => agreed === cases && message === undefined;

/** A worst error in percent of what is allowed, as people read it. */
export const percentOf = (worst: number): string => {
  if (!Number.isFinite(worst)) return worst > 0 ? "beyond" : "-";
  return worst > 0 && worst < 1 ? "< 1 %" : `${Math.round(worst)} %`;
};

/** `swish: 4 of 4 cases agree, worst 12 % of the allowance at {size: 4097}`, and the first disagreement where there is one. */
export function rowText(row: ValidationRow): string {
  const { kernel, cases, agreed, worst, where, message } = row;
  const head = `${kernel}: ${agreed} of ${cases} cases agree`;
  if (!agrees(row)) return `${head}\n  ${message ?? "no case could be compared"}`;
  return worst === 0 ? `${head}, to the bit` : `${head}, worst ${percentOf(worst)} of the allowance at ${where}`;
}

/** A table with a line a kernel, the disagreements below it. */
export function textTable(rows: readonly ValidationRow[]): string {
  const head = ["kernel", "cases", "agree", "exact", "worst", "of the allowance at"];
  const body = rows.map(({ kernel, cases, agreed, exact, worst, where }) => {
    const place = worst > 0 ? where : "";
    return [kernel, `${cases}`, `${agreed}`, `${exact}`, worst === 0 ? "0" : percentOf(worst), place];
  });
  const widths = head.map((_, i) => Math.max(...[head, ...body].map((line) => (line[i] as string).length)));
  const show = (line: readonly string[]) =>
    line
      .map((cell, i) => (i === 0 || i === 5 ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number)))
      .join("  ")
      .trimEnd();
  const failures = rows.filter((row) => !agrees(row)).map(({ message }) => message ?? "");
  return [head, ...body].map(show).concat(failures).join("\n");
}

/** What a report says beside its rows: adapter, browser, date. */
export type About = Readonly<Record<string, string>>;

/** One JSON object: a verdict, what it ran on, and the rows. Numbers that are not finite are null. */
export const jsonReport = (rows: readonly ValidationRow[], made: About): string =>
  `${JSON.stringify({ schema: 1, kind: "validate", made, agree: rows.every(agrees), rows })}\n`;

const inCell = (text: string): string => text.replaceAll("|", "\\|").replace(/\s+/g, " ");

/** A table in Markdown for a comment or a job's summary, those that disagree first. */
export function markdown(rows: readonly ValidationRow[], made: About): string {
  const wrong = rows.filter((row) => !agrees(row));
  const cases = rows.reduce((sum, row) => sum + row.cases, 0);
  const head = wrong.length === 0 ? "all agree" : `**${wrong.length} disagree**`;
  const about = Object.entries(made).map(([name, value]) => `* ${name}: ${inCell(value)}`);
  const line = (row: ValidationRow): string => {
    const { kernel, cases: count, agreed, exact, worst, where } = row;
    const words = [agrees(row) ? "yes" : "**no**", count, agreed, exact, worst === 0 ? "0" : percentOf(worst), where];
    return `| ${[kernel, ...words].map((cell) => inCell(String(cell))).join(" | ")} |`;
  };
  const sorted = [...wrong, ...rows.filter(agrees)];
  const details = wrong.map(
    ({ kernel, message }) => `\n### ${kernel}\n\n\`\`\`\n${message ?? "no case could be compared"}\n\`\`\``,
  );
  return [
    `## Kernels against their references: ${rows.length} kernels, ${cases} cases, ${head}`,
    "",
    ...about,
    ...(about.length > 0 ? [""] : []),
    "| kernel | agrees | cases | agreed | exact | worst | of the allowance at |",
    "| --- | --- | ---: | ---: | ---: | ---: | --- |",
    ...sorted.map(line),
    ...details,
    "",
  ].join("\n");
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** XML text: markup as entities, control characters (which XML has none of) as question marks. */
const escaped = (text: string): string =>
  [...text]
    .map((letter) => ENTITIES[letter] ?? (letter < " " && letter !== "\n" && letter !== "\t" ? "?" : letter))
    .join("");

/** JUnit XML, a test a kernel. */
export function junit(rows: readonly ValidationRow[]): string {
  const failures = rows.filter((row) => !agrees(row)).length;
  const tests = rows.map((row) => {
    const open = `  <testcase classname="fall-line.validate" name="${escaped(row.kernel)}" assertions="${row.cases}"`;
    if (agrees(row)) return `${open}/>`;
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
