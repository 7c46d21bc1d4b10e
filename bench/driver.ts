// The command `bench`: its flags, and what measures.
import type { Services } from "../src/cli/chrome.ts";
import { browserMeasure } from "./browser.ts";
import { drive } from "./drive.ts";
import { machineOf } from "./machine.ts";
import { type Options, optionsOf, USAGE } from "./options.ts";
import { writeReadme } from "./store.ts";
import { messageOf, say } from "./words.ts";

async function inChrome(options: Options, services: Services): Promise<number> {
  const chrome = services.chrome();
  const { version, adapter } = chrome;
  const machine = () => machineOf(services.root, { browser: `Chrome ${version}`, adapter }, options.effort.quick);
  const measure = browserMeasure(chrome, await services.serve(), options);
  return drive(options, { root: services.root, machine, measure });
}

/** Exit code 1 when a part failed, 2 for a wrong flag. */
export async function bench(argv: string[], services: Services): Promise<number> {
  let options: Options;
  try {
    options = optionsOf(argv);
  } catch (error) {
    say(`bench: ${messageOf(error)}\n${USAGE}`);
    return 2;
  }
  if (!options.readme) return inChrome(options, services);
  try {
    say(`bench: ${writeReadme(services.root)}`);
    return 0;
  } catch (error) {
    say(messageOf(error));
    return 1;
  }
}
