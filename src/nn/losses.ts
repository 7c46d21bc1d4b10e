// What losses share: plain-data specs and the registry their modules enter when imported.
import { checkKeys, fail, nearest } from "../core/check.ts";
import { showShape } from "../core/shape.ts";
import type { Node } from "../graph/node.ts";

/** Plain data: a kind and its options. */
export interface Loss {
  readonly kind: string;
  readonly [option: string]: unknown;
}

/** What a loss knows of the rows of its batch. */
export interface Rows {
  /** Their weights [batch, 1], where the data have such. */
  readonly samples: Node | undefined;
  /** The mean weight of all rows in question, each times its class'; -1 for that of the batch. */
  readonly mean: (classes?: readonly number[]) => number;
}

export interface LossKind<T extends Loss = Loss> {
  readonly kind: string;
  /** What the model's output is compared with: u32 labels [batch], or f32 targets [batch, width]. */
  readonly against: "labels" | "targets";
  /** Whether the second row of the metrics counts hits, whose mean is the accuracy. */
  readonly accuracy: boolean;
  /** The narrowest output that makes sense: 2 classes, 1 column. */
  readonly minWidth: number;
  /** Names of the options, `kind` left out. */
  readonly options?: readonly string[];
  /** Throws where an option's value is bad; specs may come from JSON. */
  readonly check?: (spec: T) => void;
  /** Imports what options and weights take, and with it a kind that builds them. */
  readonly load?: () => Promise<unknown>;
  /** The mean loss over the batch: a node of one number, whose metrics are [2, batch]. */
  readonly build: (z: Node, against: Node, spec: T, rows?: Rows) => Node;
}

export const losses = new Map<string, LossKind>();

export function defineLossKind<T extends Loss>(kind: LossKind<T>): void {
  losses.set(kind.kind, kind as unknown as LossKind);
}

/** The kind of a loss; throws for an unknown kind or option. */
export function lossKindOf(spec: Loss): LossKind {
  const given = spec as Loss | null | undefined;
  if (typeof given !== "object" || given === null || typeof given.kind !== "string") {
    return fail("loss", `${JSON.stringify(spec)} is no loss`, "use crossEntropy() or meanSquaredError()");
  }
  const kind = losses.get(spec.kind);
  if (!kind) {
    const meant = nearest(spec.kind, losses.keys());
    const known = `known are ${[...losses.keys()].join(", ")}; import the module that defines it`;
    return fail("loss", `unknown loss "${spec.kind}"`, meant === undefined ? known : `did you mean "${meant}"?`);
  }
  checkKeys(spec.kind, spec, ["kind", ...(kind.options ?? [])]);
  kind.check?.(spec);
  return kind;
}

/** Whether a loss' kind has yet to be loaded for what is asked of it: options, or weights of rows. */
const lacks = ({ load }: LossKind, spec: Loss, weighted: boolean): boolean =>
  load !== undefined && (weighted || Object.keys(spec).length > 1);

/** Imports what a loss with options, or on data whose rows have weights, takes beyond the plain one. */
export async function loadLoss(spec: Loss, weighted = false): Promise<void> {
  const kind = lossKindOf(spec);
  if (lacks(kind, spec, weighted)) await kind.load?.();
}

const EXPECTED = { labels: "u32 labels [batch]", targets: "f32 targets [batch, width]" } as const;
const DTYPES = { labels: "u32", targets: "f32" } as const;
const RANKS = { labels: 1, targets: 2 } as const;

/**
 * The mean loss (weighted, where rows have weights) of the model's output z [batch, width] against labels [batch] (u32) or
 * targets [batch, width] (f32): a node of one number. Throws where it is given the other of the two, where the shapes do not
 * fit, or for options that loadLoss has not loaded.
 */
export function lossOf(spec: Loss, z: Node, against: Node, rows?: Rows): Node {
  const kind = lossKindOf(spec);
  if (lacks(kind, spec, rows?.samples !== undefined))
    fail(spec.kind, "its options are not loaded", "await loadLoss(loss) first");
  const want = kind.against;
  if (against.dtype !== DTYPES[want] || against.shape.length !== RANKS[want]) {
    const found = `compares with ${against.name} ${showShape(against.shape)} of ${against.dtype}, expected ${EXPECTED[want]}`;
    const other = [...losses.values()].findLast((candidate) => candidate.against !== want);
    fail(spec.kind, found, other && `for ${other.against} use ${other.kind}()`);
  }
  const width = z.shape[1] ?? 0;
  if (width < kind.minWidth) {
    const found = `${z.name} ${showShape(z.shape)} has ${width} column, expected at least ${kind.minWidth}`;
    fail(spec.kind, found, `end the model in linear(${kind.minWidth}) or wider`);
  }
  return kind.build(z, against, spec, rows);
}
