// y = a b for any sizes, a or b transposed: 16 x 4 results a thread, in named vec4 accumulators, and four threads side by side
// load a between them (lib/quad.wgsl): a workgroup is one quad of a subgroup. No workgroup memory, no barrier. For thin results, up to 16 columns wide.
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
  let left = at.x * 16u;
  let row = at.y * 16u;
  if (!at.inside || row >= params.m || left >= params.n) { return; }
  let column = left + lane * 4u;
  var y0_0 = vec4f();
  var y1_0 = vec4f();
  var y2_0 = vec4f();
  var y3_0 = vec4f();
  var y4_0 = vec4f();
  var y5_0 = vec4f();
  var y6_0 = vec4f();
  var y7_0 = vec4f();
  var y8_0 = vec4f();
  var y9_0 = vec4f();
  var y10_0 = vec4f();
  var y11_0 = vec4f();
  var y12_0 = vec4f();
  var y13_0 = vec4f();
  var y14_0 = vec4f();
  var y15_0 = vec4f();
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
    let next = quad_next(at, k + lane);
    let frame = quad_next_frame(k);
    let a0 = quad_block(Quad(from0, next, row, k, lane), frame0, frame);
    y0_0 = row_times(a0[0], b0, y0_0);
    y1_0 = row_times(a0[1], b0, y1_0);
    y2_0 = row_times(a0[2], b0, y2_0);
    y3_0 = row_times(a0[3], b0, y3_0);
    let a1 = quad_block(Quad(from1, next, row + 4u, k, lane), frame1, frame);
    y4_0 = row_times(a1[0], b0, y4_0);
    y5_0 = row_times(a1[1], b0, y5_0);
    y6_0 = row_times(a1[2], b0, y6_0);
    y7_0 = row_times(a1[3], b0, y7_0);
    let a2 = quad_block(Quad(from2, next, row + 8u, k, lane), frame2, frame);
    y8_0 = row_times(a2[0], b0, y8_0);
    y9_0 = row_times(a2[1], b0, y9_0);
    y10_0 = row_times(a2[2], b0, y10_0);
    y11_0 = row_times(a2[3], b0, y11_0);
    let a3 = quad_block(Quad(from3, next, row + 12u, k, lane), frame3, frame);
    y12_0 = row_times(a3[0], b0, y12_0);
    y13_0 = row_times(a3[1], b0, y13_0);
    y14_0 = row_times(a3[2], b0, y14_0);
    y15_0 = row_times(a3[3], b0, y15_0);
  }
  prepare(at);
  // One store in a loop: the pipeline compiles in a fraction of the time that 16 stores take.
  var all = array<vec4f, 17>(
    y0_0, y1_0, y2_0, y3_0, y4_0, y5_0, y6_0, y7_0,
    y8_0, y9_0, y10_0, y11_0, y12_0, y13_0, y14_0, y15_0,
    column_sum(0u),
  );
  for (var i = 0u; i < select(16u, 17u, sums_at(row)); i++) {
    store(at, select(row + i, SUMS_ROW, i >= 16u), column, all[i]);
  }
}
