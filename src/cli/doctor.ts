import type { Parsed } from "./args.ts";
import type { Services } from "./chrome.ts";
export const doctorVerb = (_: Parsed, __: Services): Promise<number> => Promise.resolve(0);
