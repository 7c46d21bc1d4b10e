// Planted faults in row kernels and reductions.
import type { Mutant } from "./mutate.ts";
import { family } from "./mutants.family.ts";

const ROWS = "row kernels";

export const rowMutants: readonly Mutant[] = [
  ...family(ROWS, { kernel: "cross_entropy", label: "" }, [
    ["row guard dropped", "if (!at.inside || row >= params.rows) { return; }", "if (!at.inside) { return; }"],
    ["maximum not subtracted", "exp(logits(origin, q) - largest)", "exp(logits(origin, q))", true],
    ["one row too many counts", "row < step.valid", "row <= step.valid"],
    ["the last of equals wins", "four[lane4] > largest", "four[lane4] >= largest"],
    ["gradient's sign", "(p - hot)", "(hot - p)"],
    ["gradient of the sum", "params.factor * (p - hot)", "(p - hot)"],
    ["hits at the wrong place", "metrics[place + params.metrics.pitch]", "metrics[place + params.rows]"],
    ["maximum not added back", "log(sum) + largest - wanted", "log(sum) - wanted"],
    ["the label's neighbour", "if (q * 4u + lane4 == target_label)", "if (q * 4u + lane4 + 1u == target_label)"],
    ["the step's place forgotten", "at.step = step.index;", ""],
    ["uncounted rows left as they were", "select(vec4f(), gradient, vec4<bool>(counts))", "gradient"],
  ]),
  ...family(ROWS, { kernel: "head", label: "relu_derivative + quads" }, [
    ["one lane's row of w twice", "quadBroadcast(mine, 3u)", "quadBroadcast(mine, 2u)"],
    ["the lane's row forgotten", "k + lane % 4u", "k"],
    ["rows past the end stored", "let real = row < params.rows;", "let real = row <= params.rows;"],
  ]),
  ...family(ROWS, { kernel: "head_start", label: "relu_derivative" }, [
    ["row guard dropped", "if (!at.inside || row >= params.rows) { return; }", "if (!at.inside) { return; }"],
    ["a product lost", "k < depth; k++", "k + 1u < depth; k++"],
    ["another class' column", "w[w_origin + k * w_pitch + q][c % 4u], z)", "w[w_origin + k * w_pitch + q][0], z)"],
    ["no bias", "[bias + q][c % 4u];", "[bias + q][c % 4u] * 0.0;"],
    ["the label's neighbour", "if (c == target_label)", "if (c + 1u == target_label)"],
    [
      "padding summed",
      "select(vec4f(), exp(dz[z_origin + q] - largest), inside4(q * 4u, params.cols))",
      "exp(vec4f(-largest))",
    ],
    ["gradient of the sum", "params.factor * (p - hot)", "(p - hot)"],
    ["uncounted rows left as they were", "select(vec4f(), gradient, vec4<bool>(counts))", "gradient"],
    [
      "a class lost on the way back",
      "c < params.cols; c++) {\n        total",
      "c + 1u < params.cols; c++) {\n        total",
    ],
    ["the first row of w for all four", "quad * 4u + lane4, depth - 1u", "quad * 4u, depth - 1u"],
    ["the step's place forgotten", "at.step = step.index;", ""],
  ]),
  ...family(ROWS, { kernel: "target_loss", label: "squared error" }, [
    ["shares swapped", "params.share * sum", "params.factor * sum"],
    ["gradient of half the square", "2.0 * (value - wanted)", "(value - wanted)"],
    ["difference's sign", "2.0 * (value - wanted)", "2.0 * (wanted - value)"],
    ["pitch of z for the targets", "row * params.targets.pitch", "row * params.dz.pitch * 2u"],
    ["hits not cleared", "metrics[place + params.metrics.pitch] =", "let unused ="],
    ["the first row's weight", "weights[base(params.weights, at) + row]", "weights[base(params.weights, at)]"],
    ["the gradient without its weight", "params.factor * weight * slope", "params.factor * slope"],
    ["the loss without its weight", "params.share * sum * weight", "params.share * sum"],
    ["uncounted rows' gradient", "real & vec4<bool>(counts)", "real"],
    [
      "padding summed",
      "let terms = select(vec4f(), term(value, wanted, q), real);",
      "let terms = term(value, wanted, q) + vec4f(1.0);",
    ],
  ]),
  ...family(ROWS, { kernel: "target_loss", label: "absolute error" }, [
    [
      "1 where they are equal",
      "return sign(value - wanted);",
      "return select(vec4f(-1.0), vec4f(1.0), value >= wanted);",
    ],
  ]),
  ...family(ROWS, { kernel: "target_loss", label: "huber 0.3" }, [
    ["delta 1", "const HUBER_DELTA = 0.3", "const HUBER_DELTA = 1.0"],
    ["squares throughout", "min(d, vec4f(HUBER_DELTA))", "d"],
    [
      "not clamped below",
      "clamp(value - wanted, vec4f(-HUBER_DELTA), vec4f(HUBER_DELTA))",
      "min(value - wanted, vec4f(HUBER_DELTA))",
    ],
  ]),
  ...family(ROWS, { kernel: "target_loss", label: "binary cross-entropy" }, [
    ["of the other answer", " - value * wanted", " - value * (1.0 - wanted)"],
    [
      "overflows",
      "max(value, vec4f()) - value * wanted + stable_log1p(exp(-abs(value)))",
      "log(1.0 + exp(value)) - value * wanted",
    ],
    ["a hit at 0", "(value > vec4f()) == ", "(value >= vec4f()) == "],
    ["hits counted by the row", "params.share * hits", "hits"],
  ]),
  ...family(ROWS, { kernel: "target_loss", label: "binary cross-entropy of positives 3 0.5 1 0 1.5" }, [
    ["negatives weighted alike", "positive * wanted + (1.0 - wanted)", "positive"],
    ["the first columns' weights", "positive_weights[quad]", "positive_weights[0]"],
    [
      "the slope unweighted",
      "positive_weight(quad) * wanted * stable_sigmoid(-value)",
      "wanted * stable_sigmoid(-value)",
    ],
    ["the straight part unweighted", "positive * wanted * max(-value, vec4f())", "wanted * max(-value, vec4f())"],
  ]),
  ...family(ROWS, { kernel: "soft_cross_entropy" }, [
    ["not smoothed", "select(vec4f(params.soft), vec4f(params.soft + params.hard), hot)", "vec4f(hot)"],
    ["classes alike", " * classes[base(params.classes, at) + quad]", ""],
    ["weights of the loss alone", "params.factor * weight * (p * all - share)", "params.factor * (p * all - share)"],
    ["as if all were 1", "(p * all - share)", "(p - share)"],
    ["maximum not added back", "let top = log(sum) + largest;", "let top = log(sum);"],
    ["a lane of the loss lost", "(terms.z + terms.w)", "terms.z"],
    ["one row too many counts", "row < step.valid", "row <= step.valid"],
    ["the first run's labels", "labels[base(params.labels, at) + row]", "labels[params.labels.offset + row]"],
  ]),
  ...family(ROWS, { kernel: "regression_metrics" }, [
    ["signs kept", "let size = abs(d);", "let size = d;"],
    ["columns alike", "shares[base(params.shares, at) + q] * (d * d)", "d * d"],
    ["not squared", "(d * d)", "abs(d)"],
    ["one row too many counts", "row < step.valid", "row <= step.valid"],
    ["sum for the mean", "apart / f32(params.cols)", "apart"],
    ["pitch of z for the targets", "row * params.targets.pitch", "row * params.z.pitch * 2u"],
    [
      "padding summed",
      "select(vec4f(), z[origin + q] - targets[other + q], real)",
      "z[origin + q] - targets[other + q]",
    ],
    ["the step's place forgotten", "at.step = step.index;", ""],
  ]),
  ...family(ROWS, { kernel: "row_weights" }, [
    ["the sum for the mean", "mean = sum / f32(params.rows);", "mean = sum;"],
    ["uncounted rows in the mean", "min(params.rows, step.valid)", "params.rows"],
    ["classes forgotten", " * classes[base(params.classes, at) + labels[base(params.labels, at) + row]]", ""],
    ["only the last eight", "sum = sum + (low + high);", "sum = (low + high);"],
    ["a mean of 0 divides", "select(0.0, sample(at, row) / mean, mean > 0.0)", "sample(at, row) / mean"],
    ["the given mean forgotten", "if (mean < 0.0) {", "if (mean < 1.0) {"],
    ["rows by the count", "row * params.samples.pitch", "row"],
    ["the step's place forgotten", "at.step = step.index;", ""],
  ]),
  ...family(ROWS, { kernel: "layer_norm" }, [
    ["variance by one pass", "let d = select(vec4f(), x[origin + q] - mean,", "let d = select(vec4f(), x[origin + q],"],
    [
      "one less than the count",
      "(squares.z + squares.w)) * params.share",
      "(squares.z + squares.w)) / f32(params.cols - 1u)",
    ],
    ["padding in the mean", "select(vec4f(), x[origin + q], inside4(q * 4u, params.cols))", "x[origin + q]"],
    ["eps after the root", "1.0 / sqrt(variance + params.eps)", "1.0 / (sqrt(variance) + params.eps)"],
    ["a lane lost", "(sum.z + sum.w)", "sum.z"],
    ["gain by row", "gain[base(params.gain, at) + q]", "gain[base(params.gain, at)]"],
    ["no bias", " + bias[base(params.bias, at) + q]", ""],
    ["stats in one row", "stats[place + params.stats.pitch]", "stats[place + params.rows]"],
    ["row guard dropped", "if (!at.inside || row >= params.rows) { return; }", "if (!at.inside) { return; }"],
  ]),
  ...family(ROWS, { kernel: "layer_norm_back" }, [
    ["the mean's part forgotten", "(t - plain_mean)", "t"],
    ["the variance's part forgotten", " - n * along_mean", ""],
    ["no gain in the sums", "dy[above + q] * gain[base(params.gain, at) + q], real)", "dy[above + q], real)"],
    [
      "padding summed",
      "select(vec4f(), dy[above + q] * gain[base(params.gain, at) + q], real)",
      "dy[above + q] * gain[base(params.gain, at) + q]",
    ],
    ["not divided by the deviation", "let value = rstd * (", "let value = ("],
    ["mean of another row", "let mean = stats[place];", "let mean = stats[base(params.stats, at)];"],
  ]),
  ...family(ROWS, { kernel: "layer_norm_sums" }, [
    ["last row lost", "row < params.rows; row++", "row + 1u < params.rows; row++"],
    ["gradients swapped", "biases = biases + above;", "biases = biases + above * n;"],
    ["deviation forgotten", ") * stats[place + params.stats.pitch];", ");"],
    ["padding stored", "select(vec4f(), gains, real)", "gains"],
  ]),
  ...family(ROWS, { kernel: "softmax" }, [
    ["last columns left out", "let quads = (params.cols + 3u) / 4u;", "let quads = params.cols / 4u;"],
    ["a lane of the maximum lost", "max(four.x, four.y)", "max(four.x, four.x)"],
    ["a lane of the sum lost", "(e.x + e.y) + (e.z + e.w)", "(e.x + e.y) + (e.z + e.z)"],
    ["not divided", "exp(logits(origin, q) - largest) / sum", "exp(logits(origin, q) - largest)"],
  ]),
];

export const networkMutants: readonly Mutant[] = family(
  "networks",
  { kernel: "network", label: "tanh + cross_entropy" },
  [
    ["guard dropped", "if (!at.inside) { return; }", ""],
    ["a row lost", "row < params.rows; row++", "row + 1u < params.rows; row++"],
    ["a product lost", "fma(vec4f(v0_0.y), p0_1_0, ", "("],
    ["another column of w", "fma(vec4f(v7_0.z), p2_column2_0", "fma(vec4f(v7_0.z), p2_column1_0"],
    ["a sum begun anew with each row", "g1_0 = g1_0 + v9_0;", "g1_0 = v9_0;"],
    ["derivative of the input", "tanh_derivative(v8_0, v3_0)", "tanh_derivative(v8_0, v2_0)"],
    ["every run's rows the first's", "runs[at.run].order * params.picks.run", "0u"],
    ["the first run's parameters", "let p0_at = base(params.p0, at);", "let p0_at = params.p0.offset;"],
    ["the step's place forgotten", "at.step = step.index;", ""],
    ["one row too many counts", "row < step.valid", "row <= step.valid"],
    ["gradients side by side", "g0[g0_at + i / 5u * params.g0.pitch + i % 5u]", "g0[g0_at + i]"],
    ["the label's neighbour", "label == 0u", "label == 1u", true],
  ],
);

const SUMS = "reductions";

export const reductionMutants: readonly Mutant[] = [
  ...family(SUMS, { kernel: "column_sums" }, [
    ["last row lost", "row < params.rows", "row + 1u < params.rows"],
    ["pitch of y for x", "row * params.x.pitch", "row * ((params.cols + 3u) / 4u)"],
    ["padding stored", "select(vec4f(), sum, inside4(column * 4u, params.cols))", "sum"],
  ]),
  ...family(SUMS, { kernel: "block_sums", label: "" }, [
    ["one number too many", "i < params.rows * params.cols);", "i <= params.rows * params.cols);"],
    [
      "guard dropped",
      "if (!at.inside || first >= params.rows * params.cols) { return; }",
      "if (!at.inside) { return; }",
    ],
    ["rows by the pitch", "i - row * params.cols]", "i - row * params.x.pitch]"],
    ["blocks of 63", "let first = block * 64u;", "let first = block * 63u;"],
    ["a quarter twice", "sixteen(origin, first + 48u)", "sixteen(origin, first + 32u)"],
  ]),
  ...family(SUMS, { kernel: "block_sums", label: "squares" }, [
    ["sign kept in the square", "value * value", "value * abs(value)"],
  ]),
  ...family(SUMS, { kernel: "block_sums_subgroup", label: "" }, [
    ["a distance left out", "sum = added(sum, 2u, width);", ""],
    ["half of the subgroup left out", "distance < width", "2u * distance < width"],
    ["no barrier", "workgroupBarrier();", ""],
    ["subgroups not added", "let count = max(WORKGROUP / width, 1u);", "let count = 1u;"],
    ["one number too many", "i < params.rows * params.cols);", "i <= params.rows * params.cols);"],
  ]),
  ...family(SUMS, { kernel: "segment_sums" }, [
    ["next segment's end", "first[table + 1u]", "first[table + 2u]"],
    ["end not cut", "min(first[table + 1u], params.blocks)", "first[table + 1u]"],
    ["one block too many", "i < end);", "i <= end);"],
    ["no factor", "params.factor * sum", "sum"],
    ["table's offset forgotten", "params.first.offset + segment", "segment"],
  ]),
  ...family(SUMS, { kernel: "split_sums" }, [
    ["last part lost", "part < params.parts", "part + 1u < params.parts"],
    ["parts a row apart", "part * params.m * params.x.pitch", "part * params.x.pitch"],
    ["rows by the width", "row * params.x.pitch", "row * quads"],
    [
      "padding stored",
      "select(vec4f(), epilogue(sum, at, row, column), inside4(column * 4u, params.n))",
      "epilogue(sum, at, row, column)",
    ],
  ]),
  ...family(SUMS, { kernel: "block_terms", label: "trustRatio" }, [
    ["a quarter twice", "four(at, i + 12u)", "four(at, i + 8u)"],
    ["blocks in a row, not those listed", "tiles[base(params.tiles, at) + 2u * k]", "k"],
    ["the other's term", "vec4f(u * u, p * p", "vec4f(p * p, u * u"],
    [
      "a lane of the terms lost",
      "p.z, hyper_now) + trust_ratio_terms(u.w, p.w",
      "p.z, hyper_now) + trust_ratio_terms(u.w, p.z",
    ],
    ["terms by the block count", "q * params.y.pitch + k", "q * params.blocks + k", true],
    ["guard dropped", "if (!at.inside || k >= params.blocks) { return; }", "if (!at.inside) { return; }", true],
  ]),
  ...family(SUMS, { kernel: "settle", label: "novograd" }, [
    ["the span's end a block late", "spans[span + 1u]);", "spans[span + 1u] + 1u);", true],
    ["only the last eight", "sum = sum + (low + high);", "sum = (low + high);"],
    ["what was before forgotten", "before[q] = y[place + q * params.y.pitch];", ""],
    ["spans side by side", "8u * segment;", "segment;"],
  ]),
  ...family(SUMS, { kernel: "settle", label: "adafactorStep" }, [
    ["how many numbers forgotten", "f32(spans[span + 2u])", "1.0"],
    ["quantities in one place", "y[place + q * params.y.pitch] = made[q];", "y[place] = made[q];"],
  ]),
  ...family(SUMS, { kernel: "line_terms", label: "sm3" }, [
    ["the last columns of a row lost", "x < min(4u, own.left - 4u * k)", "x < min(3u, own.left - 4u * k)"],
    ["padding counts", "x < min(4u, own.left - 4u * k)", "x < 4u"],
    ["the first row's accumulator", "own.row + line, own.col + 4u * k", "own.row, own.col + 4u * k"],
    ["the first column's accumulator", "own.row + k, own.col + 4u * line", "own.row + k, own.col"],
    ["rows side by side", "own.first + line * own.stride + k", "own.first + line + k * own.stride"],
    ["columns a row apart", "own.first + line + k * own.stride", "own.first + line + k"],
    ["the other of the line's numbers", "0u * params.lines.pitch", "1u * params.lines.pitch"],
    ["sums in place of the largest", "return max(a, b);", "return a + b;"],
    ["groups of seventeen", "thread / 16u", "thread / 17u"],
    ["line guard dropped", "if (line >= own.lines) { return; }", ""],
  ]),
  ...family(SUMS, { kernel: "line_settle", label: "sm3" }, [
    ["the largest forgets", "sum = joined(sum, joined(low, high));", "sum = joined(low, high);"],
    ["stretches side by side", "x[origin + q * params.x.pitch + i * stride]", "x[origin + q * params.x.pitch + i]"],
    ["one stretch too many", "i < count; q++)", "i <= count; q++)"],
    ["every line the first", "ends[own + 4u] + line;", "ends[own + 4u];"],
    ["old and new swapped", "vec4f(sums.x, before.x", "vec4f(before.x, sums.x"],
    ["line guard dropped", "if (line >= ends[own + 3u]) { return; }", ""],
  ]),
  ...family(SUMS, { kernel: "line_settle", label: "adafactor" }, [
    ["how many numbers forgotten", "f32(ends[own + 5u])", "1.0"],
    ["nothing was before", "before[k] = y[place + k * params.y.pitch];", ""],
  ]),
  ...family(SUMS, { kernel: "batch_sums" }, [
    ["pitch by the batch", "kind * params.x.pitch", "kind * params.batch"],
    ["last row lost", "i < params.batch);", "i + 1u < params.batch);"],
    ["only the last eight", "sum = sum + (low + high);", "sum = (low + high);"],
  ]),
];
