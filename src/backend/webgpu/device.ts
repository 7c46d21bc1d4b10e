// The device: asked for with the adapter's own byte limits, named, and watched for loss.
import { type AdapterDescription, DeviceLost } from "../backend.ts";

export interface Gpu {
  readonly device: GPUDevice;
  readonly adapter: AdapterDescription;
  readonly lost: Promise<never>;
  /** Whether the device is ours to destroy. */
  readonly owned: boolean;
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

/** Rejects in words, which a bundle loads when it needs them. */
async function lacking(what: string): Promise<never> {
  return (await import("./lack.ts")).lack(what);
}

/** Opens WebGPU, or takes over a caller's own device. Throws where there is no WebGPU or no adapter. */
export async function openDevice(options: { device?: GPUDevice } = {}): Promise<Gpu> {
  if (options.device) {
    const { device } = options;
    return { device, adapter: describe(device.adapterInfo), lost: watch(device), owned: false };
  }
  const gpu = (globalThis.navigator as Navigator | undefined)?.gpu;
  if (!gpu) return lacking("navigator.gpu is missing");
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) return lacking("no adapter");
  const requiredFeatures = WISHES.filter((wish) => adapter.features.has(wish)) as GPUFeatureName[];
  const device = await adapter.requestDevice({ requiredLimits: limitsOf(adapter), requiredFeatures });
  return { device, adapter: describe(adapter.info), lost: watch(device), owned: true };
}
