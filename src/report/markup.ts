// Text into HTML: escaping, and the few shapes that every part of the report uses.

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Safe as text and inside a quoted attribute. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);

/** Running text: escaped, with no line break between a number and its "%". */
export const prose = (text: string): string => escapeHtml(text).replaceAll(" %", "\u00a0%");

/** Plain data as the content of a script element: no `<`, so that no text inside can end it. NaN and Infinity are null. */
export const scriptData = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c");

/** A table whose first row and first column are headers; plain text in, markup out. */
export function plainTable(caption: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const top = head.map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join("");
  const body = rows.map(([first = "", ...rest]) => {
    const cells = rest.map((text) => `<td>${escapeHtml(text)}</td>`).join("");
    return `<tr><th scope="row">${escapeHtml(first)}</th>${cells}</tr>`;
  });
  return `<table><caption>${escapeHtml(caption)}</caption><thead><tr>${top}</tr></thead><tbody>${body.join("")}</tbody></table>`;
}

/** A closed fold that a chart names as its details: the chart's numbers as a table. */
export function numbers(id: string, table: string): string {
  const label = "Numbers of this chart, scrollable";
  return `<details id="${id}"><summary>The numbers of this chart</summary><div class="scroll" role="region" aria-label="${label}" tabindex="0">${table}</div></details>`;
}
