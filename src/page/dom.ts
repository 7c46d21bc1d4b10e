// The page's elements by id, with their types. Text goes in by textContent only.

/** The element of index.html with this id; throws where the two files do not fit. */
export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`page: index.html has no ${type.name} #${id}`);
  return found;
}

/** Replaces an element's text where it differs, so that screen readers are not told twice. */
export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Shows words, or hides the place where there are none. */
export function setWords(element: HTMLElement, words: string): void {
  setText(element, words);
  element.hidden = words === "";
}

/** A table row; the cells named in `right` hold numbers. The first is the row's header. */
export function tableRow(cells: readonly string[], right: readonly number[]): HTMLTableRowElement {
  const row = document.createElement("tr");
  cells.forEach((text, i) => {
    const cell = document.createElement(i === 0 ? "th" : "td");
    if (cell.tagName === "TH") cell.setAttribute("scope", "row");
    if (right.includes(i)) cell.className = "n";
    cell.textContent = text;
    row.append(cell);
  });
  return row;
}

const UNITS = ["B", "KiB", "MiB", "GiB"];

/** 17.5 KiB. */
export function showBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
}

export const showShare = (share: number | undefined): string =>
  share === undefined || !Number.isFinite(share) ? "–" : `${(100 * share).toFixed(1)} %`;
