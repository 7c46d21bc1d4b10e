// The bench in Node on Dawn, for a GPU machine without a browser. Every measurement in a process of its own, as Chrome gives it one.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { openWebGpu } from "../../src/backend/webgpu/index.ts";
import { drive, type Measure } from "../drive.ts";
import { type Host, machineOf } from "../machine.ts";
import { optionsOf, USAGE } from "../options.ts";
import { measure, resultOf } from "../page/parts.ts";
import type { Effort } from "../result.ts";
import { messageOf, say } from "../words.ts";
import { openDawn } from "./dawn.ts";

const ASK = "adapter";

async function adapter(): Promise<Host["adapter"]> {
  const { adapter, close } = await openWebGpu();
  close();
  return adapter;
}

/** A child: takes the one measurement it was started for, sends it and ends. Dawn would keep the process alive. */
async function child(name: string, effort: Effort): Promise<void> {
  let text: string;
  try {
    await openDawn();
    text = name === ASK ? JSON.stringify({ result: await adapter() }) : await measure(name, effort);
  } catch (error) {
    text = JSON.stringify({ error: messageOf(error) });
  }
  process.send?.(text, () => process.exit(0));
}

const measurer =
  (effort: Effort): Measure =>
  (name) =>
    new Promise((resolve, reject) => {
      const args = [name, JSON.stringify(effort)];
      const at = fork(fileURLToPath(import.meta.url), args, {
        execArgv: ["--expose-gc"],
        stdio: ["ignore", 2, 2, "ipc"],
      });
      let text: string | undefined;
      at.on("message", (message) => {
        text = String(message);
      });
      at.on("error", reject);
      at.on("exit", (code, signal) => {
        try {
          if (text === undefined) throw new Error(`${name}: Node ended with ${signal ?? code} and no result`);
          resolve(resultOf(name, text));
        } catch (error) {
          reject(error);
        }
      });
    });

async function main(argv: string[]): Promise<number> {
  let options: ReturnType<typeof optionsOf>;
  try {
    options = optionsOf(argv);
  } catch (error) {
    say(`bench: ${messageOf(error)}\n${USAGE}`);
    return 2;
  }
  const measure = measurer(options.effort);
  try {
    const adapter = (await measure(ASK)) as Host["adapter"];
    const host: Host = {
      browser: `Node ${process.versions.node} on Dawn`,
      adapter: {
        vendor: "",
        architecture: "",
        description: `native ${adapter.description}`,
        software: adapter.software,
      },
    };
    const root = process.cwd();
    return await drive(options, { root, machine: () => machineOf(root, host, options.effort.quick), measure });
  } catch (error) {
    say(messageOf(error));
    return 3;
  }
}

const [first = "", second = ""] = process.argv.slice(2);
if (process.send && second) await child(first, JSON.parse(second) as Effort);
else process.exitCode = await main(process.argv.slice(2));
