// What is told of a finished race: a page, a table for the terminal, tidy files. Pure functions of the result.
export { csvCurves, csvRuns } from "./csv.ts";
export { htmlReport } from "./html.ts";
export { lrSentence, lrSvg } from "./lr.ts";
export { jsonLines } from "./jsonl.ts";
export type { EntryResult, RaceResult, RunResult, ScheduledValues, Score } from "./result.ts";
export { scheduledSteps } from "./schedules.ts";
export { type Family, type Standing, type Summary, summarise, type Verdict } from "./summary.ts";
export { textTable } from "./table.ts";
