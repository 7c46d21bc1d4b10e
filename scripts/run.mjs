// Runs the command, src/cli/main.ts: installs packages first where they are missing.

import { EnvironmentError, preparePackages } from "./prepare.mjs";
import { openProject } from "./serve.mjs";

/**
 * Runs the command with these arguments and returns its exit code.
 * @param {string[]} argv @returns {Promise<number>}
 */
export async function run(argv) {
  // `fall-line race --json | head` closes our stdout early; that is no error.
  process.stdout.on("error", (error) => {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EPIPE") throw error;
  });
  /** @type {import("./serve.mjs").Opened | undefined} */
  let project;
  try {
    preparePackages();
    project = await openProject();
    const { main } = await project.load("/src/cli/main.ts");
    return await main(argv, project.services);
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    process.stderr.write(`fall-line: ${error.message}\n`);
    return 3;
  } finally {
    await project?.close();
  }
}
