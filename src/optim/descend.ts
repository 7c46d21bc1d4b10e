// The step: lr u is taken from p. Every chain ends in it.
import wgsl from "../../shaders/optim/descend.wgsl?raw";
import { defineRule } from "./rule.ts";

export const descendRule = defineRule({
  name: "descend",
  wgsl,
  options: { lr: 1e-3 },
  fields: ({ lr = 0 }) => ({ lr }),
  reference: (u, _, { lr = 0 }) => lr * u,
});
