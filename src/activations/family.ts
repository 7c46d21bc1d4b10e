// Activations with a number of their own: each value is an activation by itself, so that plans keep naming functions.
import type { Node } from "../graph/node.ts";
import { specialize } from "../kernel/source.ts";
import { type Activation, defineActivation } from "../ops/activation.ts";

interface Family {
  /** The default's name; others add their number: elu, elu 0.5. */
  readonly name: string;
  readonly wgsl: string;
  /** The shader's function, which its derivative's and its constant's names begin with: elu, elu_derivative, ELU_ALPHA. */
  readonly call: string;
  readonly constant: string;
  readonly usual: number;
  readonly of: (value: number) => Omit<Activation, "name" | "wgsl" | "call" | "derivativeCall">;
}

/** Fragments of two members may meet in one kernel: every name they declare gets the number. */
function textOf({ name, wgsl, call, constant }: Family, value: number, suffix: string): string {
  const text = specialize(`activation ${name}`, wgsl, { [constant]: value });
  return text.replace(new RegExp(`\\b(${call}(?:_derivative)?|${constant})\\b`, "g"), `$1${suffix}`);
}

function define(family: Family, value: number): (x: Node) => Node {
  const { name, wgsl, call, usual } = family;
  const suffix = value === usual ? "" : `_${String(value).replace("-", "m").replace(/\W/g, "_")}`;
  return defineActivation({
    ...family.of(value),
    name: value === usual ? name : `${name} ${value}`,
    wgsl: suffix === "" ? wgsl : textOf(family, value, suffix),
    call: `${call}${suffix}`,
    derivativeCall: `${call}_derivative${suffix}`,
  });
}

/** Declares the usual member; the function on nodes declares others as they are asked for. */
export function defineFamily(family: Family): (x: Node, value?: number) => Node {
  const known = new Map([[family.usual, define(family, family.usual)]]);
  return (x, value = family.usual) => {
    const of = known.get(value) ?? define(family, value);
    known.set(value, of);
    return of(x);
  };
}
