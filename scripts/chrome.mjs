// Where Chrome is and which flags it gets: the one place for the bootstrap, the tests and the command.
// Imports node:* only, because it runs before anything is installed.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * @typedef {"gpu" | "software"} Profile
 * @typedef {{ vendor: string, architecture: string, device: string, description: string, software: boolean }} Adapter
 * @typedef {{ path: string, version: string, profile: Profile, flags: string[], adapter: Adapter }} Chrome
 * @typedef {{ path: string, from: string, given?: true }} Candidate `given`: the user named this path
 * @typedef {{ env?: NodeJS.ProcessEnv, platform?: NodeJS.Platform, home?: string, exists?: (path: string) => boolean,
 *             list?: (folder: string) => string[], uid?: number | undefined }} Machine
 */

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const verdictFile = join(root, ".cache", "chrome.json");

/**
 * Where a package that we need lies: beside us in a checkout, above us where we are installed ourselves.
 * @param {string} name @returns {string | undefined}
 */
export function packageFolder(name) {
  for (let folder = root; ; folder = dirname(folder)) {
    const found = join(folder, "node_modules", name);
    if (existsSync(join(found, "package.json"))) return found;
    if (folder === dirname(folder)) return undefined;
  }
}

const ALWAYS = [
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
];
const VULKAN = ["--use-angle=vulkan", "--enable-features=Vulkan", "--disable-vulkan-surface"];
const ON_PATH = ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser"];

/** @param {string} folder */
function listFolder(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * The machine as the functions below see it; tests pass a made-up one.
 * @param {Machine} machine
 */
function look(machine) {
  return {
    env: machine.env ?? process.env,
    platform: machine.platform ?? process.platform,
    home: machine.home ?? homedir(),
    exists: machine.exists ?? existsSync,
    list: machine.list ?? listFolder,
    uid: "uid" in machine ? machine.uid : process.getuid?.(),
  };
}

/** @param {Machine} machine @returns {string[]} */
function usualPlaces(machine) {
  const { env, platform, home } = look(machine);
  if (platform === "darwin") {
    const apps = ["Google Chrome.app/Contents/MacOS/Google Chrome", "Chromium.app/Contents/MacOS/Chromium"];
    return ["/Applications", join(home, "Applications")].flatMap((folder) => apps.map((app) => join(folder, app)));
  }
  if (platform === "win32") {
    const folders = [env.PROGRAMFILES, env["PROGRAMFILES(X86)"], env.LOCALAPPDATA];
    const apps = ["Google\\Chrome\\Application\\chrome.exe", "Chromium\\Application\\chrome.exe"];
    return folders.flatMap((folder) => (folder ? apps.map((app) => `${folder}\\${app}`) : []));
  }
  return ["/opt/google/chrome/chrome"];
}

/** Newest first: 130.0.1 before 99.0.2. @param {string} a @param {string} b */
const newest = (a, b) => b.localeCompare(a, "en", { numeric: true });

/**
 * What `puppeteer browsers install chrome` left: <cache>/chrome/<platform>-<version>/chrome-<platform>/...
 * @param {Machine} machine @returns {string[]}
 */
function puppeteerPlaces(machine) {
  const { env, home, list } = look(machine);
  const inner = ["chrome", "chrome.exe", "Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing"];
  const caches = [env.PUPPETEER_CACHE_DIR, join(root, ".cache", "puppeteer"), join(home, ".cache", "puppeteer")];
  return caches.flatMap((cache) => {
    if (!cache) return [];
    const chrome = join(cache, "chrome");
    return [...list(chrome)]
      .sort(newest)
      .flatMap((build) =>
        list(join(chrome, build)).flatMap((folder) => inner.map((file) => join(chrome, build, folder, file))),
      );
  });
}

/**
 * Every Chrome that exists here, in the order in which they are tried. A path given by the user comes alone.
 * @param {Machine} [machine] @returns {Candidate[]}
 */
export function candidates(machine = {}) {
  const { env, platform, exists } = look(machine);
  for (const name of ["PUPPETEER_EXECUTABLE_PATH", "CHROME_PATH"]) {
    const path = env[name];
    if (path) return [{ path, from: name, given: true }];
  }
  const folders = (env.PATH ?? env.Path ?? "").split(platform === "win32" ? ";" : delimiter).filter(Boolean);
  const onPath = platform === "win32" ? [] : ON_PATH.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [
    ...onPath.map((path) => ({ path, from: "PATH" })),
    ...usualPlaces(machine).map((path) => ({ path, from: "usual place" })),
    ...puppeteerPlaces(machine).map((path) => ({ path, from: "puppeteer's cache" })),
  ].filter(({ path }) => exists(path));
}

/**
 * The version a Chrome states, or undefined when it does not run (Ubuntu's chromium-browser may be an empty shell).
 * On Windows `--version` opens a window, so the folder beside chrome.exe is read instead.
 * @param {string} path @returns {string | undefined}
 */
export function chromeVersion(path) {
  if (process.platform === "win32") {
    return listFolder(dirname(path))
      .filter((name) => /^\d+(\.\d+){3}$/.test(name))
      .sort(newest)[0];
  }
  try {
    const text = execFileSync(path, ["--version"], { timeout: 15_000, stdio: ["ignore", "pipe", "ignore"] });
    return /\d+(\.\d+){3}/.exec(text.toString())?.[0];
  } catch {
    return undefined;
  }
}

/**
 * The first Chrome that runs.
 * @returns {{ path: string, from: string, version: string } | undefined}
 */
export function findChrome() {
  for (const { path, from, given } of candidates()) {
    const version = chromeVersion(path);
    if (version) return { path, from, version };
    if (given) throw new Error(`${from}: ${path} is not a Chrome that runs; correct or unset ${from}`);
  }
  return undefined;
}

/** Is there a sign of a real GPU? A GPU flag set on a machine without one can hang. @param {Machine} [machine] */
export function gpuSign(machine = {}) {
  const { platform, exists, list } = look(machine);
  if (platform === "darwin" || platform === "win32") return true;
  return exists("/dev/nvidia0") || list("/dev/dri").some((name) => name.startsWith("render"));
}

/** Chrome's sandbox does not start as root or in most containers. @param {Machine} [machine] */
export function needsNoSandbox(machine = {}) {
  const { env, platform, exists, uid } = look(machine);
  if (platform !== "linux") return false;
  return uid === 0 || exists("/.dockerenv") || exists("/run/.containerenv") || Boolean(env.KUBERNETES_SERVICE_HOST);
}

/**
 * The flags for a profile: "gpu" for a real adapter, "software" for SwiftShader, which runs everywhere.
 * @param {Profile} profile @param {Machine} [machine] @returns {string[]}
 */
export function chromeFlags(profile, machine = {}) {
  const { platform } = look(machine);
  const adapter = profile === "software" ? ["--use-webgpu-adapter=swiftshader"] : platform === "linux" ? VULKAN : [];
  return ["--enable-unsafe-webgpu", ...adapter, ...ALWAYS, ...(needsNoSandbox(machine) ? ["--no-sandbox"] : [])];
}

/** The profiles worth a probe, best first. FALL_LINE_ADAPTER=gpu or =software allows only that one. @param {Machine} [machine] */
export function profiles(machine = {}) {
  const wanted = look(machine).env.FALL_LINE_ADAPTER;
  if (wanted && wanted !== "gpu" && wanted !== "software") {
    throw new Error(`FALL_LINE_ADAPTER: is "${wanted}", expected "gpu" or "software"`);
  }
  /** @type {Profile[]} */
  const all = wanted === "gpu" || (gpuSign(machine) && !wanted) ? ["gpu"] : [];
  return wanted === "gpu" ? all : /** @type {Profile[]} */ ([...all, "software"]);
}

/** What the probe found, if it was for this Chrome. @param {string} key @returns {Chrome | undefined} */
export function cachedVerdict(key) {
  try {
    const saved = JSON.parse(readFileSync(verdictFile, "utf8"));
    return saved.key === key ? saved.chrome : undefined;
  } catch {
    return undefined;
  }
}
