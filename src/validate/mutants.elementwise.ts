// Planted faults in elementwise frames and functions, in what picks rows and batches, and in the optimizers' update.
import { family } from "./mutants.family.ts";
import type { Mutant } from "./mutate.ts";

const FRAMES = "elementwise";

export const elementwiseMutants: readonly Mutant[] = [
  ...family(FRAMES, { kernel: "map", label: "identity" }, [
    ["guard off by one", "i >= params.rows * quads", "i > params.rows * quads"],
    ["columns counted in numbers", "i - row * quads", "i - row * params.cols"],
    ["no pitch in y", "row * params.y.pitch", "row * quads"],
    ["padding stored", "select(vec4f(), value, inside4(column * 4u, params.cols))", "value"],
    ["one vec4 too many", "(params.cols + 3u) / 4u", "(params.cols + 4u) / 4u"],
    ["the first run's x", "base(params.x, at)", "params.x.offset"],
  ]),
  ...family(FRAMES, { kernel: "zip", label: "multiply" }, [
    [
      "a's place for b",
      "b[base(params.b, at) + row * params.b.pitch + column]",
      "b[base(params.a, at) + row * params.b.pitch + column]",
    ],
    ["a twice", "return a * b;", "return a * a;"],
  ]),
  ...family(FRAMES, { kernel: "map", label: "relu" }, [
    ["NaN becomes 0", "select(x, vec4f(), x <= vec4f())", "max(x, vec4f())"],
  ]),
  ...family(FRAMES, { kernel: "zip", label: "relu_derivative" }, [
    ["saved side passed on", "select(dy, vec4f(), y <= vec4f())", "select(y, vec4f(), dy <= vec4f())"],
    ["1 at the kink", "y <= vec4f()", "y < vec4f()"],
  ]),
  ...family(FRAMES, { kernel: "map", label: "tanh" }, [
    ["no series near 0", "abs(x) < vec4f(0.03125)", "abs(x) < vec4f()"],
  ]),
  ...family(FRAMES, { kernel: "zip", label: "tanh_derivative" }, [["not squared", "1.0 - y * y", "1.0 - y"]]),
  ...family(FRAMES, { kernel: "map", label: "sigmoid" }, [["overflows", "exp(-abs(x))", "exp(-x)"]]),
  ...family(FRAMES, { kernel: "map", label: "gelu" }, [
    ["constant shortened", "0.044715 * (x * x * x)", "0.0447 * (x * x * x)"],
  ]),
  ...family(FRAMES, { kernel: "map", label: "geluErf" }, [
    ["constant shortened", "0.09973643", "0.0997"],
    ["one tail for both", "select(1.0 - tail, tail, x < vec4f())", "1.0 - tail"],
  ]),
  ...family(FRAMES, { kernel: "zip", label: "geluErf_derivative" }, [
    ["no density", " + x * (0.3989422804 * e)", ""],
    ["density of another variance", "exp(-0.5 * (x * x));\n  return dy", "exp(-x * x);\n  return dy"],
  ]),
  ...family(FRAMES, { kernel: "map", label: "leakyRelu" }, [["the sides swapped", "x <= vec4f()", "x > vec4f()"]]),
  ...family(FRAMES, { kernel: "zip", label: "leakyRelu_derivative" }, [
    ["1 at the kink", "y <= vec4f()", "y < vec4f()"],
  ]),
  ...family(FRAMES, { kernel: "map", label: "elu" }, [
    ["no series near 0", "abs(x) < vec4f(0.0625)", "abs(x) < vec4f()"],
    ["a term of the series lost", "0.16666667 + x * ", "x * "],
    ["series too far out", "abs(x) < vec4f(0.0625)", "abs(x) < vec4f(1.0)"],
  ]),
  ...family(FRAMES, { kernel: "zip", label: "elu_derivative" }, [
    ["as of the input", "dy * (y + ELU_ALPHA)", "dy * exp(y)"],
  ]),
  ...family(FRAMES, { kernel: "map", label: "selu" }, [["scaled on one side", "1.0507009873554805 * x", "x"]]),
  ...family(FRAMES, { kernel: "zip", label: "selu_derivative" }, [
    ["elu's", "y + 1.7580993408473766", "y + 1.6732632423543772"],
  ]),
  ...family(FRAMES, { kernel: "map", label: "silu" }, [
    ["sigmoid alone", "x * stable_sigmoid(x)", "stable_sigmoid(x)"],
  ]),
  ...family(FRAMES, { kernel: "zip", label: "silu_derivative" }, [
    ["the same sigmoid twice", "stable_sigmoid(-x)", "stable_sigmoid(x)"],
    ["of the sigmoid", "(1.0 + x * stable_sigmoid(-x))", "stable_sigmoid(-x)"],
  ]),
  ...family(FRAMES, { kernel: "map", label: "softplus" }, [
    ["overflows", "max(x, vec4f()) + stable_log1p(exp(-abs(x)))", "log(1.0 + exp(x))"],
    ["two terms of the series lost", " + q * (0.18181819 + q * 0.15384616)", ""],
  ]),
  ...family(FRAMES, { kernel: "zip", label: "softplus_derivative" }, [
    ["of the output", "stable_sigmoid(x)", "exp(x)"],
  ]),
  ...family(FRAMES, { kernel: "map", label: "dropout 0.5 stream 0" }, [
    ["the first run's mask", "runs[at.run].noise", "runs[0].noise"],
    ["the run's start for its noise", "runs[at.run].noise", "runs[at.run].order"],
    ["the same mask every step", "step.t, quad)", "0u, quad)"],
    ["by the pitch of numbers", "row * ((columns + 3u) / 4u) + column", "row * columns + column"],
    ["by the column alone", "row * ((columns + 3u) / 4u) + column", "column"],
    ["kept and dropped swapped", "words >= vec4u", "words < vec4u"],
    ["not scaled", "_SCALE_0_5_0 * v", "_SCALE_0_5_0 * 0.5 * v"],
  ]),
  ...family(FRAMES, { kernel: "bias_add" }, [
    ["bias by row", "b[base(params.b, at) + column]", "b[base(params.b, at) + row]"],
    ["no bias", " + b[base(params.b, at) + column]", " + 0.0 * b[base(params.b, at)]"],
  ]),
  ...family(FRAMES, { kernel: "scale" }, [["no factor", "params.factor * x", "x"]]),
  ...family(FRAMES, { kernel: "spread" }, [["the first run's number", "s[base(params.s, at)]", "s[params.s.offset]"]]),
];

const PICKS = "picks";

export const pickMutants: readonly Mutant[] = [
  ...family(PICKS, { kernel: "gather", label: "" }, [
    ["the run's number for its order", "runs[at.run].order", "at.run"],
    ["the step's batch forgotten", " + step.index * params.rows.step", ""],
    ["the slice's batch forgotten", "+ at.slice * params.rows.slice", ""],
    ["rows not picked", "row * params.data.pitch", "item * params.data.pitch"],
    ["scale of another column", "scale[params.scale.offset + column]", "scale[params.scale.offset]"],
    ["no shift", "shift[params.shift.offset + column]", "vec4f()"],
    ["guard dropped", "if (!at.inside || i >= params.count * quads) { return; }", "if (!at.inside) { return; }"],
  ]),
  ...family(PICKS, { kernel: "gather", label: "bytes" }, [
    ["bytes in the other order", "vec4u(0u, 8u, 16u, 24u)", "vec4u(24u, 16u, 8u, 0u)"],
    ["seven bits", "vec4u(255u)", "vec4u(127u)"],
  ]),
  ...family(PICKS, { kernel: "take" }, [
    ["the words' offset forgotten", "words[params.words.offset + row]", "words[row]"],
    ["guard off by one", "i >= params.count", "i > params.count"],
  ]),
  ...family(PICKS, { kernel: "batch_rows", label: "permutation" }, [
    ["position in the whole training", "(t - epoch * per_epoch) * params.batch", "t * params.batch"],
    ["first row forgotten", "params.first + row", "row"],
    ["every step the first", "step.t + at.slice", "step.t"],
    ["epochs rounded up", "params.count / params.batch;", "(params.count + params.batch - 1u) / params.batch;"],
    ["a round key twice", "order_rounds(x, keys[pair], high, shift)", "order_rounds(x, keys[pair & 2u], high, shift)"],
    ["small sets not sorted", "if (params.count <= ORDER_SORTED) {", "if (params.count <= 4u) {"],
  ]),
  ...family(PICKS, { kernel: "batch_rows", label: "sequential" }, [
    ["past the end", "params.count - 1u", "params.count"],
  ]),
  ...family(PICKS, { kernel: "batch_rows", label: "replacement" }, [
    ["no step in the draw", "draw_index(t * params.batch + i", "draw_index(i"],
  ]),
];

const UPDATE = "update";
const adam = { kernel: "update", label: "adam > descend" };

export const updateMutants: readonly Mutant[] = [
  ...family(UPDATE, adam, [
    ["one vec4 too many", "if (n * 4u < params.size) {", "if (n * 4u <= params.size) {"],
    ["quads overlap", "x * QUADS + q", "x + q"],
    ["series of the wrong scalar", "hyper[place + 1u]", "hyper[place + 3u]"],
    ["scalars side by side", "+ 2u * i;", "+ i;"],
    ["m and v swapped in a lane", "&s0_x, &s1_x", "&s1_x, &s0_x"],
    ["gradient not squared", "h.rest2 * u * u", "h.rest2 * u"],
    ["eps inside the root", "sqrt(*v * h.v_scale) + h.eps", "sqrt(*v * h.v_scale + h.eps)"],
    ["mean not debiased", "*m * h.m_scale", "*m"],
    ["slots by the size", "state[origin + 1u * params.state.pitch]", "state[origin + params.size / 4u]", true],
    ["v not kept", "state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);", ""],
    ["climbs", "let moved = p - u;", "let moved = p + u;"],
  ]),
  ...family(UPDATE, { kernel: "update", label: "momentum > descend" }, [
    ["momentum forgets", "h.momentum * *b + h.rest * u", "h.rest * u"],
    ["no dampening", "h.rest * u", "u"],
  ]),
  ...family(UPDATE, { kernel: "update", label: "weightDecay > momentum > descend" }, [
    ["nesterov looks back", "u + h.momentum * *b", "*b + h.momentum * u"],
    ["decays the gradient", "h.decay * p", "h.decay * u"],
  ]),
  ...family(UPDATE, { kernel: "update", label: "descend" }, [["no lr", "return h.lr * u;", "return u;"]]),
  ...family(UPDATE, { kernel: "update", label: "clipByGlobalNorm > descend" }, [
    ["the larger of the two", "min(1.0,", "max(1.0,"],
    ["the first run's norm", "reduced[base(params.reduced, at)]", "reduced[params.reduced.offset]"],
    ["norm not rooted", "sqrt(h.squared_norm)", "h.squared_norm"],
  ]),
  ...family(UPDATE, { kernel: "update", label: "centralize > descend" }, [
    ["padding moves", ", spot_now.inside);", ", vec4<bool>(true));", true],
    ["rows as wide as their pitch", "inside4(col, cols)", "inside4(col, pitch)"],
    ["a row too many", "row < tiles[place + 4u]", "row <= tiles[place + 4u]"],
    ["the last row lost", "row < tiles[place + 4u]", "row + 1u < tiles[place + 4u]"],
    ["every block the first of its tensor", "tiles[place + 2u] + 4u * (i % 16u)", "4u * (i % 16u)"],
    ["the pitch is the width", "(cols + 3u) & ~3u", "cols + 0u * (i & 3u)"],
    ["one column for four", "spot_now.col + 3u]", "spot_now.col + 0u]"],
  ]),
  ...family(UPDATE, { kernel: "update", label: "sm3 > descend" }, [
    ["rows from the columns", "tiles[place + 5u] + row", "tiles[place + 6u] + row"],
    ["the larger accumulator", "min(h.row_old, h.col_old)", "max(h.row_old, h.col_old)"],
  ]),
];
