// Fuses the terms of a reduction into the phase before it, which has u and p at hand: LAMB in three dispatches, not four.
import { withTerms } from "../optim/fused_terms.ts";
import type { Work } from "./work.ts";

/** A phase that goes over the whole arena, and the terms of just its numbers. */
function pair(phase: Work, terms: Work): Work | undefined {
  const [stage] = terms.variant.chain ?? [];
  const whole = phase.kernel === "update" && terms.kernel === "block_terms" && phase.sizes.size === terms.sizes.size;
  const variant = whole && stage ? withTerms(phase.variant, stage) : undefined;
  if (!variant) return undefined;
  return {
    ...phase,
    name: `${phase.name} + ${terms.name}`,
    sizes: { ...phase.sizes, terms: terms.sizes.quantities as number },
    variant,
    tensors: { ...phase.tensors, terms: terms.tensors.y as NonNullable<typeof terms.tensors.y> },
    parts: [phase, terms],
  };
}

export function fuseTerms(work: readonly Work[]): Work[] {
  const fused: Work[] = [];
  for (const at of work) {
    const last = fused.at(-1);
    const both = last && pair(last, at);
    if (both) fused[fused.length - 1] = both;
    else fused.push(at);
  }
  return fused;
}
