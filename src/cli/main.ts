import type { Services } from "./chrome.ts";

/** The command: `fall-line <verb> [flags]`. Returns the exit code. */
export async function main(argv: string[], services: Services): Promise<number> {
  process.stderr.write(
    `fall-line ${argv.join(" ")}: ${services.chrome().adapter.architecture}, ${await services.serve()}\n`,
  );
  return 0;
}
