// Setup of every gpu test file: fails it, with the reason, where there is no adapter. Never skips.

import { announce } from "./summary.ts";

/** The page's WebGPU adapter. Throws, with what to do, when there is none. */
export async function requireAdapter(): Promise<GPUAdapter> {
  if (!navigator.gpu) throw new Error("adapter: this page has no navigator.gpu, WebGPU was expected; update Chrome");
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error("adapter: there is none, one was expected; see the flags in scripts/chrome.mjs");
  return adapter;
}

/** One line for people: vendor, architecture, description, software or not. */
export function describeAdapter({ info }: GPUAdapter): string {
  const { vendor, architecture, device, description } = info;
  const name = [vendor, architecture, device, description].filter(Boolean).join(" ") || "unnamed";
  const software = info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe/i.test(name);
  return `${name} (${software ? "software adapter" : "real GPU"})`;
}

announce("adapter", describeAdapter(await requireAdapter()));
