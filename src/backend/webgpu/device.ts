// The device: asked for with the adapter's own byte limits, named, and watched for loss.
import { fail } from "../../core/check.ts";
import { type AdapterDescription, DeviceLost } from "../backend.ts";

export interface Gpu {
  readonly device: GPUDevice;
  readonly adapter: AdapterDescription;
  readonly lost: Promise<never>;
  /** Whether the device is ours to destroy. */
  readonly owned: boolean;
}

const NO_ADAPTER = 'open chrome://gpu to see why, or use openBackend("cpu")';

/** What to do where there is no navigator.gpu at all: in Node, and on a page whose address is not secure. */
function noWebGpu(): string {
  const { process, isSecureContext } = globalThis as { process?: { versions?: object }; isSecureContext?: boolean };
  if (process?.versions && "node" in process.versions)
    return 'Node has none: openSession() of fall-line/node drives a Chrome, openBackend("cpu") plays the references';
  return isSecureContext === false ? "serve the page by https, or from localhost" : NO_ADAPTER;
}

function describe(info: GPUAdapterInfo): AdapterDescription {
  const { vendor, architecture, description, device } = info;
  const text = [vendor, architecture, device, description].filter((part) => part !== "").join(" ");
  const software = info.isFallbackAdapter === true || /swiftshader|llvmpipe|lavapipe|software|basic render/i.test(text);
  return { description: text || "unnamed adapter", vendor, architecture, software };
}

/** A promise that rejects when the device goes for any reason but our own `destroy`. */
function watch(device: GPUDevice): Promise<never> {
  const lost = device.lost.then(({ reason, message }): never => {
    throw new DeviceLost(
      `the GPU device was lost (${reason}): ${message}; open a new backend and load the last snapshot`,
    );
  });
  lost.catch(() => {});
  return lost;
}

/** Limits beyond the defaults that the engine can use: bytes only. Counts stay within the defaults. */
function limitsOf(adapter: GPUAdapter): Record<string, number> {
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  return { maxBufferSize, maxStorageBufferBindingSize };
}

const WISHES: readonly string[] = ["timestamp-query", "subgroups"];

/** Opens WebGPU, or takes over a caller's own device. Throws where there is no WebGPU or no adapter. */
export async function openDevice(options: { device?: GPUDevice } = {}): Promise<Gpu> {
  if (options.device) {
    const { device } = options;
    return { device, adapter: describe(device.adapterInfo), lost: watch(device), owned: false };
  }
  const gpu = (globalThis.navigator as Navigator | undefined)?.gpu;
  if (!gpu) fail("WebGPU", "is not available here (navigator.gpu is missing)", noWebGpu());
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) fail("WebGPU", "is not available here (no adapter)", NO_ADAPTER);
  const requiredFeatures = WISHES.filter((wish) => adapter.features.has(wish)) as GPUFeatureName[];
  const device = await adapter.requestDevice({ requiredLimits: limitsOf(adapter), requiredFeatures });
  return { device, adapter: describe(adapter.info), lost: watch(device), owned: true };
}
