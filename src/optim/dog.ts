// DoG: distance over gradients, without a learning rate to choose.
import wgsl from "../../shaders/optim/dog.wgsl?raw";
import { exact } from "../kernel/bound.ts";
import { larger, ratio } from "./bounds.ts";
import { chain, link, type Optimizer } from "./chain.ts";
import { descend, type Hyper } from "./presets.ts";
import { reduction } from "./reduce.ts";
import { defineRule } from "./rule.ts";

export const dogRule = defineRule({
  name: "dog",
  wgsl,
  options: { initial: 1e-6, eps: 1e-8 },
  state: ["origin"],
  fields: ({ initial = 0, eps = 0 }, t) => ({ initial, eps, first: t === 1 ? 1 : 0 }),
  varies: ["first"],
  reduces: reduction({
    fields: ["distance", "squares"],
    over: "run",
    keeps: true,
    terms: (u, p, { first }, [origin = 0]) => [(p - (first ? 0 : origin)) ** 2, u * u],
    termsBound(by, u, p, { first }, [origin]) {
      const away = by.subtract(p, first!.v ? exact(0) : origin!);
      return [by.multiply(away, away), by.multiply(u, u)];
    },
    settle([away = 0, squares = 0], _, { initial = 0, first }, [most = 0, sum = 0]) {
      const distance = Math.sqrt(away);
      return [first ? initial * (1 + distance) : Math.max(most, distance), sum + squares];
    },
    settleBound(by, [away, squares], _, { initial, first }, [most, sum]) {
      const distance = by.root(away!);
      const start = by.multiply(initial!, by.add(exact(1), distance));
      return [first!.v ? start : larger(most!, distance), by.add(sum!, squares!)];
    },
  }),
  reference(u, p, { eps = 0, first, distance = 0, squares = 0 }, s) {
    if (first) s[0] = p;
    const root = Math.sqrt(squares + eps);
    return (u * distance) / (root === 0 ? 1 : root);
  },
  bound(by, u, p, { eps, first, distance, squares }, s) {
    if (first!.v) s[0] = p;
    return ratio(by, by.multiply(u, distance!), by.root(by.add(squares!, eps!)));
  },
});

/** DoG (Ivgi et al. 2023): p -= lr max |p - start| / sqrt(sum |g|^2 + eps) g. Defaults lr 1, initial 1e-6, eps 1e-8. */
export const dog = ({
  lr = 1,
  ...options
}: {
  readonly lr?: Hyper;
  readonly initial?: Hyper;
  readonly eps?: Hyper;
} = {}): Optimizer => chain(link(dogRule, options), descend(lr));
