// Weight decay that leaves out biases and the like.
import wgsl from "../../shaders/optim/matrix_decay.wgsl?raw";
import { type Link, link, type Optimizer } from "./chain.ts";
import type { Hyper } from "./presets.ts";
import { defineRule } from "./rule.ts";
import { weightDecayRule } from "./weight_decay.ts";
import { mapLinks } from "./wrap.ts";

export const matrixDecayRule = defineRule({
  name: "matrixDecay",
  wgsl,
  options: { weightDecay: 0.01 },
  fields: ({ weightDecay = 0 }) => ({ decay: weightDecay }),
  matrix: true,
  reference: (u, p, { decay = 0, matrix = 0 }) => (matrix ? u + decay * p : u),
  bound: (by, u, p, { decay, matrix }) => (matrix!.v ? by.add(u, by.multiply(decay!, p)) : u),
});

/** u + decay p in weight matrices only; default 0.01. */
export const matrixDecay = (decay: Hyper = 0.01): Link => link(matrixDecayRule, { weightDecay: decay });

/** inner, with its weight decay in weight matrices only: no biases, no scales. */
export const decayMatrices = (inner: Optimizer): Optimizer =>
  mapLinks(inner, (links) =>
    links.map((at) => (at.rule === weightDecayRule.name ? { ...at, rule: matrixDecayRule.name } : at)),
  );
