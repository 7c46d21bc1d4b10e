// The bench's flags.
import { parseArgs } from "node:util";
import { type Effort, FULL, PARTS, type Part, QUICK } from "./result.ts";

export const USAGE = `usage: npm run bench -- [--quick] [--only ${PARTS.join(",")}] [--headed | --native] [--tune] [--readme]
  --quick    shorter and fewer rounds; results go to <adapter>-quick.json
  --only     just these parts; the others stay as they are in the file
  --headed   a Chrome with a window
  --native   in Node on Dawn (the npm package webgpu, or DAWN_NODE=path of dawn.node) instead of Chrome
  --tune     measures every tile for every shape and writes <adapter>.tuning.json, a table that openBackend({ tuning }) takes
  --readme   no measuring: writes the table of the last results into README.md
`;

export interface Options {
  readonly parts: readonly Part[];
  readonly effort: Effort;
  readonly headed: boolean;
  readonly native: boolean;
  readonly tune: boolean;
  readonly readme: boolean;
}

/** The flags; throws for a wrong one. */
export function optionsOf(args: string[]): Options {
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    args,
    options: { quick: flag, headed: flag, native: flag, tune: flag, readme: flag, only: { type: "string" } },
  });
  const { quick, headed, native, tune, readme } = values;
  if (headed && native) throw new Error("--headed and --native: a window needs Chrome; give one of them");
  const only = values.only?.split(",") ?? PARTS;
  const unknown = only.filter((part) => !PARTS.includes(part as Part));
  if (unknown.length > 0) throw new Error(`no part ${unknown.join(", ")}, expected some of ${PARTS.join(", ")}`);
  const parts = PARTS.filter((part) => only.includes(part));
  return { parts, effort: quick ? QUICK : FULL, headed, native, tune, readme };
}
