// The error bound of yogi: its shader's operations, one after the other.
import { exact } from "../kernel/bound.ts";
import { blend, oneOf, ratio, rooted, signOf } from "./bounds.ts";
import { defineRuleBound } from "./rule_bounds.ts";

defineRuleBound("yogi", (by, u, _, { beta1, rest1, rest2, start_m, start_v, eps, m_scale, v_scale }, s) => {
  const start = u.v === 0 ? exact(0) : start_m!;
  const started = signOf(u).e === 0 ? start : oneOf(start, start_m!, exact(0));
  const m = blend(by, beta1!, by.add(s[0]!, started), rest1!, u);
  const before = by.add(s[1]!, start_v!);
  const square = by.multiply(u, u);
  const side = signOf(by.subtract(before, square));
  const v = by.subtract(before, by.multiply(by.multiply(rest2!, side), square));
  s.splice(0, 2, m, v);
  return ratio(by, by.multiply(m, m_scale!), rooted(by, v, v_scale!, eps!));
});
