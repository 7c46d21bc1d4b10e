// y = a b for any sizes, a or b transposed: as matmul_shared, with four results of one row a thread: eight warps where that has
// two. For products too small to fill a GPU, which wait for memory most of the time.
const WORKGROUP_X = 8u;  // threads along the columns of y
const WORKGROUP_Y = 32u; // threads along the rows of y
const DEPTH = 32u;       // k a trip
const A_TRANSPOSED = false; // a is [k, m] in memory
const B_TRANSPOSED = false; // b is [n, k] in memory
const A_BLOCKS = WORKGROUP_Y / 4u * DEPTH / 4u; // of 4 x 4; the first threads bring these, the next b's
const B_BLOCKS = WORKGROUP_X * DEPTH / 4u;
const_assert DEPTH % 4u == 0u && WORKGROUP_Y % 4u == 0u && A_BLOCKS + B_BLOCKS <= WORKGROUP_X * WORKGROUP_Y;

struct Params { grid: Grid, a: View, b: View, y: View, m: u32, n: u32, k: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>;       // [m, k]
@group(0) @binding(2) var<storage, read> b: array<vec4f>;       // [k, n]
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>; // [m, n]

var<workgroup> a_tile: array<vec4f, DEPTH * WORKGROUP_Y / 4u>; // [k][four rows]
var<workgroup> b_tile: array<vec4f, DEPTH * WORKGROUP_X>;      // [k][four columns]

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) lane: vec3u, @builtin(local_invocation_index) index: u32) {
  let at = locate(params.grid, group, groups);
  let left = at.x * WORKGROUP_X * 4u;
  let top = at.y * WORKGROUP_Y;
  let column = left + lane.x * 4u;
  let row = top + lane.y;
  let rows = WORKGROUP_Y / 4u;
  let mine_a = block_of(index, rows, DEPTH, A_TRANSPOSED);
  let mine_b = block_of(index - A_BLOCKS, WORKGROUP_X, DEPTH, !B_TRANSPOSED);
  let for_a = index < A_BLOCKS;
  let for_b = !for_a && index < A_BLOCKS + B_BLOCKS;
  var next = mat4x4f();
  if (at.inside && for_a) { next = transpose(masked_a(at, top + mine_a.x * 4u, mine_a.y * 4u)); }
  if (at.inside && for_b) { next = masked_b(at, mine_b.y * 4u, left + mine_b.x * 4u); }
  var y0 = vec4f();
  for (var k = 0u; k < params.k; k += DEPTH) {
    if (for_a) {
      let i = mine_a.y * 4u * rows + mine_a.x;
      a_tile[i] = next[0];
      a_tile[i + rows] = next[1];
      a_tile[i + 2u * rows] = next[2];
      a_tile[i + 3u * rows] = next[3];
    }
    if (for_b) {
      let i = mine_b.y * 4u * WORKGROUP_X + mine_b.x;
      b_tile[i] = next[0];
      b_tile[i + WORKGROUP_X] = next[1];
      b_tile[i + 2u * WORKGROUP_X] = next[2];
      b_tile[i + 3u * WORKGROUP_X] = next[3];
    }
    workgroupBarrier();
    let after = k + DEPTH;
    if (at.inside && for_a && after < params.k) { next = transpose(masked_a(at, top + mine_a.x * 4u, after + mine_a.y * 4u)); }
    if (at.inside && for_b && after < params.k) { next = masked_b(at, after + mine_b.y * 4u, left + mine_b.x * 4u); }
    for (var i = 0u; i < DEPTH; i += 4u) {
      let c = i * WORKGROUP_X + lane.x;
      let columns = mat4x4f(b_tile[c], b_tile[c + WORKGROUP_X], b_tile[c + 2u * WORKGROUP_X], b_tile[c + 3u * WORKGROUP_X]);
      let r = i * rows + lane.y / 4u;
      let part = lane.y % 4u;
      let left_row = vec4f(a_tile[r][part], a_tile[r + rows][part], a_tile[r + 2u * rows][part], a_tile[r + 3u * rows][part]);
      if (k + i < params.k) { sum_b(0u, row, columns); }
      y0 = row_times(left_row, columns, y0);
    }
    workgroupBarrier();
  }
  if (at.inside) {
    prepare(at);
    store(at, row, column, y0);
    if (sums_at(row)) { store(at, SUMS_ROW, column, column_sum(0u)); }
  }
}
