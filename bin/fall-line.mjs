#!/usr/bin/env node
import { run } from "../scripts/run.mjs";

process.exitCode = await run(process.argv.slice(2));
