// Huber's loss as a loss.
import { checkKeys, checkNumber } from "../core/check.ts";
import { huber as huberOf } from "../ops/huber.ts";
import { defineLossKind, type Loss } from "./losses.ts";
import { rowWeights } from "./row_weights.ts";

interface Huber extends Loss {
  readonly kind: "huber";
  readonly delta?: number;
}

const check = ({ delta = 1 }: { readonly delta?: number }): void =>
  void checkNumber("huber", "delta", delta, { above: 0, max: 1e15 });

defineLossKind<Huber>({
  ...{ kind: "huber", against: "targets", accuracy: false, minWidth: 1, options: ["delta"], check },
  build: (z, targets, { delta = 1 }, rows) => huberOf(z, targets, delta, rowWeights(z, rows)),
});

/**
 * The mean over batch and columns of d^2 / 2 where d = |z - target| is at most delta (by default 1), and delta (d - delta / 2) beyond:
 * Huber 1964, PyTorch's HuberLoss. Where rows have weights, over the sum of them. Throws for a delta that is not above 0.
 */
export function huber(options: { readonly delta?: number } = {}): Huber {
  checkKeys("huber", options, ["delta"]);
  check(options);
  const { delta = 1 } = options;
  return delta === 1 ? { kind: "huber" } : { kind: "huber", delta };
}
