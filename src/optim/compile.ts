// A chain cut into phases, with its scalars, state slots and reduced numbers laid out.
import { fail } from "../core/check.ts";
import { streams } from "../core/random.ts";
import type { Stage } from "../kernel/kernel.ts";
import type { Link, Match, Optimizer } from "./chain.ts";
import { type Rule, reducedFields, ruleNamed } from "./rule.ts";
import { clocked, type Scalar, scalarsOf } from "./scalars.ts";

/** A stretch of rules between reductions. The first of its links reduces, if any does. */
export interface Phase {
  readonly links: readonly Stage[];
  readonly reduces: boolean;
  /** It moves p; the others leave u for the phase after them. */
  readonly last: boolean;
  /** What it leaves begins as p in place of the gradient. */
  readonly view?: boolean;
  /** The state slot that holds p as the step found it, in the second half of a step with two gradients. */
  readonly from?: number;
}

export interface CompiledChain {
  /** Equal keys mean equal kernels: the rules in order. */
  readonly key: string;
  readonly phases: readonly Phase[];
  /** Parameters with phases of their own. */
  readonly groups?: readonly { readonly match: Match; readonly phases: readonly Phase[] }[];
  readonly scalars: readonly Scalar[];
  /** State floats per parameter. */
  readonly slots: number;
  /** Reduced numbers per tensor, and whether any of them outlives a step. */
  readonly reduced: number;
  readonly keeps: boolean;
  /** Reduced numbers per row and column. */
  readonly lines: number;
  /** Phases that leave p as it is to be evaluated in place of u, for the links and each group; and whether that is not p. */
  readonly views: readonly Phase[];
  readonly viewed: boolean;
}

/** Lays out links: scalars follow those of other groups, state slots and reduced numbers begin at 0. */
class Layout {
  readonly scalars: Scalar[];
  readonly stages: Stage[] = [];
  readonly #seed: number;
  slots = 0;
  reduced = 0;
  lines = 0;

  constructor(scalars: Scalar[], seed: number) {
    this.scalars = scalars;
    this.#seed = seed;
  }

  /** Halves of the seed, since scalars are f32; a stream for every rule that draws. */
  #draws(): Required<Pick<Stage, "draws">> {
    const seed = this.scalars.push({ factor: this.#seed >>> 16 }, { factor: this.#seed & 0xffff }) - 2;
    return { draws: { seed, stream: streams.gradient + 65536 * this.stages.filter(({ draws }) => draws).length } };
  }

  #flag(key: string, at: (t: number) => boolean): number {
    return this.scalars.push({ factor: 1, key, at: (t) => Number(at(t + 1)) }) - 1;
  }

  #borrowed(rule: Rule): number[] {
    return (rule.borrows ?? []).map((name) => {
      const owner = this.stages.findLast((stage) => ruleNamed(stage.rule).state?.includes(name));
      if (!owner) fail("chain", `${rule.name} needs ${name} of a rule before it`, "keep the two together");
      return owner.slot + (ruleNamed(owner.rule).state as readonly string[]).indexOf(name);
    });
  }

  add(at: Link): Stage {
    const rule = ruleNamed(at.rule);
    const { every = 1, restart = 0 } = at.clock ?? {};
    const clock = at.clock ?? {};
    const kept = rule.reduces?.kept?.length;
    const stage: Stage = {
      rule: at.rule,
      scalar: this.scalars.length,
      slot: this.slots,
      ...(rule.borrows ? { borrowed: this.#borrowed(rule) } : {}),
      // What a rule recalls is made after it, by the next that reduces.
      ...(reducedFields(rule).length > 0 && !kept ? { reduced: this.reduced } : {}),
      ...(kept ? { line: this.lines } : {}),
    };
    this.scalars.push(...scalarsOf(at));
    const gate =
      every > 1 ? { gate: this.#flag(`plays ${JSON.stringify(clock)}`, (t) => clocked(clock, t).plays) } : {};
    const anew =
      restart > 0 ? { anew: this.#flag(`anew ${JSON.stringify(clock)}`, (t) => clocked(clock, t).anew) } : {};
    const draws = rule.draws ? this.#draws() : {};
    this.slots += rule.slots;
    this.reduced += kept ? 0 : (rule.reduces?.fields.length ?? 0);
    this.lines += kept ?? 0;
    const made = { ...stage, ...gate, ...anew, ...draws };
    this.stages.push(made);
    return made;
  }

  phases(links: readonly Link[]): Phase[] {
    const phases: { links: Stage[]; reduces: boolean; last: boolean; from?: number }[] = [];
    let from: { from?: number } = {};
    for (const at of links) {
      const { reduces = false, aside, state = [] } = ruleNamed(at.rule);
      if (phases.length === 0 || reduces || phases.at(-1)?.last) {
        phases.push({ links: [], reduces: reduces !== false, last: false, ...from });
      }
      const stage = this.add(at);
      const phase = phases.at(-1) as (typeof phases)[number];
      phase.links.push(stage);
      if (aside !== undefined) {
        from = { from: stage.slot + state.indexOf(aside) };
        phase.last = true;
      }
    }
    const end = phases.at(-1);
    if (end) end.last = true;
    return phases;
  }

  /** The phase of the outermost rule that has a view; p itself where none has and other parts or runs have. */
  view(links: readonly Link[]): Phase {
    const owner = links.findLast(({ rule }) => ruleNamed(rule).view !== undefined);
    const view = owner && ruleNamed(ruleNamed(owner.rule).view as string);
    const options = Object.keys(view?.options ?? {}).map((name) => [name, owner?.options[name] ?? 0] as const);
    const at = view ? [this.add({ rule: view.name, options: Object.fromEntries(options) })] : [];
    return { links: at, reduces: false, last: false, view: true };
  }
}

/** Cuts a chain into phases and lays out its scalars, state slots and reduced numbers. The seed is the run's own. */
export function compileChain({ links, groups }: Optimizer, seed = 0): CompiledChain {
  const scalars: Scalar[] = [];
  const parts = [{ links }, ...(groups ?? [])].map((part) => {
    const layout = new Layout(scalars, seed);
    const phases = layout.phases(part.links);
    return { ...part, layout, phases, view: layout.view(part.links) };
  });
  const all = parts.flatMap((part) => part.links);
  const named = ({ rule, clock }: Link): string => rule + (clock ? JSON.stringify(clock) : "");
  const inner = groups?.map((group) => JSON.stringify(group.match) + group.links.map(named).join(" > ")) ?? [];
  return {
    key: [links.map(named).join(" > "), ...inner].join("; "),
    phases: (parts[0] as (typeof parts)[number]).phases,
    ...(groups ? { groups: groups.map(({ match }, i) => ({ match, phases: parts[i + 1]?.phases ?? [] })) } : {}),
    scalars,
    slots: Math.max(...parts.map(({ layout }) => layout.slots)),
    reduced: Math.max(...parts.map(({ layout }) => layout.reduced)),
    lines: Math.max(...parts.map(({ layout }) => layout.lines)),
    keeps: all.some(({ rule }) => ruleNamed(rule).reduces?.keeps),
    views: parts.map(({ view }) => view),
    viewed: parts.some(({ view }) => view.links.length > 0),
  };
}
