// A link that keeps u as it is now for a later one.
import wgsl from "../../shaders/optim/remember.wgsl?raw";
import { type Link, link } from "./chain.ts";
import { defineRule } from "./rule.ts";

export const rememberRule = defineRule({
  name: "remember",
  wgsl,
  options: {},
  state: ["gradient"],
  fields: () => ({ unit: 1 }),
  reference(u, _p, _f, s) {
    s[0] = u;
    return u;
  },
  bound(_by, u, _p, _f, s) {
    s[0] = u;
    return u;
  },
});

export const remember = (): Link => link(rememberRule);
