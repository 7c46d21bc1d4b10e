import type { BenchResult } from "./result.ts";
export const printResult = (result: BenchResult): string => JSON.stringify(result.peers, null, 1) + "\n";
