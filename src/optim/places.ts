// Phases that do not simply go over the arena: on listed blocks, with numbers of each tensor, with p from a state slot,
// or as a view.
import type { Stage, Variant } from "../kernel/kernel.ts";
import type { Phase } from "./compile.ts";
import { playedVariant, reducedAt } from "./phase.ts";
import { lineField, ruleNamed } from "./rule.ts";
import { LINE_TILE, TILE } from "./update.ts";

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
  links.some(({ rule, draws }) => {
    const { matrix, reduces } = ruleNamed(rule);
    return draws || matrix || (reduces && reduces.over !== "run");
  });

/** Whether it reads what is kept of the rows and columns of it. */
export const meetsLines = ({ links }: Phase): boolean => links.some(({ line }) => line !== undefined);

/** Whether it must know which row and column of it. */
export const meetsPlaces = (phase: Phase): boolean =>
  meetsLines(phase) || phase.links.some(({ draws }) => draws !== undefined);

/** The number a rule draws for an element of a quad by its logical index; padding draws none. */
const drawnBy = (call: string): string => `
fn ${call}_drawn(high: f32, low: f32, stream: u32, lane: u32) -> f32 {
  let seed = (u32(high) << 16u) | u32(low);
  return select(0.0, ${call}(seed, stream + spot_now.tensor, step.t, spot_now.index + lane), spot_now.inside[lane]);
}`;

function drawnFields({ rule, draws }: Stage, i: number, x: string): string {
  const call = ruleNamed(rule).draws?.call;
  if (!call || !draws) return "";
  const seed = `hyper_now.high${i}, hyper_now.low${i}`;
  return `hyper_now.r${i}.noise = ${call}_drawn(${seed}, ${draws.stream}u, ${"xyzw".indexOf(x)}u); `;
}

/** What is kept of a number's row, of its four columns, and of its tensor: the row's and tensor's only inside it. */
function lineNumbers(stage: Stage, i: number): string[] {
  const { reduces } = ruleNamed(stage.rule);
  if (!reduces?.kept) return [];
  return reduces.fields.map((field) => {
    const { line, k } = lineField(reduces, field);
    const at = `base(params.lines, at) + ${(stage.line as number) + k}u * params.lines.pitch + spot_now.${line}`;
    const four = [0, 1, 2, 3].map((x) => `lines[${at} + ${x}u]`).join(", ");
    return `  let r${i}_${field} = select(vec4f(), vec4f(${line === "col" ? four : `lines[${at}]`}), spot_now.inside);`;
  });
}

/** A lane's own. */
const lineFields = (stage: Stage, i: number, x: string): string =>
  stage.line === undefined
    ? ""
    : (ruleNamed(stage.rule).reduces?.fields ?? [])
        .map((field) => `hyper_now.r${i}.${field} = r${i}_${field}.${x}; `)
        .join("");

/**
 * A quad's row and first column: where they lie among the lines, its tensor's number, its logical index there, and which of its numbers
 * are the tensor's.
 */
const SPOT = `  let cols = tiles[place + 3u];
  let pitch = (cols + 3u) & ~3u;
  let element = tiles[place + 2u] + 4u * (i % 16u);
  let row = element / pitch;
  let col = element - row * pitch;
  let inside = vec4<bool>(row < tiles[place + 4u]) & inside4(col, cols);
  spot_now = Spot(tiles[place + 5u] + row, tiles[place + 6u] + col, tiles[place + 7u], tiles[place + 8u], row * cols + col, inside);`;

const SPOT_STRUCT = `struct Spot { row: u32, col: u32, all: u32, tensor: u32, index: u32, inside: vec4<bool> }

var<private> spot_now: Spot;`;

/** Hooks that find elements through a list of blocks, and p in a state slot. */
function hooksOf(words: number, from: number | undefined): Record<string, string> {
  const spot = `fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + ${words}u * (i / 16u);
  tile = tiles[place + 1u];${words === LINE_TILE ? `\n${SPOT}` : ""}
  return tiles[place] * 16u + i % 16u;
}`;
  const start = `fn start(at: Place, i: u32) -> vec4f {\n  return state[base(params.state, at) + i + ${from}u * params.state.pitch];\n}`;
  return { ...(words > 0 ? { spot } : {}), ...(from === undefined ? {} : { start }) };
}

const TILES = { name: "tiles", type: "array<u32>", access: "read" } as const;
const LINES = { name: "lines", type: "array<f32>", access: "read" } as const;

/** The variant of the update kernel that plays a phase of a chain, on all elements or on those of listed blocks. */
export function phaseVariant(phase: Phase, tiled = meetsTensors(phase)): Variant {
  const { links, from, view } = phase;
  const lined = meetsLines(phase);
  const placed = meetsPlaces(phase);
  const words = placed ? LINE_TILE : TILE;
  const calls = [...new Set(links.flatMap(({ rule }) => ruleNamed(rule).draws?.call ?? []))];
  return playedVariant(phase, {
    lines: [...links.flatMap(refreshed), ...links.flatMap(lineNumbers)],
    before: (stage, i, x) => lineFields(stage, i, x) + drawnFields(stage, i, x),
    hooks: hooksOf(tiled ? words : 0, from),
    fragment: `${tiled ? "\nvar<private> tile: u32;" : ""}${placed ? `\n\n${SPOT_STRUCT}${calls.map(drawnBy).join("")}` : ""}`,
    rest: {
      ...(from === undefined ? {} : { from }),
      ...(view ? { view } : {}),
      ...(tiled ? { extra: lined ? [TILES, LINES] : [TILES] } : {}),
    },
  });
}
