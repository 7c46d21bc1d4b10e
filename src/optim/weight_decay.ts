// u + decay p: coupled before a rule, decoupled after it.
import wgsl from "../../shaders/optim/weight_decay.wgsl?raw";
import { defineRule } from "./rule.ts";

export const weightDecayRule = defineRule({
  name: "weightDecay",
  wgsl,
  options: { weightDecay: 0.01 },
  fields: ({ weightDecay = 0 }) => ({ decay: weightDecay }),
  reference: (u, p, { decay = 0 }) => u + decay * p,
});
