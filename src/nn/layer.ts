// Layers are plain data; their kinds register here when their modules are imported. build() makes a model's graph.
import { checkKeys, fail, nearest } from "../core/check.ts";
import { type Shape, showShape } from "../core/shape.ts";
import { type Node, parameter, scope } from "../graph/node.ts";
import { checkInitializer, type Initializer } from "./initializers.ts";

/** Plain data: a kind and its options. Crosses a worker, is hashed and saved. */
export interface Layer {
  readonly kind: string;
  readonly [option: string]: unknown;
}

export interface Parameter {
  readonly node: Node;
  /** layer1.w: the position among the layers, from 1; nested layers are layer2.layer1.w. */
  readonly name: string;
  readonly shape: Shape;
  readonly init: Initializer;
  readonly fanIn: number;
  readonly fanOut: number;
  /** The running number in the model, from 0: the random stream of its start, wherever the arena puts it. */
  readonly stream: number;
}

export interface ParameterOptions {
  readonly init: Initializer;
  readonly fanIn: number;
  readonly fanOut: number;
}

/** What a layer may do while it is built. */
export interface BuildContext {
  /** For errors: layer2.linear. */
  readonly where: string;
  /** What flows into the whole model: [batch, features]. */
  readonly input: Node;
  /** Whether the graph is to train on: noise belongs there alone. */
  readonly training: boolean;
  /** The next number, from 0, for a layer with randomness of its own. */
  stream(): number;
  /** A trainable tensor of this layer. */
  parameter(name: string, shape: Shape, options: ParameterOptions): Node;
  /** Layers within this one, one after the other. */
  build(layers: readonly Layer[], x: Node): Node;
}

export interface LayerKind<T extends Layer = Layer> {
  readonly kind: string;
  /** Names of the options, `kind` left out. */
  readonly options: readonly string[];
  /** Throws where an option's value is bad; specs may come from JSON. */
  check?(where: string, spec: T): void;
  /** The layer's graph on x [batch, features]. */
  build(spec: T, x: Node, context: BuildContext): Node;
}

export const layers = new Map<string, LayerKind>();

/** Enters a kind of layer in the registry. Returns a function that checks a spec of it and passes it on. */
export function defineLayer<T extends Layer>(kind: LayerKind<T>): (spec: T) => T {
  layers.set(kind.kind, kind as LayerKind);
  return (spec) => {
    checkSpec(kind.kind, kind as LayerKind, spec);
    return spec;
  };
}

function checkSpec(where: string, kind: LayerKind, spec: Layer): void {
  checkKeys(where, spec, ["kind", ...kind.options]);
  kind.check?.(where, spec);
}

/** Throws unless `value` is a list with at least one layer. */
export function checkLayers(where: string, value: unknown): readonly Layer[] {
  if (!Array.isArray(value)) fail(where, "its layers are not an array", "give it layers: residual(linear(8), relu())");
  if (value.length === 0) fail(where, "has no layers, expected at least one", "add one: linear(10)");
  return value;
}

function kindOf(where: string, spec: Layer | null | undefined): LayerKind {
  if (typeof spec !== "object" || spec === null || typeof spec.kind !== "string") {
    return fail(where, `${JSON.stringify(spec)} is no layer, expected { kind: ... }`, "use linear(10), relu() ...");
  }
  const known = layers.get(spec.kind);
  if (known) return known;
  const meant = nearest(spec.kind, layers.keys());
  const names = [...layers.keys()].join(", ");
  const hint =
    meant === undefined ? `known are ${names}; import the module that defines it` : `did you mean "${meant}"?`;
  return fail(where, `unknown layer "${spec.kind}"`, hint);
}

/** One layer of a built model, for print-outs; containers come before the layers within them. */
export interface BuiltLayer {
  readonly name: string;
  readonly kind: string;
  /** With the batch: [batch, features]. */
  readonly input: Shape;
  readonly output: Shape;
  /** The layer's own, without those of layers within it. */
  readonly parameters: readonly Parameter[];
}

export interface Model {
  readonly output: Node;
  /** In the order of the layers: the place in this list is the stream. */
  readonly parameters: readonly Parameter[];
  readonly layers: readonly BuiltLayer[];
}

class Builder {
  readonly input: Node;
  readonly parameters: Parameter[] = [];
  readonly built: (BuiltLayer | undefined)[] = [];
  readonly training: boolean;
  streams = 0;

  constructor(input: Node, training: boolean) {
    this.input = input;
    this.training = training;
  }

  all(list: readonly Layer[], x: Node, path: string): Node {
    let result = x;
    list.forEach((spec, i) => {
      const step = `layer${i + 1}`;
      result = scope(step, () => this.one(spec, result, path === "" ? step : `${path}.${step}`));
    });
    return result;
  }

  private one(spec: Layer, x: Node, path: string): Node {
    const kind = kindOf(path, spec);
    const where = `${path}.${spec.kind}`;
    checkSpec(where, kind, spec);
    const place = this.built.push(undefined) - 1;
    const own: Parameter[] = [];
    const output = kind.build(spec, x, {
      where,
      input: this.input,
      training: this.training,
      stream: () => this.streams++,
      parameter: (name, shape, options) => this.parameter(own, parameter(name, shape), options),
      build: (list, from) => this.all(list, from, path),
    });
    this.built[place] = { name: path, kind: spec.kind, input: x.shape, output: output.shape, parameters: own };
    return output;
  }

  private parameter(own: Parameter[], node: Node, { init, fanIn, fanOut }: ParameterOptions): Node {
    const { name, shape } = node;
    const stream = this.parameters.length;
    if (own.some((other) => other.name === name))
      fail(name, "is made twice", "give the layer's parameters different names");
    const made = { node, name, shape, init: checkInitializer(name, init), fanIn, fanOut, stream };
    this.parameters.push(made);
    own.push(made);
    return node;
  }
}

/**
 * The graph of a model on x [batch, features], and its parameters; with `training`, as it is trained: with dropout's noise. A single
 * layer stands for a list of one. Throws, naming the layer, for an unknown kind or option, a bad width or initializer, or an x that is no matrix.
 */
export function build(
  model: readonly Layer[] | Layer,
  x: Node,
  { training = false }: { readonly training?: boolean } = {},
): Model {
  const list = checkLayers("model", Array.isArray(model) ? model : [model]);
  if (x.shape.length !== 2) {
    fail(
      "model",
      `input ${x.name} is ${showShape(x.shape)}, expected [batch, features]`,
      "lay each example out as a row",
    );
  }
  const builder = new Builder(x, training);
  const output = builder.all(list, x, "");
  return { output, parameters: builder.parameters, layers: builder.built as BuiltLayer[] };
}
