// A worker of a test's own: a rule of its own, and a shout where the device is destroyed.
import { defineRule } from "../../../src/optim/rule.ts";
import "../../../src/worker/worker.ts";

const channel = new BroadcastChannel("fall-line test");
const destroy = GPUDevice.prototype.destroy;
GPUDevice.prototype.destroy = function () {
  channel.postMessage("destroyed");
  return destroy.call(this);
};

defineRule({
  name: "halfway",
  wgsl: "struct Halfway { factor: f32 }\nfn halfway(u: f32, p: f32, h: Halfway) -> f32 { return h.factor * u; }",
  options: { factor: 0.5 },
  fields: ({ factor = 0 }) => ({ factor }),
  reference: (u, _, { factor = 0 }) => factor * u,
});
