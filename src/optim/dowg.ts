// DoWG: distance over weighted gradients.
import wgsl from "../../shaders/optim/dowg.wgsl?raw";
import { exact } from "../kernel/bound.ts";
import { larger, ratio } from "./bounds.ts";
import { chain, link, type Optimizer } from "./chain.ts";
import { descend, type Hyper } from "./presets.ts";
import { reduction } from "./reduce.ts";
import { defineRule } from "./rule.ts";

export const dowgRule = defineRule({
  name: "dowg",
  wgsl,
  options: { eps: 1e-4 },
  state: ["origin"],
  fields: ({ eps = 0 }, t) => ({ eps, first: t === 1 ? 1 : 0 }),
  varies: ["first"],
  reduces: reduction({
    fields: ["squared", "weighted"],
    over: "run",
    keeps: true,
    terms: (u, p, { first }, [origin = 0]) => [first ? 0 : (p - origin) ** 2, u * u],
    termsBound(by, u, p, { first }, [origin]) {
      const away = first!.v ? exact(0) : by.subtract(p, origin!);
      return [by.multiply(away, away), by.multiply(u, u)];
    },
    settle([away = 0, squares = 0], _, { eps = 0, first }, [most = 0, sum = 0]) {
      const squared = Math.max(first ? eps : most, away);
      return [squared, sum + squared * squares];
    },
    settleBound(by, [away, squares], _, { eps, first }, [most, sum]) {
      const squared = larger(first!.v ? eps! : most!, away!);
      return [squared, by.add(sum!, by.multiply(squared, squares!))];
    },
  }),
  reference(u, p, { eps = 0, first, squared = 0, weighted = 0 }, s) {
    if (first) s[0] = p;
    const root = Math.sqrt(weighted) + eps;
    return (u * squared) / (root === 0 ? 1 : root);
  },
  bound(by, u, p, { eps, first, squared, weighted }, s) {
    if (first!.v) s[0] = p;
    return ratio(by, by.multiply(u, squared!), by.add(by.root(weighted!), eps!));
  },
});

/** DoWG (Khaled et al. 2023), in optax' form: p -= lr r^2 / (sqrt(sum r^2 |g|^2) + eps) g. Defaults lr 1, eps 1e-4. */
export const dowg = ({ lr = 1, ...options }: { readonly lr?: Hyper; readonly eps?: Hyper } = {}): Optimizer =>
  chain(link(dowgRule, options), descend(lr));
