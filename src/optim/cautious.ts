// Cautious steps: no coordinate against its gradient. A wrapper of any chain.
import wgsl from "../../shaders/optim/cautious.wgsl?raw";
import { type Approx, exact } from "../kernel/bound.ts";
import { larger, oneOf, signOf } from "./bounds.ts";
import { link, type Optimizer } from "./chain.ts";
import { reduction } from "./reduce.ts";
import { remember } from "./remember.ts";
import { defineRule } from "./rule.ts";
import { insideOf, mapLinks } from "./wrap.ts";

/** 1 where two numbers agree in sign, else 0; either where a sign is in doubt. */
function agreement(u: Approx, gradient: Approx): Approx {
  const [a, b] = [signOf(u), signOf(gradient)];
  const v = Math.sign(u.v) * Math.sign(gradient.v) > 0 ? 1 : 0;
  return { v, e: a.e + b.e > 0 ? 1 : 0 };
}

const LEAST = 2 ** -126;

export const cautiousRule = defineRule({
  name: "cautious",
  wgsl,
  options: { floor: 1e-3, more: 0 },
  borrows: ["gradient"],
  fields: ({ floor = 0, more = 0 }) => ({ floor, more }),
  reduces: reduction({
    fields: ["scale"],
    over: "tensor",
    terms: (u, _p, _f, [gradient = 0]) => [Math.sign(u) * Math.sign(gradient) > 0 ? 1 : 0],
    termsBound: (_by, u, _p, _f, [gradient]) => [agreement(u, gradient!)],
    settle: ([sum = 0], count, { floor = 0, more = 0 }) => [count / Math.max(sum + more, floor * count, LEAST)],
    settleBound: (by, [sum], count, { floor, more }) => [
      by.divide(exact(count), larger(by.add(sum!, more!), larger(by.multiply(floor!, exact(count)), exact(LEAST)))),
    ],
  }),
  reference: (u, _, { scale = 0 }, [gradient = 0]) => (Math.sign(u) * Math.sign(gradient) > 0 ? u * scale : 0),
  bound(by, u, _, { scale }, [gradient]) {
    const scaled = by.multiply(u, scale!);
    const { v, e } = agreement(u, gradient!);
    if (e === 0) return v > 0 ? scaled : exact(0);
    return v > 0 ? oneOf(scaled, exact(0)) : oneOf(exact(0), scaled);
  },
});

/**
 * Only the coordinates of inner's direction that agree in sign with the gradient (Liang et al. 2024), before its decay and
 * step. "share" (default): times 1 / max(share of those in the tensor, 1e-3), as the authors and timm; "count": times
 * n / (count + 1), as pytorch_optimizer.
 */
export function cautious(
  inner: Optimizer,
  { scale = "share" }: { readonly scale?: "share" | "count" } = {},
): Optimizer {
  const options = scale === "share" ? {} : { floor: 0, more: 1 };
  return mapLinks(inner, (links) => {
    const { before, direction, after } = insideOf(links);
    return [...before, remember(), ...direction, link(cautiousRule, options), ...after];
  });
}
