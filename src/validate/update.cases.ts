// Cases of updates that leave out what lies between tensors: there nothing may change.
import type { Case, CaseSet, KernelCases } from "../kernel/cases.ts";
import { adam, adamw } from "../optim/presets.ts";
import { phases } from "../optim/update.cases.ts";
import { packed, stretchesOf } from "../scheduler/pack_update.ts";

/** Tensors at multiples of 64: some end at one, so that the next belongs to their stretch, some far before. */
const SEGMENTS = [
  { offset: 0, rows: 2, pitch: 16 },
  { offset: 64, rows: 16, pitch: 4 },
  { offset: 128, rows: 1, pitch: 20 },
  { offset: 192, rows: 1, pitch: 4 },
];

const shape = { size: 256, consts: { WORKGROUP: 8, QUADS: 4 } };

const pack = (at: Case): Case => ({ ...at, ...packed(at, stretchesOf(SEGMENTS)) });

const sets = (): CaseSet[] =>
  [[0.01, 0.1].map((lr) => adam({ lr })), [0.5, 2].map((clip) => adamw({ lr: 0.01, clip }))].flatMap((entries) =>
    phases(entries, ["normal"], [shape]),
  );

export const cases: KernelCases = () => sets().map((set) => ({ ...set, cases: set.cases.map(pack) }));
