// Cases of line_terms and line_settle: every rule over rows and columns, on groups of both, whole and in stretches.
import { type CaseSet, caseSet, type Fill, FOLDS, type KernelCases, PLACES, RUNS } from "../kernel/cases.ts";
import { accumulate } from "./accumulate.ts";
import { link, type Optimizer } from "./chain.ts";
import { type CompiledChain, compileChain } from "./compile.ts";
import { END, GROUP, lineSettleVariant, lineTermsVariant, quantitiesOf } from "./lines.ts";
import { lookahead } from "./lookahead.ts";
import { descend } from "./presets.ts";
import { ruleNamed, rules } from "./rule.ts";
import { sm3 } from "./sm3.ts";
import { hyper } from "./update.cases.ts";

type Stage = CompiledChain["phases"][number]["links"][number];

/** Every rule over lines once, and one that waits and begins anew. */
function reducing(): Optimizer[] {
  const alone = [...rules.values()].filter(({ reduces }) => reduces?.kept);
  return [
    ...alone.map((rule): Optimizer => ({ kind: "chain", links: [link(rule), descend(0.1)] })),
    lookahead(accumulate(sm3(), { steps: 3 }), { k: 2, reset: true }),
  ];
}

const ROOM = 128;

/**
 * Groups as the planner lists them: first quad, stride, lines, steps, place in y, columns or rows, places of row and column
 * among the lines, columns left. Of a [20, 10] at 0, a [3, 70] at 256 in two stretches, a vector of 5.
 */
const ROWS = [
  [0, 3, 16, 3, 0, 0, 0, 20, 10],
  [48, 3, 4, 3, 16, 0, 16, 20, 10],
];
const COLUMNS = [
  [0, 3, 3, 16, 20, 1, 0, 20, 0],
  [48, 3, 3, 4, 32, 1, 16, 20, 0],
];
const WIDE = [
  [64, 18, 3, 16, 0, 0, 32, 36, 64],
  [80, 18, 3, 2, 3, 0, 32, 100, 6],
  [64, 18, 16, 3, 6, 1, 32, 36, 0],
  [80, 18, 2, 3, 70, 1, 32, 100, 0],
];
const VECTOR = [
  [0, 2, 1, 2, 1, 0, 112, 116, 5],
  [0, 2, 2, 1, 2, 1, 112, 116, 0],
];
const GROUPS: readonly (readonly (readonly number[])[])[] = [ROWS, COLUMNS, [...ROWS, ...COLUMNS], WIDE, VECTOR];
const SIZE = 512;
const PARTIALS = 80;

/** Whole lines: first stretch, stride, stretches, lines, place, numbers a line. */
const ENDS: readonly (readonly (readonly number[])[])[] = [
  [[0, 16, 1, 16, 0, 10]],
  [
    [20, 12, 2, 10, 20, 20],
    [0, 1, 20, 1, 32, 200],
  ],
  [[1, 3, 17, 3, 5, 1000]],
];

function setsOf(optimizer: Optimizer): CaseSet[] {
  const chain = compileChain(optimizer);
  const stage = chain.phases.flatMap(({ links }) => links).find(({ line }) => line !== undefined);
  return stage ? [terms(chain, stage), settle(chain, stage)] : [];
}

const common = { t: [0, 2, 999], runs: RUNS, place: PLACES, fold: FOLDS };

function countsOf(chain: CompiledChain, stage: Stage) {
  const rule = ruleNamed(stage.rule);
  const kept = rule.reduces?.kept?.length ?? 1;
  const scalars = Math.max(chain.scalars.length, 1);
  return { quantities: quantitiesOf(rule), kept, scalars, room: ROOM, partials: PARTIALS };
}

function terms(chain: CompiledChain, stage: Stage): CaseSet {
  const axes = {
    list: GROUPS,
    fill: ["normal", "special"] as const,
    shared: [
      ["hyper", "groups"],
      ["hyper", "groups", "gradient"],
      ["groups", "parameter", "state", "lines"],
    ],
    ...common,
  };
  return caseSet("line_terms", axes, ({ list, t, ...choice }) => {
    const { words, values } = hyper([chain], t);
    return {
      ...choice,
      sizes: { ...countsOf(chain, stage), entries: list.length, size: SIZE, slots: Math.max(chain.slots, 1) },
      variant: lineTermsVariant(stage),
      step: { t, index: 0, valid: 0xffffffff, values },
      lies: {
        hyper: { fill: { byRun: words } },
        groups: { fill: { values: list.flatMap((words) => words.slice(0, GROUP)) } },
        state: { fill: "positive" },
        lines: { fill: "positive" },
      },
    };
  });
}

const LARGE: Fill = { values: [1e6, 3e8, 0, 12, 1e-3] };

function settle(chain: CompiledChain, stage: Stage): CaseSet {
  const axes = {
    list: ENDS,
    fill: ["positive", "large"] as const,
    shared: [
      ["hyper", "ends"],
      ["ends", "x"],
    ],
    ...common,
  };
  return caseSet("line_settle", axes, ({ list, t, fill, ...choice }) => {
    const { words, values } = hyper([chain], t);
    return {
      ...choice,
      fill: fill === "large" ? LARGE : "positive",
      sizes: { ...countsOf(chain, stage), entries: list.length },
      variant: lineSettleVariant(stage),
      step: { t, index: 0, valid: 0xffffffff, values },
      lies: {
        hyper: { fill: { byRun: words } },
        ends: { fill: { values: list.flatMap((words) => words.slice(0, END)) } },
        y: { fill: "positive" },
      },
    };
  });
}

export const cases: KernelCases = () => reducing().flatMap(setsOf);
