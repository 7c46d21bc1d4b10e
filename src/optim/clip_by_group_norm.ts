// Clipping by the norm of one group of parameters, in place of that of all.
import wgsl from "../../shaders/optim/clip_by_group_norm.wgsl?raw";
import { clipByGlobalNormRule } from "./clip_by_global_norm.ts";
import { reduction } from "./reduce.ts";
import { defineRule } from "./rule.ts";

const { options, fields, reference, bound } = clipByGlobalNormRule;

export const clipByGroupNormRule = defineRule({
  name: "clipByGroupNorm",
  wgsl,
  options,
  fields,
  reduces: reduction({
    fields: ["squared_norm"],
    over: "run",
    terms: (u) => [u * u],
    termsBound: (by, u) => [by.multiply(u, u)],
  }),
  reference,
  ...(bound ? { bound } : {}),
});
