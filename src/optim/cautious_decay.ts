// Weight decay only where the step goes towards 0 as well.
import wgsl from "../../shaders/optim/cautious_decay.wgsl?raw";
import { oneOf, signOf } from "./bounds.ts";
import { type Link, link } from "./chain.ts";
import type { Hyper } from "./presets.ts";
import { defineRule } from "./rule.ts";

export const cautiousDecayRule = defineRule({
  name: "cautiousDecay",
  wgsl,
  options: { weightDecay: 0.01 },
  fields: ({ weightDecay = 0 }) => ({ decay: weightDecay }),
  reference: (u, p, { decay = 0 }) => (Math.sign(u) * Math.sign(p) > 0 ? u + decay * p : u),
  bound(by, u, p, { decay }) {
    const decayed = by.add(u, by.multiply(decay!, p));
    const agrees = Math.sign(u.v) * Math.sign(p.v) > 0;
    if (signOf(u).e + signOf(p).e === 0) return agrees ? decayed : u;
    return agrees ? oneOf(decayed, u) : oneOf(u, decayed);
  },
});

/** u + decay p where u and p agree in sign; default 0.01. Stands where weightDecay would. */
export const cautiousDecay = (decay: Hyper = 0.01): Link => link(cautiousDecayRule, { weightDecay: decay });
