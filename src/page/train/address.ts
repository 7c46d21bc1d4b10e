// Settings by a link of this page: a preset, or one that was shared.
import { readQuery } from "./hash.ts";
import { change, isSmall } from "./store.ts";

export const setQuery = (query: string): void => change(readQuery(query, isSmall()).settings);
