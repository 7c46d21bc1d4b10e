// Where the page is: the hash names the view and holds that view's settings, "#race?seeds=5". Without a name it is Train's.
import { signal } from "@preact/signals";

export interface Route {
  readonly view: string;
  /** The view's own settings as a query, without "?". */
  readonly query: string;
}

/** Hashes longer than this are not read. */
const LONGEST = 8192;

/** "#race?a=1" is race's; "#a=1", "" and names that are no words are Train's. */
export function readRoute(hash: string): Route {
  const [, view, query = ""] = /^#?([a-z]+)(?:\?(.*))?$/s.exec(hash.slice(0, LONGEST)) ?? [];
  return view ? { view, query } : { view: "train", query: hash.slice(0, LONGEST).replace(/^#/, "") };
}

export const writeRoute = ({ view, query }: Route): string => `#${view}${query === "" ? "" : `?${query}`}`;

/** The route as the address has it. */
export const route = signal<Route>(readRoute(globalThis.location?.hash ?? ""));

/** Each view's last query, so that a tab leads back to what was there. */
const queries = new Map<string, string>();

/** The address of a view with its last settings. */
export const hrefOf = (view: string): string => writeRoute({ view, query: queries.get(view) ?? "" });

function arrive(next: Route): void {
  queries.set(next.view, next.query);
  if (next.view !== route.value.view || next.query !== route.value.query) route.value = next;
}

/** Puts a view's settings into the address, without an entry in the history. */
export function keepQuery(view: string, query: string): void {
  queries.set(view, query);
  if (route.value.view !== view || route.value.query === query) return;
  route.value = { view, query };
  history.replaceState(null, "", writeRoute(route.value));
}

/** Follows the address from now on. */
export function followAddress(): void {
  arrive(readRoute(location.hash));
  addEventListener("hashchange", () => arrive(readRoute(location.hash)));
}
