// npm start: prepares what is missing, then runs the main job in headless Chrome.

import { prepareOrExit } from "./prepare.mjs";
import { run } from "./run.mjs";

prepareOrExit();
process.exitCode = await run(["start", ...process.argv.slice(2)]);
