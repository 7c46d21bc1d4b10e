// y = a b for any sizes, a or b transposed: a workgroup computes 32 x 32 results from tiles of a and b in its own memory,
// 8 x 8 threads with 4 x 4 results each, 8 k at a time. For real GPUs; sums run in order of k, so the bits are those of the other tiles.
const A_TRANSPOSED = false; // a is [k, m] in memory
const B_TRANSPOSED = false; // b is [n, k] in memory

struct Params { grid: Grid, a: View, b: View, y: View, m: u32, n: u32, k: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>;       // [m, k]
@group(0) @binding(2) var<storage, read> b: array<vec4f>;       // [k, n]
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>; // [m, n]

var<workgroup> a_tile: array<mat4x4f, 16>; // [8 row blocks][2 k blocks]
var<workgroup> b_tile: array<mat4x4f, 16>; // [2 k blocks][8 column blocks]

@compute @workgroup_size(8, 8)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) lane: vec3u, @builtin(local_invocation_index) index: u32) {
  let at = locate(params.grid, group, groups);
  let left = at.x * 32u;
  let top = at.y * 32u;
  let column = left + lane.x * 4u;
  let row = top + lane.y * 4u;
  var y0 = vec4f();
  var y1 = vec4f();
  var y2 = vec4f();
  var y3 = vec4f();
  for (var k = 0u; k < params.k; k += 8u) {
    // The first 16 threads bring a's blocks, the next 16 b's.
    let block = index % 16u;
    if (at.inside && index < 16u) {
      a_tile[block] = masked_a(at, top + block / 2u * 4u, k + block % 2u * 4u);
    } else if (at.inside && index < 32u) {
      b_tile[block] = masked_b(at, k + block / 8u * 4u, left + block % 8u * 4u);
    }
    workgroupBarrier();
    for (var part = 0u; part < 2u; part++) {
      let rows = a_tile[lane.y * 2u + part];
      let columns = b_tile[part * 8u + lane.x];
      if (k + part * 4u < params.k) { sum_b(0u, row, columns); }
      y0 = row_times(rows[0], columns, y0);
      y1 = row_times(rows[1], columns, y1);
      y2 = row_times(rows[2], columns, y2);
      y3 = row_times(rows[3], columns, y3);
    }
    workgroupBarrier();
  }
  if (at.inside) {
    store(at, row, column, y0);
    store(at, row + 1u, column, y1);
    store(at, row + 2u, column, y2);
    store(at, row + 3u, column, y3);
    store_sums(at, 0u, row, column);
  }
}
