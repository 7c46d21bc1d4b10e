// Bounds of line_terms and line_settle: sums in order, then by eights; a maximum is off by no more than its numbers are.
import type { Tensor } from "../core/tensor.ts";
import { type Approx, Bounds, defineBound, exact, FLUSH, gamma } from "../kernel/bound.ts";
import type { Bound } from "../kernel/kernel.ts";
import { loaded } from "./bounds.ts";
import { lineTensors, visitEnds, visitLines, withLines } from "./lines.ts";
import { approximate, reducerOf, stageOf } from "./reduce.ts";
import { lineField } from "./rule.ts";
import { playing } from "./update.reference.ts";

interface Sum {
  terms: number;
  size: number;
  errors: number;
  worst: number;
}

const bound = ({ terms, size, errors, worst }: Sum, largest: boolean, depth: number, u: number): number =>
  largest ? worst : errors + gamma(depth, u) * size + (terms + 1) * FLUSH;

const terms: Bound = (tensors, { entries = 0, quantities = 1 }, rounding, { variant, values }) => {
  const names = ["gradient", "parameter", "state", "lines", "groups", "y"];
  const [gradient, parameter, kept, lines, groups, y] = lineTensors(tensors, names) as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    Tensor,
  ];
  const by = new Bounds(rounding);
  const now = playing(stageOf(variant), { hyper: tensors.hyper as Tensor }, values);
  const reducer = reducerOf(now.rule);
  const sums = new Map<number, Sum[]>();
  visitLines(groups, entries, (number) => {
    const { i } = number;
    const s = now.slots.map((slot) => loaded(kept.at(slot, i), kept.error(slot, i)));
    const f: Record<string, Approx> = { ...approximate(withLines(now, lines, number)) };
    for (const field of reducer.fields) {
      const { line, k } = lineField(reducer, field);
      if (line !== "all" && !now.anew) f[field] = loaded(lines.at(k, number[line]), lines.error(k, number[line]));
    }
    const [u, p] = [gradient, parameter].map((of) => loaded(of.at(i), of.error(i))) as [Approx, Approx];
    const own =
      sums.get(number.at) ?? Array.from({ length: quantities }, () => ({ terms: 0, size: 0, errors: 0, worst: 0 }));
    sums.set(number.at, own);
    for (const [q, { v, e }] of reducer.termsBound(by, u, p, f, s).entries()) {
      const sum = own[q] as Sum;
      sum.terms++;
      sum.size += Math.abs(v) + e;
      sum.errors += e;
      sum.worst = Math.max(sum.worst, e);
    }
  });
  for (const [at, own] of sums) {
    own.forEach((sum, q) => void y.allow(bound(sum, reducer.largest === true, sum.terms, rounding.u), q, at));
  }
};

const settle: Bound = (tensors, { entries = 0, quantities = 1, kept = 1 }, rounding, { variant, values }) => {
  const [x, ends, y] = lineTensors(tensors, ["x", "ends", "y"]) as [Tensor, Tensor, Tensor];
  const now = playing(stageOf(variant), { hyper: tensors.hyper as Tensor }, values);
  const { settle: own, settleBound, largest = false } = reducerOf(now.rule);
  if (own && !now.plays) return;
  visitEnds(ends, entries, ({ from, stride, stretches, at, count }) => {
    const sums = Array.from({ length: quantities }, (_, q): Approx => {
      const sum: Sum = { terms: stretches, size: 0, errors: 0, worst: 0 };
      let v = 0;
      for (let i = 0; i < stretches; i++) {
        const [next, e] = [x.at(q, from + i * stride), x.error(q, from + i * stride)];
        v = largest ? Math.max(v, next) : v + next;
        sum.size += Math.abs(next) + e;
        sum.errors += e;
        sum.worst = Math.max(sum.worst, e);
      }
      return { v, e: bound(sum, largest, Math.ceil(stretches / 8) + 3, rounding.u) };
    });
    const before = Array.from({ length: kept }, (_, k) => (now.anew ? exact(0) : loaded(y.at(k, at), y.error(k, at))));
    const made = settleBound ? settleBound(new Bounds(rounding), sums, count, approximate(now.fields), before) : sums;
    for (let k = 0; k < kept; k++) y.allow(made[k]?.e ?? 0, k, at);
  });
};

defineBound("line_terms", terms);
defineBound("line_settle", settle);
