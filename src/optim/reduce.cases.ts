// Cases of block_terms and settle: every rule that reduces, on lists of blocks of several tensors and of one.
import { type CaseSet, caseSet, type Fill, FOLDS, type KernelCases, PLACES, RUNS } from "../kernel/cases.ts";
import { link, type Optimizer } from "./chain.ts";
import { type CompiledChain, compileChain } from "./compile.ts";
import { accumulate } from "./accumulate.ts";
import { cautious } from "./cautious.ts";
import { novograd } from "./novograd.ts";
import { adam, descend } from "./presets.ts";
import { prodigy } from "./prodigy.ts";
import { settleVariant, termsVariant } from "./reduce.ts";
import { type Rule, ruleNamed, rules } from "./rule.ts";
import { hyper } from "./update.cases.ts";

const LISTS: readonly (readonly number[])[] = [
  [0],
  [1, 0],
  [0, 1, 2],
  [4, 2, 3, 0],
  Array.from({ length: 20 }, (_, i) => 20 - i),
];

const byTerms = ({ wgsl }: Rule): boolean => /_terms\b/.test(wgsl);

/** Chains in which every rule that reduces by terms comes once, after a rule that it borrows from. */
function reducing(): Optimizer[] {
  const alone = [...rules.values()].filter(
    (rule) => rule.reduces && !rule.reduces.kept && !rule.borrows && byTerms(rule),
  );
  return [
    ...alone.map((rule): Optimizer => ({ kind: "chain", links: [link(rule), descend(0.1)] })),
    cautious(adam()),
    prodigy({ d0: 0.01 }),
    accumulate(novograd({ beta2: 0.5 }), { steps: 3 }),
  ];
}

/** Cases of the first reduction of a chain, if it is by terms. */
export function setsOf(optimizer: Optimizer): CaseSet[] {
  const chain = compileChain(optimizer);
  const stage = chain.phases
    .flatMap(({ links }) => links)
    .find(({ rule }) => ruleNamed(rule).reduces && byTerms(ruleNamed(rule)));
  return stage ? [terms(chain, stage), sums(chain, stage)] : [];
}

type Stage = CompiledChain["phases"][number]["links"][number];

function terms(chain: CompiledChain, stage: Stage): CaseSet {
  const axes = {
    list: LISTS,
    fill: ["normal", "special"] as const,
    shared: [
      ["hyper", "tiles"],
      ["hyper", "tiles", "gradient"],
      ["tiles", "parameter", "state"],
    ],
    t: [0, 2, 999],
    runs: RUNS,
    place: PLACES,
    fold: FOLDS,
  };
  const quantities = ruleNamed(stage.rule).reduces?.fields.length ?? 1;
  return caseSet("block_terms", axes, ({ list, t, ...choice }) => {
    const { words, values } = hyper([chain], t);
    const size = 64 * (Math.max(...list) + 1);
    return {
      ...choice,
      sizes: {
        blocks: list.length,
        quantities,
        size,
        slots: Math.max(chain.slots, 1),
        scalars: Math.max(chain.scalars.length, 1),
      },
      variant: termsVariant(stage),
      step: { t, index: 0, valid: 0xffffffff, values },
      lies: {
        hyper: { fill: { byRun: words } },
        tiles: { fill: { values: list.flatMap((block, i) => [block, i]) } },
        state: { fill: "positive" },
      },
    };
  });
}

/** Sums of squares of large gradients, and of none. */
const LARGE: Fill = { values: [1e6, 3e8, 0, 12, 1e-3] };

/** Blocks of each tensor, and how many numbers they are of. */
const SPANS: readonly (readonly (readonly [from: number, to: number, count: number])[])[] = [
  [[0, 1, 3]],
  [[0, 9, 570]],
  [
    [0, 1, 64],
    [1, 4, 130],
    [4, 12, 500],
    [12, 13, 1],
    [13, 13, 1],
  ],
];

function sums(chain: CompiledChain, stage: Stage): CaseSet {
  const axes = {
    spans: SPANS,
    fill: ["positive", "large"] as const,
    shared: [
      ["hyper", "spans"],
      ["spans", "x"],
    ],
    t: [0, 2, 999],
    runs: RUNS,
    place: PLACES,
    fold: FOLDS,
  };
  const quantities = ruleNamed(stage.rule).reduces?.fields.length ?? 1;
  return caseSet("settle", axes, ({ spans, t, fill, ...choice }) => {
    const { words, values } = hyper([chain], t);
    const blocks = Math.max(...spans.map(([, to]) => to));
    return {
      ...choice,
      fill: fill === "large" ? LARGE : "positive",
      sizes: { segments: spans.length, quantities, blocks, scalars: Math.max(chain.scalars.length, 1) },
      variant: settleVariant(stage),
      step: { t, index: 0, valid: 0xffffffff, values },
      lies: {
        hyper: { fill: { byRun: words } },
        spans: { fill: { values: spans.flatMap((span) => [...span, 0, 0, 0, 0, 0]) } },
        y: { fill: "positive" },
      },
    };
  });
}

export const cases: KernelCases = () => reducing().flatMap(setsOf);
