// gradient(loss, parameters): new nodes made of the same ops. Gradients at a fork are summed in the order of the graph.
import { fail } from "./core/check.ts";
import { showShape } from "./core/shape.ts";
import { constant, type Node, order, scope } from "./graph/node.ts";
import { add } from "./ops/add.ts";
import { opNamed } from "./ops/op.ts";

/** Nodes some parameter flows into. */
function dependents(sorted: readonly Node[], parameters: readonly Node[]): Set<Node> {
  const result = new Set(parameters);
  for (const at of sorted) if (at.inputs.some((from) => result.has(from))) result.add(at);
  return result;
}

/** The derivatives of a node's inputs; a further output (a loss' own gradient) has none. */
function derivatives(at: Node, dy: Node): readonly (Node | undefined)[] {
  if (at.op === "output") {
    fail("gradient", `${at.name}: ${at.inputs[0]?.op} has no second derivative`, "use the loss itself");
  }
  const op = opNamed(at.op);
  if (!op.derivative) fail("gradient", `${at.name}: ${at.op} has no derivative`);
  const home = at.name.includes(".") ? `${at.name.slice(0, at.name.lastIndexOf("."))}.back` : "back";
  return scope(home, () => (op.derivative as NonNullable<typeof op.derivative>)(at, dy));
}

/**
 * d loss / d parameter for each parameter, as nodes. `loss` is one number. Throws where the loss does not depend on a
 * parameter, or an op on the way has no derivative.
 */
export function gradient(loss: Node, parameters: readonly Node[]): Node[] {
  if (loss.shape.length !== 0)
    fail("gradient", `${loss.name} ${showShape(loss.shape)} is not one number`, "take its sum or mean");
  const sorted = order([loss]);
  const wanted = dependents(sorted, parameters);
  const gradients = new Map<Node, Node>([[loss, constant(1)]]);
  for (const at of sorted.toReversed()) {
    const dy = gradients.get(at);
    if (!dy || !at.inputs.some((from) => wanted.has(from))) continue;
    derivatives(at, dy).forEach((d, i) => {
      const from = at.inputs[i] as Node;
      if (!wanted.has(from)) return;
      if (!d) fail("gradient", `${at.name}: ${at.op} has no derivative with respect to ${from.name}`);
      const before = gradients.get(from);
      gradients.set(from, before ? add(before, d) : d);
    });
  }
  return parameters.map(
    (parameter) =>
      gradients.get(parameter) ??
      fail("gradient", `${loss.name} does not depend on ${parameter.name}`, "was the layer used?"),
  );
}
