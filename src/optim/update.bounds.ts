// Bound of the update kernel: its rules' own, one after the other.
import type { Tensor } from "../core/tensor.ts";
import { type Approx, Bounds, defineBound, exact } from "../kernel/bound.ts";
import type { Context, Rounding, Sizes, Tensors } from "../kernel/kernel.ts";
import { loaded } from "./bounds.ts";
import { ruleBoundOf } from "./rule_bounds.ts";
import { type Met, playing, visit } from "./update.reference.ts";
import "./acprop.bounds.ts";
import "./adabelief.bounds.ts";
import "./adadelta.bounds.ts";
import "./adagrad.bounds.ts";
import "./adam.bounds.ts";
import "./adam_eps_root.bounds.ts";
import "./adamax.bounds.ts";
import "./adan.bounds.ts";
import "./ademamix.bounds.ts";
import "./adopt.bounds.ts";
import "./amsgrad.bounds.ts";
import "./clip_by_value.bounds.ts";
import "./descend.bounds.ts";
import "./ema_momentum.bounds.ts";
import "./gradient_noise.bounds.ts";
import "./laprop.bounds.ts";
import "./lines.bounds.ts";
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
function bound(tensors: Tensors, sizes: Sizes, rounding: Rounding, { variant, values, t }: Context): void {
  const by = new Bounds(rounding);
  const { gradient, parameter, state } = tensors as { [K in "gradient" | "parameter" | "state"]: Tensor };
  const chain = (variant.chain ?? []).map((stage) => playing(stage, tensors, values, t));
  const step = (i: number, place: Met): void => {
    const { from } = variant;
    const p =
      from === undefined
        ? loaded(parameter.at(i), parameter.error(i))
        : loaded(state.at(from, i), state.error(from, i));
    let u = variant.view ? p : loaded(gradient.at(i), gradient.error(i));
    const now = new Map<number, Approx>();
    for (const { rule, slots, fields, errors, plays, anew, meet } of chain) {
      meet(place);
      // A draw is an integer times a constant: exact where products are rounded to nearest, else one unit off.
      if (fields.noise !== undefined) errors.noise = rounding.u > 2 ** -24 ? Math.abs(fields.noise) * 2 ** -23 : 0;
      const f = Object.entries(fields).map(([name, v]): [string, Approx] => [name, { v, e: errors[name] ?? 0 }]);
      const s = slots.map((slot, k) =>
        anew && k < rule.slots ? exact(0) : (now.get(slot) ?? loaded(state.at(slot, i), state.error(slot, i))),
      );
      u = plays ? ruleBoundOf(rule)(by, u, p, Object.fromEntries(f), s) : exact(0);
      if (plays) s.forEach((value, k) => void now.set(slots[k] as number, value));
    }
    for (const [slot, { e }] of now) state.allow(e, slot, i);
    if (variant.cut) gradient.allow(u.e, i);
    else parameter.allow(by.subtract(p, u).e, i);
  };
  visit(tensors, sizes, step, variant.stretches);
}

defineBound("update", bound);
