// Says that an example's shape does not matter from here on. It computes nothing: batches are always [batch, features].
import { fail } from "../core/check.ts";
import { showShape } from "../core/shape.ts";
import { defineLayer, type Layer } from "./layer.ts";

defineLayer({
  kind: "flatten",
  options: [],
  build(_, x, context) {
    if (x !== context.input) {
      const found = `comes after ${x.name} ${showShape(x.shape)}, expected the model's input`;
      fail(context.where, found, "leave it out: every layer gives [batch, features]");
    }
    return x;
  },
});

/**
 * The model's input as rows of numbers, for models written as elsewhere. An example of any shape already comes as one row, in
 * row-major order, so this adds nothing to the graph and has its place before the first layer only: anywhere else it throws.
 */
export const flatten = (): Layer => ({ kind: "flatten" });
