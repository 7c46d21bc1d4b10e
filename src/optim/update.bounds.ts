// Bound of the update kernel: its rules' own, one after the other.
import type { Tensor } from "../core/tensor.ts";
import { type Approx, Bounds, defineBound, exact } from "../kernel/bound.ts";
import type { Context, Rounding, Sizes, Tensors } from "../kernel/kernel.ts";
import { loaded } from "./bounds.ts";
import { ruleBoundOf } from "./rule_bounds.ts";
import { played } from "./update.ts";
import "./acprop.bounds.ts";
import "./adabelief.bounds.ts";
import "./adadelta.bounds.ts";
import "./adagrad.bounds.ts";
import "./adam.bounds.ts";
import "./adamax.bounds.ts";
import "./adan.bounds.ts";
import "./ademamix.bounds.ts";
import "./adopt.bounds.ts";
import "./amsgrad.bounds.ts";
import "./clip_by_value.bounds.ts";
import "./descend.bounds.ts";
import "./ema_momentum.bounds.ts";
import "./laprop.bounds.ts";
import "./lion.bounds.ts";
import "./madgrad.bounds.ts";
import "./momentum.bounds.ts";
import "./nadam.bounds.ts";
import "./optimistic.bounds.ts";
import "./proximal_decay.bounds.ts";
import "./radam.bounds.ts";
import "./rmsprop.bounds.ts";
import "./rmsprop_centered.bounds.ts";
import "./rprop.bounds.ts";
import "./sign.bounds.ts";
import "./simplified_ademamix.bounds.ts";
import "./weight_decay.bounds.ts";
import "./yogi.bounds.ts";

/** Plays the rules with error bounds, from the values before the step (which `before` tensors hold). */
function bound(tensors: Tensors, { size = 0 }: Sizes, rounding: Rounding, context: Context): void {
  const by = new Bounds(rounding);
  const { gradient, parameter, state, reduced } = tensors as {
    [K in "gradient" | "parameter" | "state" | "reduced"]: Tensor;
  };
  const chain = played(tensors, context).map(({ rule, slot, fields }) => {
    const approx = Object.entries(fields).map(([name, v]): [string, Approx] => [
      name,
      name === rule.reduces?.field ? { v, e: reduced.error() } : exact(v),
    ]);
    return { rule, slot, fields: Object.fromEntries(approx) };
  });
  for (let i = 0; i < size; i++) {
    const p = loaded(parameter.at(i), parameter.error(i));
    let u = loaded(gradient.at(i), gradient.error(i));
    for (const { rule, slot, fields } of chain) {
      const s = Array.from({ length: rule.slots }, (_, k) => loaded(state.at(slot + k, i), state.error(slot + k, i)));
      u = ruleBoundOf(rule)(by, u, p, fields, s);
      s.forEach(({ e }, k) => void state.allow(e, slot + k, i));
    }
    if (context.variant.cut) gradient.allow(u.e, i);
    else parameter.allow(by.subtract(p, u).e, i);
  }
}

defineBound("update", bound);
