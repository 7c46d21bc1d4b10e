// y = a b for any sizes, a or b transposed: 4 x 4 results a thread, in named vec4 accumulators.
// No workgroup memory, no barrier. Compiles fastest; for small results and many runs.
const WORKGROUP_X = 8u; // threads along the columns of y
const WORKGROUP_Y = 8u; // threads along the rows of y
const A_TRANSPOSED = false; // a is [k, m] in memory
const B_TRANSPOSED = false; // b is [n, k] in memory
const_assert WORKGROUP_X * WORKGROUP_Y % 4u == 0u;

struct Params { grid: Grid, a: View, b: View, y: View, m: u32, n: u32, k: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>;       // [m, k]
@group(0) @binding(2) var<storage, read> b: array<vec4f>;       // [k, n]
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>; // [m, n]

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y, STACK)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) lane: vec3u) {
  let at = locate_stacked(params.grid, group, groups, lane.z);
  let column = (at.x * WORKGROUP_X + lane.x) * 4u;
  let row = (at.y * WORKGROUP_Y + lane.y) * 4u;
  if (!at.inside || row >= params.m || column >= params.n) { return; }
  var y0_0 = vec4f();
  var y1_0 = vec4f();
  var y2_0 = vec4f();
  var y3_0 = vec4f();
  for (var k = 0u; k < params.k; k += 4u) {
    let b0 = next_b(at, k, column);
    sum_b(0u, row, b0);
    let a0 = next_a(at, row, k);
    y0_0 = row_times(a0[0], b0, y0_0);
    y1_0 = row_times(a0[1], b0, y1_0);
    y2_0 = row_times(a0[2], b0, y2_0);
    y3_0 = row_times(a0[3], b0, y3_0);
  }
  prepare(at);
  var all = array<vec4f, 5>(y0_0, y1_0, y2_0, y3_0, column_sum(0u));
  for (var i = 0u; i < select(4u, 5u, sums_at(row)); i++) { store(at, select(row + i, SUMS_ROW, i == 4u), column, all[i]); }
}
