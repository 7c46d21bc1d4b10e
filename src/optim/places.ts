// Phases that do not simply go over the arena: on listed blocks, with numbers of each tensor, with p from a state slot,
// or as a view.
import type { Stage, Variant } from "../kernel/kernel.ts";
import type { Phase } from "./compile.ts";
import { playedVariant, reducedAt } from "./phase.ts";
import { ruleNamed } from "./rule.ts";

/** What a rule reads of the tensor an element lies in. */
function refreshed(stage: Stage, i: number): string[] {
  const rule = ruleNamed(stage.rule);
  const fields = rule.reduces?.over === "tensor" ? rule.reduces.fields : [];
  const lines = fields.map(
    (field, q) => `  hyper_now.r${i}.${field} = reduced[${reducedAt(stage, q)} + (tile & 0xffffu)];`,
  );
  return rule.matrix ? [...lines, `  hyper_now.r${i}.matrix = f32(tile >> 16u);`] : lines;
}

/** Whether a phase must know which tensor an element lies in. */
export const meetsTensors = ({ links }: Phase): boolean =>
  links.some(({ rule }) => ruleNamed(rule).matrix || ruleNamed(rule).reduces?.over === "tensor");

/** Hooks that find elements through a list of blocks, and p in a state slot. */
function hooksOf(tiled: boolean, from: number | undefined): Record<string, string> {
  const spot = `fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}`;
  const start = `fn start(at: Place, i: u32) -> vec4f {\n  return state[base(params.state, at) + i + ${from}u * params.state.pitch];\n}`;
  return { ...(tiled ? { spot } : {}), ...(from === undefined ? {} : { start }) };
}

const TILES = [{ name: "tiles", type: "array<u32>", access: "read" }] as const;

/** The variant of the update kernel that plays a phase of a chain, on all elements or on those of listed blocks. */
export function phaseVariant(phase: Phase, tiled = meetsTensors(phase)): Variant {
  const { links, from, view } = phase;
  return playedVariant(phase, {
    lines: links.flatMap(refreshed),
    hooks: hooksOf(tiled, from),
    fragment: tiled ? "\nvar<private> tile: u32;" : "",
    rest: {
      ...(from === undefined ? {} : { from }),
      ...(view ? { view } : {}),
      ...(tiled ? { extra: TILES } : {}),
    },
  });
}
