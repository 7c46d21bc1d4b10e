// Matmuls whose a lies in a ring, the batches of a submit's steps one after the other: each finds its own by the step's place.
import { definePass, matmulVariant, partsOf } from "./fuse.ts";
import type { Work } from "./work.ts";

const gathered = {
  label: "ahead",
  hooks: {
    a_row:
      "fn a_row(at: Place, row: u32) -> u32 {\n  return base(params.a, at) + step.index * params.a.step + row * params.a.pitch;\n}",
  },
  extra: [{ name: "step", type: "Step", access: "read" }],
} as const;

function stepped(work: Work): Work {
  const at: Work = { ...work, gathered, parts: partsOf(work) };
  return { ...at, variant: matmulVariant(at) };
}

definePass("gathers ahead", (work) => work.map(stepped));
