// Matmuls whose a lies in a ring, the batches of a submit's steps one after the other: each finds its own by the step's place.
import { definePass, matmulVariant, partsOf } from "./fuse.ts";
import type { Work } from "./work.ts";

export const STEP = { name: "step", type: "Step", access: "read" } as const;

/** A row of a by the step's place; of an a that lies in no ring, whose step is 0, the row it would be anyway. */
export const STEPPED_ROW =
  "fn a_row(at: Place, row: u32) -> u32 {\n  return base(params.a, at) + step.index * params.a.step + row * params.a.pitch;\n}";

const gathered = { label: "ahead", hooks: { a_row: STEPPED_ROW }, extra: [STEP] } as const;

function stepped(work: Work): Work {
  const at: Work = { ...work, gathered, parts: partsOf(work) };
  return { ...at, variant: matmulVariant(at) };
}

definePass("gathers ahead", (work) => work.map(stepped));
