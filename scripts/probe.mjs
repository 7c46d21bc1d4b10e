// Runs one compute kernel in a Chrome with the given flags and prints the adapter as JSON; exit code 1 if it cannot.
// Usage: node scripts/probe.mjs '{"path": "...", "flags": [...], "limit": 15000}'

import { createServer } from "node:http";
import puppeteer from "puppeteer";

const { path, flags, limit } = JSON.parse(process.argv[2] ?? "{}");

/** In the page: 64 numbers doubled on the GPU. Returns the adapter, or throws with the reason. */
async function kernel() {
  if (!navigator.gpu) throw new Error("this Chrome has no WebGPU");
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error("no adapter");
  const device = await adapter.requestDevice();
  const code = `
    @group(0) @binding(0) var<storage, read_write> x: array<f32>;
    @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) { x[id.x] = 2 * x[id.x]; }`;
  const pipeline = await device.createComputePipelineAsync({
    layout: "auto",
    compute: { module: device.createShaderModule({ code }) },
  });
  const size = 256;
  const x = device.createBuffer({ size, usage: 0x80 | 0x8 | 0x4 }); // STORAGE | COPY_DST | COPY_SRC
  const out = device.createBuffer({ size, usage: 0x1 | 0x8 }); // MAP_READ | COPY_DST
  device.queue.writeBuffer(
    x,
    0,
    Float32Array.from({ length: 64 }, (_, i) => i),
  );
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer: x } }],
    }),
  );
  pass.dispatchWorkgroups(1);
  pass.end();
  encoder.copyBufferToBuffer(x, 0, out, 0, size);
  device.queue.submit([encoder.finish()]);
  await out.mapAsync(0x1);
  if (new Float32Array(out.getMappedRange()).some((value, i) => value !== 2 * i)) throw new Error("wrong numbers");
  const { vendor, architecture, device: model, description, isFallbackAdapter } = adapter.info;
  const software =
    isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|basic render/i.test(`${architecture} ${model} ${description}`);
  return { vendor, architecture, device: model, description, software };
}

// navigator.gpu exists in a secure context only; a page of 127.0.0.1 is one.
const server = createServer((_, response) =>
  response.setHeader("content-type", "text/html").end("<title>probe</title>"),
);
await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
const address = server.address();
const port = typeof address === "object" && address ? address.port : 0;

/** @type {import("puppeteer").Browser | undefined} */
let browser;
const timer = setTimeout(() => {
  browser?.process()?.kill("SIGKILL");
  finish(`no answer within ${limit / 1000} s`, 1);
}, limit);

/** @param {string} text @param {number} code */
function finish(text, code) {
  process.stdout.write(text, () => process.exit(code));
}

try {
  browser = await puppeteer.launch({ executablePath: path, args: flags, headless: true, pipe: true, timeout: limit });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${port}/`);
  const adapter = await page.evaluate(kernel);
  await browser.close();
  clearTimeout(timer);
  finish(JSON.stringify(adapter), 0);
} catch (error) {
  browser?.process()?.kill("SIGKILL");
  finish(error instanceof Error ? error.message : String(error), 1);
}
