// Steps that are summed and taken once in a while.
import wgsl from "../../shaders/optim/apply_every.wgsl?raw";
import { checkInteger } from "../core/check.ts";
import { link, type Optimizer } from "./chain.ts";
import { defineRule } from "./rule.ts";
import { mapLinks } from "./wrap.ts";

export const applyEveryRule = defineRule({
  name: "applyEvery",
  wgsl,
  options: { steps: 4 },
  state: ["sum"],
  fields: ({ steps = 1 }, t) => ({ fresh: (t - 1) % steps === 0 ? 1 : 0, taken: t % steps === 0 ? 1 : 0 }),
  varies: ["fresh", "taken"],
  after: true,
  reference(u, _, { fresh = 0, taken = 0 }, s) {
    s[0] = (fresh ? 0 : s[0]!) + u;
    return taken * s[0];
  },
  bound(by, u, _, { fresh, taken }, s) {
    s[0] = fresh!.v ? u : by.add(s[0]!, u);
    return by.multiply(taken!, s[0]);
  },
});

/** inner, whose steps are summed and taken at every `steps`-th step (optax' apply_every). Its state moves at every step. */
export const applyEvery = (inner: Optimizer, steps = 4): Optimizer =>
  mapLinks(inner, (links) => [
    ...links,
    link(applyEveryRule, { steps: checkInteger("applyEvery", "steps", steps, { min: 1 }) }),
  ]);
