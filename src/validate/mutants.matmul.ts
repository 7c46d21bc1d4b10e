// Planted faults in matmuls and what is fused into them.
import { LAYOUTS } from "../ops/matmul.cases.ts";
import type { Mutant } from "./mutate.ts";
import { family } from "./mutants.family.ts";

const MATMUL = "matmul";
const tile = { kernel: "matmul_4x4", label: "", consts: LAYOUTS.nn };

export const matmulMutants: readonly Mutant[] = [
  ...family(MATMUL, tile, [
    ["wrong run stride", "view.offset + at.run * view.run", "view.offset + at.run * view.pitch"],
    ["slice forgotten", " + at.slice * view.slice", ""],
    ["row guard dropped", "if (row < params.m && column < params.n) {", "if (column < params.n) {"],
    [
      "padding stored",
      "select(vec4f(), epilogue(value, at, row, c), inside4(column, params.n))",
      "epilogue(value, at, row, c)",
    ],
    ["n for k", "k < params.k; k += 4u", "k < params.n; k += 4u"],
    ["k - 1 at the end", "let real = inside4(k, params.k);", "let real = inside4(k, params.k - 1u);"],
    ["no end", "TAIL && k + 4u > params.k", "TAIL && k > params.k"],
    ["another row's accumulator", "y1_0 = row_times(a0[1], b0, y1_0);", "y1_0 = row_times(a0[1], b0, y0_0);"],
    ["accumulator begins at 1", "var y2_0 = vec4f();", "var y2_0 = vec4f(1.0);"],
    [
      "b read transposed",
      "base(params.b, at) + k * pitch + column / 4u",
      "base(params.b, at) + column * pitch + k / 4u",
    ],
    ["pitch of a for y", "row * params.y.pitch + c", "row * params.a.pitch + c"],
    ["rows out of order", "(y0_0, y1_0, y2_0, y3_0, ", "(y0_0, y1_0, y3_0, y2_0, "],
    ["fold forgotten", "group.x + groups.x * group.y", "group.x"],
    [
      "a product lost",
      "fma(vec4f(left.y), block[1], fma(vec4f(left.x), block[0], sum))",
      "fma(vec4f(left.y), block[1], sum)",
    ],
  ]),
  ...family(MATMUL, { ...tile, label: "bias + relu" }, [
    ["no bias", "v = v + e0[base(params.e0, at) + column];", ""],
    ["bias by row", "e0[base(params.e0, at) + column]", "e0[base(params.e0, at) + row]"],
    ["bias of the first run", "e0[base(params.e0, at) + column]", "e0[params.e0.offset + column]"],
    [
      "activation before the bias",
      "v = v + e0[base(params.e0, at) + column];\n  v = relu(v);",
      "v = relu(v);\n  v = v + e0[base(params.e0, at) + column];",
    ],
  ]),
  ...family(MATMUL, { kernel: "matmul_4x4", label: "relu_derivative", consts: LAYOUTS.nt }, [
    [
      "derivative of the wrong side",
      "v = relu_derivative(e0[base(params.e0, at) + row * params.e0.pitch + column], v);",
      "v = relu_derivative(v, e0[base(params.e0, at) + row * params.e0.pitch + column]);",
    ],
    ["a saved row too early", "row * params.e0.pitch + column", "(row - min(row, 1u)) * params.e0.pitch + column"],
  ]),
  ...family(MATMUL, { kernel: "matmul_4x4", label: "column sums", consts: LAYOUTS.tn }, [
    ["a row of the sums lost", " + block[3]; }", "; }"],
    ["sums not cut to n", "select(vec4f(), value, real)", "value"],
    ["sums of every row's thread", "return row == 0u;", "return row <= 4u;"],
    ["sums stored as a row", "i == 4u", "i == 5u"],
    ["no sums", "select(4u, 5u, sums_at(row))", "4u"],
  ]),
  ...family(MATMUL, { kernel: "matmul_4x4", label: "gather + relu", consts: LAYOUTS.nn }, [
    ["the step's batch forgotten", " + step.index * params.picks.step", ""],
    ["the run's number for its order", "runs[at.run].order * params.picks.run", "at.run * params.picks.run"],
    ["no shift", "frame[0], frame[1]);", "frame[0], vec4f());"],
  ]),
  ...family(MATMUL, { kernel: "matmul_start", label: "", consts: { ...LAYOUTS.nn, STACK: 4 } }, [
    ["the place in the stack forgotten", "* STACK + stacked", "* STACK"],
    ["as many workgroups as without", "* STACK + stacked", "+ stacked"],
    ["one k too few", "k < depth; k++", "k + 1u < depth; k++"],
  ]),
  ...family(MATMUL, { kernel: "matmul_16x4", label: "", consts: LAYOUTS.nn }, [
    ["the lane's row forgotten", "row + 4u + lane", "row + 4u"],
    ["the lane's columns forgotten", "left + lane * 4u", "left"],
    ["one lane's row twice", "quadBroadcast(mine, 2u)", "quadBroadcast(mine, 1u)"],
    ["k past the end kept", "vec4<bool>(!TAIL) | inside4(place.k, params.k)", "vec4<bool>(true)"],
  ]),
  ...family(MATMUL, { kernel: "matmul_16x4", label: "", consts: LAYOUTS.tn }, [
    ["the lane's k forgotten", "quad_next(at, k + lane)", "quad_next(at, k)"],
    ["the block not turned", "return transpose(block); }\n  return block;", "return block; }\n  return block;"],
    ["a lane past the end kept", "place.k + place.lane >= params.k", "place.k >= params.k"],
  ]),
  ...family(MATMUL, { kernel: "matmul_shared", label: "", consts: LAYOUTS.nn }, [
    ["no barrier before the products", "workgroupBarrier();\n    let after", "let after"],
    ["the first tile again", "after + mine_b.y * 4u", "mine_b.y * 4u"],
    ["the next tile of a one block early", "after + mine_a.y * 4u", "after + mine_a.y * 4u - 4u"],
    [
      "rows and k mixed up",
      "transpose(masked_a(at, top + mine_a.x * 4u, after",
      "(masked_a(at, top + mine_a.x * 4u, after",
    ],
    ["sums of all rows alike", "let r = i * WORKGROUP_Y + lane.y;", "let r = i * WORKGROUP_Y;"],
  ]),
  ...family(MATMUL, { kernel: "matmul_shared_1x4", label: "", consts: LAYOUTS.nn }, [
    ["four rows alike", "let part = lane.y % 4u;", "let part = 0u;"],
    ["b's blocks counted from the first thread", "block_of(index - A_BLOCKS", "block_of(index"],
    ["no barrier before the products", "workgroupBarrier();\n    let after", "let after"],
  ]),
  ...family(MATMUL, { kernel: "matmul_shared_8x8", label: "", consts: LAYOUTS.nn }, [
    ["no barrier before the products", "workgroupBarrier();\n    let after", "let after"],
    [
      "both halves of a tile alike",
      "a_tile[(i * 2u + 1u) * WORKGROUP_Y + lane.y]",
      "a_tile[i * 2u * WORKGROUP_Y + lane.y]",
    ],
    ["the right half in the left's place", "let right = column + WORKGROUP_X * 4u;", "let right = column;"],
    ["a tile too few", "brings_b && after < params.k", "brings_b && after + DEPTH < params.k"],
  ]),
];
