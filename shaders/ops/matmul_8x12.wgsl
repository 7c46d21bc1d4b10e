// y = a b for any sizes, a or b transposed: 8 x 12 results a thread, in named vec4 accumulators.
// No workgroup memory, no barrier. For thin results, up to 12 columns wide: one thread spans a row.
const WORKGROUP_X = 1u; // threads along the columns of y
const WORKGROUP_Y = 4u; // threads along the rows of y
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
  let column = (at.x * WORKGROUP_X + lane.x) * 12u;
  let row = (at.y * WORKGROUP_Y + lane.y) * 8u;
  if (!at.inside || row >= params.m || column >= params.n) { return; }
  var y0_0 = vec4f(); var y0_1 = vec4f(); var y0_2 = vec4f();
  var y1_0 = vec4f(); var y1_1 = vec4f(); var y1_2 = vec4f();
  var y2_0 = vec4f(); var y2_1 = vec4f(); var y2_2 = vec4f();
  var y3_0 = vec4f(); var y3_1 = vec4f(); var y3_2 = vec4f();
  var y4_0 = vec4f(); var y4_1 = vec4f(); var y4_2 = vec4f();
  var y5_0 = vec4f(); var y5_1 = vec4f(); var y5_2 = vec4f();
  var y6_0 = vec4f(); var y6_1 = vec4f(); var y6_2 = vec4f();
  var y7_0 = vec4f(); var y7_1 = vec4f(); var y7_2 = vec4f();
  let whole = params.k / 4u * 4u;
  for (var k = 0u; k < whole; k += 4u) {
    let b0 = load_b(at, k, column);
    sum_b(0u, row, b0);
    let b1 = load_b(at, k, column + 4u);
    sum_b(1u, row, b1);
    let b2 = load_b(at, k, column + 8u);
    sum_b(2u, row, b2);
    let a0 = load_a(at, row, k);
    y0_0 = row_times(a0[0], b0, y0_0); y0_1 = row_times(a0[0], b1, y0_1); y0_2 = row_times(a0[0], b2, y0_2);
    y1_0 = row_times(a0[1], b0, y1_0); y1_1 = row_times(a0[1], b1, y1_1); y1_2 = row_times(a0[1], b2, y1_2);
    y2_0 = row_times(a0[2], b0, y2_0); y2_1 = row_times(a0[2], b1, y2_1); y2_2 = row_times(a0[2], b2, y2_2);
    y3_0 = row_times(a0[3], b0, y3_0); y3_1 = row_times(a0[3], b1, y3_1); y3_2 = row_times(a0[3], b2, y3_2);
    let a1 = load_a(at, row + 4u, k);
    y4_0 = row_times(a1[0], b0, y4_0); y4_1 = row_times(a1[0], b1, y4_1); y4_2 = row_times(a1[0], b2, y4_2);
    y5_0 = row_times(a1[1], b0, y5_0); y5_1 = row_times(a1[1], b1, y5_1); y5_2 = row_times(a1[1], b2, y5_2);
    y6_0 = row_times(a1[2], b0, y6_0); y6_1 = row_times(a1[2], b1, y6_1); y6_2 = row_times(a1[2], b2, y6_2);
    y7_0 = row_times(a1[3], b0, y7_0); y7_1 = row_times(a1[3], b1, y7_1); y7_2 = row_times(a1[3], b2, y7_2);
  }
  if (TAIL && whole < params.k) {
    let b0 = masked_b(at, whole, column);
    sum_b(0u, row, b0);
    let b1 = masked_b(at, whole, column + 4u);
    sum_b(1u, row, b1);
    let b2 = masked_b(at, whole, column + 8u);
    sum_b(2u, row, b2);
    let a0 = masked_a(at, row, whole);
    y0_0 = row_times(a0[0], b0, y0_0); y0_1 = row_times(a0[0], b1, y0_1); y0_2 = row_times(a0[0], b2, y0_2);
    y1_0 = row_times(a0[1], b0, y1_0); y1_1 = row_times(a0[1], b1, y1_1); y1_2 = row_times(a0[1], b2, y1_2);
    y2_0 = row_times(a0[2], b0, y2_0); y2_1 = row_times(a0[2], b1, y2_1); y2_2 = row_times(a0[2], b2, y2_2);
    y3_0 = row_times(a0[3], b0, y3_0); y3_1 = row_times(a0[3], b1, y3_1); y3_2 = row_times(a0[3], b2, y3_2);
    let a1 = masked_a(at, row + 4u, whole);
    y4_0 = row_times(a1[0], b0, y4_0); y4_1 = row_times(a1[0], b1, y4_1); y4_2 = row_times(a1[0], b2, y4_2);
    y5_0 = row_times(a1[1], b0, y5_0); y5_1 = row_times(a1[1], b1, y5_1); y5_2 = row_times(a1[1], b2, y5_2);
    y6_0 = row_times(a1[2], b0, y6_0); y6_1 = row_times(a1[2], b1, y6_1); y6_2 = row_times(a1[2], b2, y6_2);
    y7_0 = row_times(a1[3], b0, y7_0); y7_1 = row_times(a1[3], b1, y7_1); y7_2 = row_times(a1[3], b2, y7_2);
  }
  // One store in a loop: the pipeline compiles in a fraction of the time that 24 stores take.
  var all = array<vec4f, 24>(
    y0_0, y0_1, y0_2, y1_0, y1_1, y1_2,
    y2_0, y2_1, y2_2, y3_0, y3_1, y3_2,
    y4_0, y4_1, y4_2, y5_0, y5_1, y5_2,
    y6_0, y6_1, y6_2, y7_0, y7_1, y7_2,
  );
  for (var i = 0u; i < 24u; i++) {
    store(at, row + i / 3u, column + i % 3u * 4u, all[i]);
  }
  store_sums(at, 0u, row, column);
  store_sums(at, 1u, row, column + 4u);
  store_sums(at, 2u, row, column + 8u);
}
