// Prepares a fresh machine: Node's version, node_modules, a Chrome, and an adapter that computes. Imports node:* only.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  cachedVerdict,
  candidates,
  chromeFlags,
  findChrome,
  gpuSign,
  packageFolder,
  profiles,
  root,
  verdictFile,
} from "./chrome.mjs";

/** @typedef {import("./chrome.mjs").Chrome} Chrome */

const PROBE_LIMIT = 15_000;
const DOWNLOAD_LIMIT = 180_000;

/** The environment lacks something; the message says what to do. The command ends with exit code 3. */
export class EnvironmentError extends Error {}

/** @param {string} line */
const say = (line) => process.stderr.write(`${line}\n`);

/**
 * Runs a command with its output on stderr, so that stdout stays data.
 * @param {string} command @param {string[]} args @param {import("node:child_process").SpawnSyncOptions} [options]
 */
function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2], ...options });
  return result.status === 0;
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new EnvironmentError(
    `Node ${process.versions.node} is too old, expected 20.19 or newer; see https://nodejs.org`,
  );
}

/** What the command needs beside what the package brings, of which a project that only imports the library has no use. */
const PEERS = ["vite", "puppeteer"];

/** Throws where an installed package's owner has not installed those. @param {(name: string) => string | undefined} folderOf */
export function checkPeers(folderOf = packageFolder) {
  const missing = PEERS.filter((name) => folderOf(name) === undefined);
  if (missing.length === 0) return;
  throw new EnvironmentError(
    `the command needs ${missing.join(" and ")}, not found from ${root}; run npm install --save-dev ${missing.join(" ")}` +
      (missing.includes("puppeteer") ? " (with PUPPETEER_SKIP_DOWNLOAD=1 where there is a Chrome or Chromium)" : ""),
  );
}

/** node_modules is good when npm's own record of it is there and not older than the lock file; without a lock file we
 * are an installed package ourselves, whose packages are its owner's. */
function installPackages() {
  const lock = join(root, "package-lock.json");
  const record = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(lock)) {
    checkPeers();
    return;
  }
  if (existsSync(record) && statSync(record).mtimeMs >= statSync(lock).mtimeMs) return;
  say("prepare: installing packages (npm ci)");
  const env = { ...process.env, PUPPETEER_SKIP_DOWNLOAD: "1" };
  // npm is a .cmd file on Windows, which needs a shell.
  if (run("npm", ["ci"], { env, shell: process.platform === "win32" })) return;
  throw new EnvironmentError("npm ci failed; its message is above");
}

/** Puppeteer's own download. Returns whether it worked. */
function downloadChrome() {
  const folder = packageFolder("puppeteer");
  if (folder === undefined) return false;
  say("prepare: no Chrome here, installing one (puppeteer browsers install chrome)");
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const cli = join(folder, typeof bin === "string" ? bin : bin.puppeteer);
  const quiet = { cwd: root, timeout: DOWNLOAD_LIMIT, encoding: /** @type {const} */ ("utf8") };
  const { status, stderr } = spawnSync(process.execPath, [cli, "browsers", "install", "chrome"], quiet);
  if (status !== 0) say(`prepare: that was refused (${/- \w+: (.*)/.exec(stderr)?.[1] ?? "no answer"})`);
  return status === 0;
}

function installChrome() {
  if (downloadChrome()) return;
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !existsSync("/etc/debian_version")) return;
  say("prepare: installing Debian's chromium (apt-get)");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  run("apt-get", ["update"], { env });
  run("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], { env });
}

function chromeHere() {
  try {
    const found = findChrome();
    if (found) return found;
    installChrome();
    const installed = findChrome();
    if (installed) return installed;
  } catch (error) {
    throw new EnvironmentError(error instanceof Error ? error.message : String(error));
  }
  const tried = candidates()
    .map(({ path }) => path)
    .join(", ");
  throw new EnvironmentError(
    `no Chrome found${tried ? ` (do not run: ${tried})` : ""}; install Chrome or Chromium, or set CHROME_PATH to its program`,
  );
}

/**
 * @param {{ path: string, version: string }} found @param {import("./chrome.mjs").Profile} profile
 * @returns {Chrome | string} the Chrome with its adapter, or why not
 */
function probe(found, profile) {
  const flags = chromeFlags(profile);
  const request = JSON.stringify({ path: found.path, flags, limit: PROBE_LIMIT });
  const script = join(root, "scripts", "probe.mjs");
  const options = { cwd: root, timeout: PROBE_LIMIT + 10_000, encoding: /** @type {const} */ ("utf8") };
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, request], options);
  if (status !== 0) return stdout || stderr || "the probe was stopped";
  const adapter = JSON.parse(stdout);
  if (profile === "gpu" && adapter.software) return "only a software adapter answered";
  return { path: found.path, version: found.version, profile, flags, adapter };
}

/** @param {{ path: string, version: string }} found @returns {Chrome} */
function adapterOf(found) {
  const wanted = profiles();
  const key = [found.path, found.version, process.platform, gpuSign(), ...wanted].join("|");
  const cached = cachedVerdict(key);
  if (cached) return { ...cached, flags: chromeFlags(cached.profile) };
  /** @type {string[]} */
  const reasons = [];
  for (const profile of wanted) {
    say(`prepare: probing ${found.path} ${found.version} for a ${profile === "gpu" ? "real GPU" : "software adapter"}`);
    const chrome = probe(found, profile);
    if (typeof chrome === "string") {
      reasons.push(`${profile}: ${chrome}`);
      continue;
    }
    mkdirSync(dirname(verdictFile), { recursive: true });
    writeFileSync(verdictFile, `${JSON.stringify({ key, chrome }, undefined, 2)}\n`);
    return chrome;
  }
  throw new EnvironmentError(
    `${found.path} ${found.version} offers no WebGPU adapter that computes (${reasons.join("; ")}); install a newer Chrome`,
  );
}

/** One line for people: which Chrome, which adapter, software or not. @param {Chrome} chrome */
export function describe({ path, version, adapter }) {
  const name = [adapter.vendor, adapter.architecture, adapter.device, adapter.description].filter(Boolean).join(" ");
  const kind = adapter.software ? "a software adapter: correct, but slow" : "a real GPU";
  return `${path} ${version}, adapter ${name || "unnamed"} (${kind})`;
}

/** Checks Node and installs the packages where they are missing. Throws EnvironmentError. */
export function preparePackages() {
  checkNode();
  installPackages();
}

/** Prepares what is missing and returns the Chrome to use. Throws EnvironmentError. @returns {Chrome} */
export function prepare() {
  preparePackages();
  return adapterOf(chromeHere());
}

/** As prepare, but says what it found, or what is missing and then ends the process with exit code 3. @returns {Chrome} */
export function prepareOrExit() {
  try {
    const chrome = prepare();
    say(`prepare: ${describe(chrome)}`);
    return chrome;
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    say(`fall-line: ${error.message}`);
    process.exit(3);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) prepareOrExit();
