// y = a b for any sizes, a or b transposed: 16 x 8 results a thread, in named vec4 accumulators.
// No workgroup memory, no barrier. For large results: the fewest loads a product.
const WORKGROUP_X = 4u; // threads along the columns of y
const WORKGROUP_Y = 1u; // threads along the rows of y
const A_TRANSPOSED = false; // a is [k, m] in memory
const B_TRANSPOSED = false; // b is [n, k] in memory
const TAIL = true; // k may be no multiple of 4; without the tail the pipeline compiles in half the time
const_assert WORKGROUP_X * WORKGROUP_Y % 4u == 0u;

struct Params { grid: Grid, a: View, b: View, y: View, m: u32, n: u32, k: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>;       // [m, k]
@group(0) @binding(2) var<storage, read> b: array<vec4f>;       // [k, n]
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>; // [m, n]

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) lane: vec3u) {
  let at = locate(params.grid, group, groups);
  let column = (at.x * WORKGROUP_X + lane.x) * 8u;
  let row = (at.y * WORKGROUP_Y + lane.y) * 16u;
  if (!at.inside || row >= params.m || column >= params.n) { return; }
  var y0_0 = vec4f(); var y0_1 = vec4f();
  var y1_0 = vec4f(); var y1_1 = vec4f();
  var y2_0 = vec4f(); var y2_1 = vec4f();
  var y3_0 = vec4f(); var y3_1 = vec4f();
  var y4_0 = vec4f(); var y4_1 = vec4f();
  var y5_0 = vec4f(); var y5_1 = vec4f();
  var y6_0 = vec4f(); var y6_1 = vec4f();
  var y7_0 = vec4f(); var y7_1 = vec4f();
  var y8_0 = vec4f(); var y8_1 = vec4f();
  var y9_0 = vec4f(); var y9_1 = vec4f();
  var y10_0 = vec4f(); var y10_1 = vec4f();
  var y11_0 = vec4f(); var y11_1 = vec4f();
  var y12_0 = vec4f(); var y12_1 = vec4f();
  var y13_0 = vec4f(); var y13_1 = vec4f();
  var y14_0 = vec4f(); var y14_1 = vec4f();
  var y15_0 = vec4f(); var y15_1 = vec4f();
  let whole = params.k / 4u * 4u;
  for (var k = 0u; k < whole; k += 4u) {
    let b0 = load_b(at, k, column);
    sum_b(0u, row, b0);
    let b1 = load_b(at, k, column + 4u);
    sum_b(1u, row, b1);
    let a0 = load_a(at, row, k);
    y0_0 = row_times(a0[0], b0, y0_0); y0_1 = row_times(a0[0], b1, y0_1);
    y1_0 = row_times(a0[1], b0, y1_0); y1_1 = row_times(a0[1], b1, y1_1);
    y2_0 = row_times(a0[2], b0, y2_0); y2_1 = row_times(a0[2], b1, y2_1);
    y3_0 = row_times(a0[3], b0, y3_0); y3_1 = row_times(a0[3], b1, y3_1);
    let a1 = load_a(at, row + 4u, k);
    y4_0 = row_times(a1[0], b0, y4_0); y4_1 = row_times(a1[0], b1, y4_1);
    y5_0 = row_times(a1[1], b0, y5_0); y5_1 = row_times(a1[1], b1, y5_1);
    y6_0 = row_times(a1[2], b0, y6_0); y6_1 = row_times(a1[2], b1, y6_1);
    y7_0 = row_times(a1[3], b0, y7_0); y7_1 = row_times(a1[3], b1, y7_1);
    let a2 = load_a(at, row + 8u, k);
    y8_0 = row_times(a2[0], b0, y8_0); y8_1 = row_times(a2[0], b1, y8_1);
    y9_0 = row_times(a2[1], b0, y9_0); y9_1 = row_times(a2[1], b1, y9_1);
    y10_0 = row_times(a2[2], b0, y10_0); y10_1 = row_times(a2[2], b1, y10_1);
    y11_0 = row_times(a2[3], b0, y11_0); y11_1 = row_times(a2[3], b1, y11_1);
    let a3 = load_a(at, row + 12u, k);
    y12_0 = row_times(a3[0], b0, y12_0); y12_1 = row_times(a3[0], b1, y12_1);
    y13_0 = row_times(a3[1], b0, y13_0); y13_1 = row_times(a3[1], b1, y13_1);
    y14_0 = row_times(a3[2], b0, y14_0); y14_1 = row_times(a3[2], b1, y14_1);
    y15_0 = row_times(a3[3], b0, y15_0); y15_1 = row_times(a3[3], b1, y15_1);
  }
  if (TAIL && whole < params.k) {
    let b0 = masked_b(at, whole, column);
    sum_b(0u, row, b0);
    let b1 = masked_b(at, whole, column + 4u);
    sum_b(1u, row, b1);
    let a0 = masked_a(at, row, whole);
    y0_0 = row_times(a0[0], b0, y0_0); y0_1 = row_times(a0[0], b1, y0_1);
    y1_0 = row_times(a0[1], b0, y1_0); y1_1 = row_times(a0[1], b1, y1_1);
    y2_0 = row_times(a0[2], b0, y2_0); y2_1 = row_times(a0[2], b1, y2_1);
    y3_0 = row_times(a0[3], b0, y3_0); y3_1 = row_times(a0[3], b1, y3_1);
    let a1 = masked_a(at, row + 4u, whole);
    y4_0 = row_times(a1[0], b0, y4_0); y4_1 = row_times(a1[0], b1, y4_1);
    y5_0 = row_times(a1[1], b0, y5_0); y5_1 = row_times(a1[1], b1, y5_1);
    y6_0 = row_times(a1[2], b0, y6_0); y6_1 = row_times(a1[2], b1, y6_1);
    y7_0 = row_times(a1[3], b0, y7_0); y7_1 = row_times(a1[3], b1, y7_1);
    let a2 = masked_a(at, row + 8u, whole);
    y8_0 = row_times(a2[0], b0, y8_0); y8_1 = row_times(a2[0], b1, y8_1);
    y9_0 = row_times(a2[1], b0, y9_0); y9_1 = row_times(a2[1], b1, y9_1);
    y10_0 = row_times(a2[2], b0, y10_0); y10_1 = row_times(a2[2], b1, y10_1);
    y11_0 = row_times(a2[3], b0, y11_0); y11_1 = row_times(a2[3], b1, y11_1);
    let a3 = masked_a(at, row + 12u, whole);
    y12_0 = row_times(a3[0], b0, y12_0); y12_1 = row_times(a3[0], b1, y12_1);
    y13_0 = row_times(a3[1], b0, y13_0); y13_1 = row_times(a3[1], b1, y13_1);
    y14_0 = row_times(a3[2], b0, y14_0); y14_1 = row_times(a3[2], b1, y14_1);
    y15_0 = row_times(a3[3], b0, y15_0); y15_1 = row_times(a3[3], b1, y15_1);
  }
  // One store in a loop: the pipeline compiles in a fraction of the time that 32 stores take.
  var all = array<vec4f, 32>(
    y0_0, y0_1, y1_0, y1_1,
    y2_0, y2_1, y3_0, y3_1,
    y4_0, y4_1, y5_0, y5_1,
    y6_0, y6_1, y7_0, y7_1,
    y8_0, y8_1, y9_0, y9_1,
    y10_0, y10_1, y11_0, y11_1,
    y12_0, y12_1, y13_0, y13_1,
    y14_0, y14_1, y15_0, y15_1,
  );
  for (var i = 0u; i < 32u; i++) {
    store(at, row + i / 2u, column + i % 2u * 4u, all[i]);
  }
  store_sums(at, 0u, row, column);
  store_sums(at, 1u, row, column + 4u);
}
