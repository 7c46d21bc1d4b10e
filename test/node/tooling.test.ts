import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { candidates, chromeFlags, gpuSign, needsNoSandbox, profiles, root } from "../../scripts/chrome.mjs";
import { checkPeers, EnvironmentError } from "../../scripts/prepare.mjs";

const always = ["--no-first-run", "--disable-background-networking", "--disable-component-update"];

/** A made-up machine: these files exist, and folders are listed from them. */
function machine(files: string[], env: Record<string, string> = {}, platform: NodeJS.Platform = "linux") {
  return {
    env,
    platform,
    home: "/home/ada",
    uid: 1000,
    exists: (path: string) => files.includes(path),
    list: (folder: string) => {
      const inside = files.filter((file) => file.startsWith(`${folder}/`));
      return [...new Set(inside.map((file) => file.slice(folder.length + 1).split("/")[0] ?? ""))];
    },
  };
}

describe("an installed package", () => {
  test("says what the command needs of its owner, and what to run", () => {
    const only =
      (...names: string[]) =>
      (name: string) =>
        names.includes(name) ? `/a/node_modules/${name}` : undefined;
    expect(() => checkPeers(only("vite", "puppeteer"))).not.toThrow();
    expect(() => checkPeers(only("puppeteer"))).toThrow(
      /^the command needs vite, not found .*install --save-dev vite$/,
    );
    expect(() => checkPeers(only())).toThrow(
      /^the command needs vite and puppeteer, .*; run npm install --save-dev vite puppeteer \(with PUPPETEER_SKIP_DOWNLOAD=1/,
    );
    expect(() => checkPeers(only())).toThrow(EnvironmentError);
  });
});

describe("chrome finder", () => {
  test("names before folders: google-chrome, google-chrome-stable, chromium, chromium-browser", () => {
    const files = ["/a/chromium-browser", "/a/chromium", "/b/google-chrome", "/b/google-chrome-stable"];
    const found = candidates(machine(files, { PATH: "/a:/b" }));
    expect(found.map(({ path }) => path)).toEqual([
      "/b/google-chrome",
      "/b/google-chrome-stable",
      "/a/chromium",
      "/a/chromium-browser",
    ]);
  });

  test("a path given by the user comes alone, PUPPETEER_EXECUTABLE_PATH first", () => {
    const both = { PUPPETEER_EXECUTABLE_PATH: "/x/chrome", CHROME_PATH: "/y/chrome", PATH: "/a" };
    expect(candidates(machine(["/a/chromium"], both))).toEqual([
      { path: "/x/chrome", from: "PUPPETEER_EXECUTABLE_PATH", given: true },
    ]);
    expect(candidates(machine(["/a/chromium"], { CHROME_PATH: "/y/chrome" }))).toEqual([
      { path: "/y/chrome", from: "CHROME_PATH", given: true },
    ]);
  });

  test("then the usual places, then puppeteer's caches with the newest build first", () => {
    const project = join(root, ".cache/puppeteer/chrome/linux-99.0.1.2/chrome-linux64/chrome");
    const old = "/home/ada/.cache/puppeteer/chrome/linux-99.0.1.2/chrome-linux64/chrome";
    const recent = "/home/ada/.cache/puppeteer/chrome/linux-130.0.0.1/chrome-linux64/chrome";
    const found = candidates(machine([old, recent, project, "/opt/google/chrome/chrome"]));
    expect(found.map(({ path }) => path)).toEqual(["/opt/google/chrome/chrome", project, recent, old]);
  });

  test("macOS and Windows places", () => {
    const mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
    expect(candidates(machine([mac], {}, "darwin")).map(({ path }) => path)).toEqual([mac]);
    const windows = "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe";
    const env = { PROGRAMFILES: "C:\\Program Files" };
    expect(candidates(machine([windows], env, "win32")).map(({ path }) => path)).toEqual([windows]);
  });

  test("nothing on an empty machine", () => {
    expect(candidates(machine([], { PATH: "/a" }))).toEqual([]);
  });
});

describe("chrome flags", () => {
  test("the software adapter", () => {
    expect(chromeFlags("software", machine([]))).toEqual([
      "--enable-unsafe-webgpu",
      "--use-webgpu-adapter=swiftshader",
      ...always,
      "--disable-sync",
      "--disable-quic",
    ]);
  });

  test("a real GPU: Vulkan on Linux, nothing special elsewhere", () => {
    const linux = chromeFlags("gpu", machine([]));
    expect(linux).toContain("--use-angle=vulkan");
    expect(linux).not.toContain("--use-webgpu-adapter=swiftshader");
    expect(chromeFlags("gpu", machine([], {}, "darwin"))).not.toContain("--use-angle=vulkan");
  });

  test("no sandbox only as root or in a container, and on Linux only", () => {
    expect(needsNoSandbox(machine([]))).toBe(false);
    expect(needsNoSandbox({ ...machine([]), uid: 0 })).toBe(true);
    expect(needsNoSandbox(machine(["/.dockerenv"]))).toBe(true);
    expect(needsNoSandbox({ ...machine([], {}, "darwin"), uid: 0 })).toBe(false);
    expect(chromeFlags("software", { ...machine([]), uid: 0 })).toContain("--no-sandbox");
  });
});

describe("profiles", () => {
  test("a real GPU is probed only where there is a sign of one", () => {
    expect(gpuSign(machine([]))).toBe(false);
    expect(profiles(machine([]))).toEqual(["software"]);
    expect(profiles(machine(["/dev/dri/card0"]))).toEqual(["software"]);
    expect(profiles(machine(["/dev/dri/renderD128"]))).toEqual(["gpu", "software"]);
    expect(profiles(machine(["/dev/nvidia0"]))).toEqual(["gpu", "software"]);
    expect(profiles(machine([], {}, "darwin"))).toEqual(["gpu", "software"]);
  });

  test("FALL_LINE_ADAPTER allows one only", () => {
    expect(profiles(machine(["/dev/nvidia0"], { FALL_LINE_ADAPTER: "software" }))).toEqual(["software"]);
    expect(profiles(machine([], { FALL_LINE_ADAPTER: "gpu" }))).toEqual(["gpu"]);
    expect(() => profiles(machine([], { FALL_LINE_ADAPTER: "cuda" }))).toThrow(
      'is "cuda", expected "gpu" or "software"',
    );
  });
});
