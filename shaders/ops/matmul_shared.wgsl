// y = a b for any sizes, a or b transposed: a workgroup computes a tile of y from tiles of a and b in its own memory, 4 x 4
// results a thread, DEPTH k at a time; the next tiles are on their way while it computes. For real GPUs.
const WORKGROUP_X = 8u; // threads along the columns of y
const WORKGROUP_Y = 8u; // threads along the rows of y
const DEPTH = 16u;      // k a trip
const A_TRANSPOSED = false; // a is [k, m] in memory
const B_TRANSPOSED = false; // b is [n, k] in memory
const A_BLOCKS = WORKGROUP_Y * DEPTH / 4u; // of 4 x 4, one a thread at most
const B_BLOCKS = WORKGROUP_X * DEPTH / 4u;
const_assert DEPTH % 4u == 0u && DEPTH <= 4u * WORKGROUP_X && DEPTH <= 4u * WORKGROUP_Y;

struct Params { grid: Grid, a: View, b: View, y: View, m: u32, n: u32, k: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>;       // [m, k]
@group(0) @binding(2) var<storage, read> b: array<vec4f>;       // [k, n]
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>; // [m, n]

var<workgroup> a_tile: array<vec4f, DEPTH * WORKGROUP_Y>; // [k][four rows]
var<workgroup> b_tile: array<vec4f, DEPTH * WORKGROUP_X>; // [k][four columns]

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) lane: vec3u, @builtin(local_invocation_index) index: u32) {
  let at = locate(params.grid, group, groups);
  let left = at.x * WORKGROUP_X * 4u;
  let top = at.y * WORKGROUP_Y * 4u;
  let column = left + lane.x * 4u;
  let row = top + lane.y * 4u;
  let mine_a = block_of(index, WORKGROUP_Y, DEPTH, A_TRANSPOSED);
  let mine_b = block_of(index, WORKGROUP_X, DEPTH, !B_TRANSPOSED);
  let brings_a = at.inside && index < A_BLOCKS;
  let brings_b = at.inside && index < B_BLOCKS;
  var next_a = mat4x4f();
  var next_b = mat4x4f();
  if (brings_a) { next_a = transpose(masked_a(at, top + mine_a.x * 4u, mine_a.y * 4u)); }
  if (brings_b) { next_b = masked_b(at, mine_b.y * 4u, left + mine_b.x * 4u); }
  var y0 = vec4f();
  var y1 = vec4f();
  var y2 = vec4f();
  var y3 = vec4f();
  for (var k = 0u; k < params.k; k += DEPTH) {
    if (index < A_BLOCKS) {
      let i = mine_a.y * 4u * WORKGROUP_Y + mine_a.x;
      a_tile[i] = next_a[0];
      a_tile[i + WORKGROUP_Y] = next_a[1];
      a_tile[i + 2u * WORKGROUP_Y] = next_a[2];
      a_tile[i + 3u * WORKGROUP_Y] = next_a[3];
    }
    if (index < B_BLOCKS) {
      let i = mine_b.y * 4u * WORKGROUP_X + mine_b.x;
      b_tile[i] = next_b[0];
      b_tile[i + WORKGROUP_X] = next_b[1];
      b_tile[i + 2u * WORKGROUP_X] = next_b[2];
      b_tile[i + 3u * WORKGROUP_X] = next_b[3];
    }
    workgroupBarrier();
    let after = k + DEPTH;
    if (brings_a && after < params.k) { next_a = transpose(masked_a(at, top + mine_a.x * 4u, after + mine_a.y * 4u)); }
    if (brings_b && after < params.k) { next_b = masked_b(at, after + mine_b.y * 4u, left + mine_b.x * 4u); }
    for (var i = 0u; i < DEPTH; i += 4u) {
      let c = i * WORKGROUP_X + lane.x;
      let columns = mat4x4f(b_tile[c], b_tile[c + WORKGROUP_X], b_tile[c + 2u * WORKGROUP_X], b_tile[c + 3u * WORKGROUP_X]);
      let r = i * WORKGROUP_Y + lane.y;
      let rows = transpose(mat4x4f(a_tile[r], a_tile[r + WORKGROUP_Y], a_tile[r + 2u * WORKGROUP_Y], a_tile[r + 3u * WORKGROUP_Y]));
      if (k + i < params.k) { sum_b(0u, row, columns); }
      y0 = row_times(rows[0], columns, y0);
      y1 = row_times(rows[1], columns, y1);
      y2 = row_times(rows[2], columns, y2);
      y3 = row_times(rows[3], columns, y3);
    }
    workgroupBarrier();
  }
  if (at.inside) {
    prepare(at);
    store(at, row, column, y0);
    store(at, row + 1u, column, y1);
    store(at, row + 2u, column, y2);
    store(at, row + 3u, column, y3);
    if (sums_at(row)) { store(at, SUMS_ROW, column, column_sum(0u)); }
  }
}
