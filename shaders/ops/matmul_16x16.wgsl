// y = a b for any sizes, a or b transposed: 16 x 16 results a thread, in named vec4 accumulators, and four threads side by side
// load a between them (lib/quad.wgsl): a workgroup is one quad of a subgroup. No workgroup memory, no barrier. For large results: the fewest loads a product.
enable subgroups;
const A_TRANSPOSED = false; // a is [k, m] in memory
const B_TRANSPOSED = false; // b is [n, k] in memory

struct Params { grid: Grid, a: View, b: View, y: View, m: u32, n: u32, k: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>;       // [m, k]
@group(0) @binding(2) var<storage, read> b: array<vec4f>;       // [k, n]
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>; // [m, n]

@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(subgroup_invocation_id) lane: u32) {
  let at = locate(params.grid, group, groups);
  let left = at.x * 64u;
  let row = at.y * 16u;
  if (!at.inside || row >= params.m || left >= params.n) { return; }
  let column = left + lane * 16u;
  var y0_0 = vec4f(); var y0_1 = vec4f(); var y0_2 = vec4f(); var y0_3 = vec4f();
  var y1_0 = vec4f(); var y1_1 = vec4f(); var y1_2 = vec4f(); var y1_3 = vec4f();
  var y2_0 = vec4f(); var y2_1 = vec4f(); var y2_2 = vec4f(); var y2_3 = vec4f();
  var y3_0 = vec4f(); var y3_1 = vec4f(); var y3_2 = vec4f(); var y3_3 = vec4f();
  var y4_0 = vec4f(); var y4_1 = vec4f(); var y4_2 = vec4f(); var y4_3 = vec4f();
  var y5_0 = vec4f(); var y5_1 = vec4f(); var y5_2 = vec4f(); var y5_3 = vec4f();
  var y6_0 = vec4f(); var y6_1 = vec4f(); var y6_2 = vec4f(); var y6_3 = vec4f();
  var y7_0 = vec4f(); var y7_1 = vec4f(); var y7_2 = vec4f(); var y7_3 = vec4f();
  var y8_0 = vec4f(); var y8_1 = vec4f(); var y8_2 = vec4f(); var y8_3 = vec4f();
  var y9_0 = vec4f(); var y9_1 = vec4f(); var y9_2 = vec4f(); var y9_3 = vec4f();
  var y10_0 = vec4f(); var y10_1 = vec4f(); var y10_2 = vec4f(); var y10_3 = vec4f();
  var y11_0 = vec4f(); var y11_1 = vec4f(); var y11_2 = vec4f(); var y11_3 = vec4f();
  var y12_0 = vec4f(); var y12_1 = vec4f(); var y12_2 = vec4f(); var y12_3 = vec4f();
  var y13_0 = vec4f(); var y13_1 = vec4f(); var y13_2 = vec4f(); var y13_3 = vec4f();
  var y14_0 = vec4f(); var y14_1 = vec4f(); var y14_2 = vec4f(); var y14_3 = vec4f();
  var y15_0 = vec4f(); var y15_1 = vec4f(); var y15_2 = vec4f(); var y15_3 = vec4f();
  let from0 = quad_row(at, row + lane);
  let from1 = quad_row(at, row + 4u + lane);
  let from2 = quad_row(at, row + 8u + lane);
  let from3 = quad_row(at, row + 12u + lane);
  let frame0 = quad_frame(row);
  let frame1 = quad_frame(row + 4u);
  let frame2 = quad_frame(row + 8u);
  let frame3 = quad_frame(row + 12u);
  for (var k = 0u; k < params.k; k += 4u) {
    let b0 = next_b(at, k, column);
    sum_b(0u, row, b0);
    let b1 = next_b(at, k, column + 4u);
    sum_b(1u, row, b1);
    let b2 = next_b(at, k, column + 8u);
    sum_b(2u, row, b2);
    let b3 = next_b(at, k, column + 12u);
    sum_b(3u, row, b3);
    let next = quad_next(at, k + lane);
    let frame = quad_next_frame(k);
    let a0 = quad_block(Quad(from0, next, row, k, lane), frame0, frame);
    y0_0 = row_times(a0[0], b0, y0_0); y0_1 = row_times(a0[0], b1, y0_1); y0_2 = row_times(a0[0], b2, y0_2); y0_3 = row_times(a0[0], b3, y0_3);
    y1_0 = row_times(a0[1], b0, y1_0); y1_1 = row_times(a0[1], b1, y1_1); y1_2 = row_times(a0[1], b2, y1_2); y1_3 = row_times(a0[1], b3, y1_3);
    y2_0 = row_times(a0[2], b0, y2_0); y2_1 = row_times(a0[2], b1, y2_1); y2_2 = row_times(a0[2], b2, y2_2); y2_3 = row_times(a0[2], b3, y2_3);
    y3_0 = row_times(a0[3], b0, y3_0); y3_1 = row_times(a0[3], b1, y3_1); y3_2 = row_times(a0[3], b2, y3_2); y3_3 = row_times(a0[3], b3, y3_3);
    let a1 = quad_block(Quad(from1, next, row + 4u, k, lane), frame1, frame);
    y4_0 = row_times(a1[0], b0, y4_0); y4_1 = row_times(a1[0], b1, y4_1); y4_2 = row_times(a1[0], b2, y4_2); y4_3 = row_times(a1[0], b3, y4_3);
    y5_0 = row_times(a1[1], b0, y5_0); y5_1 = row_times(a1[1], b1, y5_1); y5_2 = row_times(a1[1], b2, y5_2); y5_3 = row_times(a1[1], b3, y5_3);
    y6_0 = row_times(a1[2], b0, y6_0); y6_1 = row_times(a1[2], b1, y6_1); y6_2 = row_times(a1[2], b2, y6_2); y6_3 = row_times(a1[2], b3, y6_3);
    y7_0 = row_times(a1[3], b0, y7_0); y7_1 = row_times(a1[3], b1, y7_1); y7_2 = row_times(a1[3], b2, y7_2); y7_3 = row_times(a1[3], b3, y7_3);
    let a2 = quad_block(Quad(from2, next, row + 8u, k, lane), frame2, frame);
    y8_0 = row_times(a2[0], b0, y8_0); y8_1 = row_times(a2[0], b1, y8_1); y8_2 = row_times(a2[0], b2, y8_2); y8_3 = row_times(a2[0], b3, y8_3);
    y9_0 = row_times(a2[1], b0, y9_0); y9_1 = row_times(a2[1], b1, y9_1); y9_2 = row_times(a2[1], b2, y9_2); y9_3 = row_times(a2[1], b3, y9_3);
    y10_0 = row_times(a2[2], b0, y10_0); y10_1 = row_times(a2[2], b1, y10_1); y10_2 = row_times(a2[2], b2, y10_2); y10_3 = row_times(a2[2], b3, y10_3);
    y11_0 = row_times(a2[3], b0, y11_0); y11_1 = row_times(a2[3], b1, y11_1); y11_2 = row_times(a2[3], b2, y11_2); y11_3 = row_times(a2[3], b3, y11_3);
    let a3 = quad_block(Quad(from3, next, row + 12u, k, lane), frame3, frame);
    y12_0 = row_times(a3[0], b0, y12_0); y12_1 = row_times(a3[0], b1, y12_1); y12_2 = row_times(a3[0], b2, y12_2); y12_3 = row_times(a3[0], b3, y12_3);
    y13_0 = row_times(a3[1], b0, y13_0); y13_1 = row_times(a3[1], b1, y13_1); y13_2 = row_times(a3[1], b2, y13_2); y13_3 = row_times(a3[1], b3, y13_3);
    y14_0 = row_times(a3[2], b0, y14_0); y14_1 = row_times(a3[2], b1, y14_1); y14_2 = row_times(a3[2], b2, y14_2); y14_3 = row_times(a3[2], b3, y14_3);
    y15_0 = row_times(a3[3], b0, y15_0); y15_1 = row_times(a3[3], b1, y15_1); y15_2 = row_times(a3[3], b2, y15_2); y15_3 = row_times(a3[3], b3, y15_3);
  }
  prepare(at);
  // One store in a loop: the pipeline compiles in a fraction of the time that 64 stores take.
  var all = array<vec4f, 68>(
    y0_0, y0_1, y0_2, y0_3, y1_0, y1_1, y1_2, y1_3,
    y2_0, y2_1, y2_2, y2_3, y3_0, y3_1, y3_2, y3_3,
    y4_0, y4_1, y4_2, y4_3, y5_0, y5_1, y5_2, y5_3,
    y6_0, y6_1, y6_2, y6_3, y7_0, y7_1, y7_2, y7_3,
    y8_0, y8_1, y8_2, y8_3, y9_0, y9_1, y9_2, y9_3,
    y10_0, y10_1, y10_2, y10_3, y11_0, y11_1, y11_2, y11_3,
    y12_0, y12_1, y12_2, y12_3, y13_0, y13_1, y13_2, y13_3,
    y14_0, y14_1, y14_2, y14_3, y15_0, y15_1, y15_2, y15_3,
    column_sum(0u), column_sum(1u), column_sum(2u), column_sum(3u),
  );
  for (var i = 0u; i < select(64u, 68u, sums_at(row)); i++) {
    store(at, select(row + i / 4u, SUMS_ROW, i >= 64u), column + i % 4u * 4u, all[i]);
  }
}
