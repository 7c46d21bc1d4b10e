// npm start: prepares what is missing, then runs the main job in headless Chrome.

import { run } from "./run.mjs";

process.exitCode = await run(["start", ...process.argv.slice(2)]);
