// The error bound of rprop: its shader's operations, one after the other.
import { type Approx, exact } from "../kernel/bound.ts";
import { larger, oneOf, signOf, smaller } from "./bounds.ts";
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("rprop", (by, u, _, { start, shrink, grow, least, most }, s) => {
  const [now, before] = [signOf(u), signOf(s[0]!)];
  const from = by.add(s[1]!, start!);
  const sized = (factor: Approx) => smaller(larger(by.multiply(from, factor), least!), most!);
  const agreement = now.v * before.v;
  const size = sized(agreement > 0 ? grow! : agreement < 0 ? shrink! : exact(1));
  const sure = now.e === 0 && before.e === 0;
  const kept = agreement < 0 ? exact(0) : u;
  s[1] = sure ? size : oneOf(size, sized(grow!), sized(shrink!), sized(exact(1)));
  s[0] = sure ? kept : oneOf(kept, u, exact(0));
  return by.multiply(signOf(s[0]), s[1]);
});
