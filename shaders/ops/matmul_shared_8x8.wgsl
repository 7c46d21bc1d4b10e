// y = a b for any sizes, a or b transposed: as matmul_shared, with 8 x 8 results a thread: four blocks of 4 x 4, half a tile apart,
// so that neighbours read neighbouring vec4s of a tile. For large matrices on real GPUs.
const WORKGROUP_X = 8u; // threads along the columns of y
const WORKGROUP_Y = 8u; // threads along the rows of y
const DEPTH = 16u;      // k a trip
const A_TRANSPOSED = false; // a is [k, m] in memory
const B_TRANSPOSED = false; // b is [n, k] in memory
const A_BLOCKS = 2u * WORKGROUP_Y * DEPTH / 4u; // of 4 x 4, one a thread at most
const B_BLOCKS = 2u * WORKGROUP_X * DEPTH / 4u;
const_assert DEPTH % 4u == 0u && DEPTH <= 2u * WORKGROUP_X && DEPTH <= 2u * WORKGROUP_Y;

struct Params { grid: Grid, a: View, b: View, y: View, m: u32, n: u32, k: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>;       // [m, k]
@group(0) @binding(2) var<storage, read> b: array<vec4f>;       // [k, n]
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>; // [m, n]

var<workgroup> a_tile: array<vec4f, DEPTH * 2u * WORKGROUP_Y>; // [k][four rows]
var<workgroup> b_tile: array<vec4f, DEPTH * 2u * WORKGROUP_X>; // [k][four columns]

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) lane: vec3u, @builtin(local_invocation_index) index: u32) {
  let at = locate(params.grid, group, groups);
  let left = at.x * WORKGROUP_X * 8u;
  let top = at.y * WORKGROUP_Y * 8u;
  let column = left + lane.x * 4u;
  let row = top + lane.y * 4u;
  let mine_a = block_of(index, 2u * WORKGROUP_Y, DEPTH, A_TRANSPOSED);
  let mine_b = block_of(index, 2u * WORKGROUP_X, DEPTH, !B_TRANSPOSED);
  let brings_a = at.inside && index < A_BLOCKS;
  let brings_b = at.inside && index < B_BLOCKS;
  var next_a = mat4x4f();
  var next_b = mat4x4f();
  if (brings_a) { next_a = transpose(masked_a(at, top + mine_a.x * 4u, mine_a.y * 4u)); }
  if (brings_b) { next_b = masked_b(at, mine_b.y * 4u, left + mine_b.x * 4u); }
  var y0_0 = vec4f();
  var y0_1 = vec4f();
  var y1_0 = vec4f();
  var y1_1 = vec4f();
  var y2_0 = vec4f();
  var y2_1 = vec4f();
  var y3_0 = vec4f();
  var y3_1 = vec4f();
  var y4_0 = vec4f();
  var y4_1 = vec4f();
  var y5_0 = vec4f();
  var y5_1 = vec4f();
  var y6_0 = vec4f();
  var y6_1 = vec4f();
  var y7_0 = vec4f();
  var y7_1 = vec4f();
  for (var k = 0u; k < params.k; k += DEPTH) {
    if (index < A_BLOCKS) {
      let i = mine_a.y * 8u * WORKGROUP_Y + mine_a.x;
      a_tile[i] = next_a[0];
      a_tile[i + 2u * WORKGROUP_Y] = next_a[1];
      a_tile[i + 4u * WORKGROUP_Y] = next_a[2];
      a_tile[i + 6u * WORKGROUP_Y] = next_a[3];
    }
    if (index < B_BLOCKS) {
      let i = mine_b.y * 8u * WORKGROUP_X + mine_b.x;
      b_tile[i] = next_b[0];
      b_tile[i + 2u * WORKGROUP_X] = next_b[1];
      b_tile[i + 4u * WORKGROUP_X] = next_b[2];
      b_tile[i + 6u * WORKGROUP_X] = next_b[3];
    }
    workgroupBarrier();
    let after = k + DEPTH;
    if (brings_a && after < params.k) { next_a = transpose(masked_a(at, top + mine_a.x * 4u, after + mine_a.y * 4u)); }
    if (brings_b && after < params.k) { next_b = masked_b(at, after + mine_b.y * 4u, left + mine_b.x * 4u); }
    for (var i = 0u; i < DEPTH && k + i < params.k; i += 4u) {
      let c = i * 2u * WORKGROUP_X + lane.x;
      sum_b(0u, row, block_at(c));
      sum_b(1u, row, block_at(c + WORKGROUP_X));
    }
    for (var i = 0u; i < DEPTH; i++) {
      let b0 = b_tile[i * 2u * WORKGROUP_X + lane.x];
      let b1 = b_tile[(i * 2u + 1u) * WORKGROUP_X + lane.x];
      let a0 = a_tile[i * 2u * WORKGROUP_Y + lane.y];
      let a1 = a_tile[(i * 2u + 1u) * WORKGROUP_Y + lane.y];
      y0_0 = fma(vec4f(a0.x), b0, y0_0);
      y0_1 = fma(vec4f(a0.x), b1, y0_1);
      y1_0 = fma(vec4f(a0.y), b0, y1_0);
      y1_1 = fma(vec4f(a0.y), b1, y1_1);
      y2_0 = fma(vec4f(a0.z), b0, y2_0);
      y2_1 = fma(vec4f(a0.z), b1, y2_1);
      y3_0 = fma(vec4f(a0.w), b0, y3_0);
      y3_1 = fma(vec4f(a0.w), b1, y3_1);
      y4_0 = fma(vec4f(a1.x), b0, y4_0);
      y4_1 = fma(vec4f(a1.x), b1, y4_1);
      y5_0 = fma(vec4f(a1.y), b0, y5_0);
      y5_1 = fma(vec4f(a1.y), b1, y5_1);
      y6_0 = fma(vec4f(a1.z), b0, y6_0);
      y6_1 = fma(vec4f(a1.z), b1, y6_1);
      y7_0 = fma(vec4f(a1.w), b0, y7_0);
      y7_1 = fma(vec4f(a1.w), b1, y7_1);
    }
    workgroupBarrier();
  }
  if (at.inside) {
    let right = column + WORKGROUP_X * 4u;
    let below = row + WORKGROUP_Y * 4u;
    prepare(at);
    store(at, row, column, y0_0);
    store(at, row, right, y0_1);
    store(at, row + 1u, column, y1_0);
    store(at, row + 1u, right, y1_1);
    store(at, row + 2u, column, y2_0);
    store(at, row + 2u, right, y2_1);
    store(at, row + 3u, column, y3_0);
    store(at, row + 3u, right, y3_1);
    store(at, below, column, y4_0);
    store(at, below, right, y4_1);
    store(at, below + 1u, column, y5_0);
    store(at, below + 1u, right, y5_1);
    store(at, below + 2u, column, y6_0);
    store(at, below + 2u, right, y6_1);
    store(at, below + 3u, column, y7_0);
    store(at, below + 3u, right, y7_1);
    if (sums_at(row)) {
      store(at, SUMS_ROW, column, column_sum(0u));
      store(at, SUMS_ROW, right, column_sum(1u));
    }
  }
}

// Four k of four columns.
fn block_at(i: u32) -> mat4x4f {
  return mat4x4f(b_tile[i], b_tile[i + 2u * WORKGROUP_X], b_tile[i + 4u * WORKGROUP_X], b_tile[i + 6u * WORKGROUP_X]);
}
