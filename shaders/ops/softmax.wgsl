// y = exp(z - max z) / sum, row by row; one row a thread.
const WORKGROUP = 16u;
const_assert WORKGROUP % 4u == 0u;

struct Params { grid: Grid, z: View, y: View, rows: u32, cols: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> z: array<vec4f>;       // [rows, cols]
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>; // [rows, cols]

// Four logits; beyond the last one a number no maximum or sum will notice.
fn logits(origin: u32, quad: u32) -> vec4f {
  return select(vec4f(-3.0e38), z[origin + quad], inside4(quad * 4u, params.cols));
}

@compute @workgroup_size(WORKGROUP, 1, STACK)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) thread: vec3u) {
  let at = locate_stacked(params.grid, group, groups, thread.z);
  let lane = thread.x;
  let row = at.x * WORKGROUP + lane;
  if (!at.inside || row >= params.rows) { return; }
  let quads = (params.cols + 3u) / 4u;
  let origin = base(params.z, at) + row * params.z.pitch;
  var largest = -3.0e38;
  for (var q = 0u; q < quads; q++) {
    let four = logits(origin, q);
    largest = max(largest, max(max(four.x, four.y), max(four.z, four.w)));
  }
  var sum = 0.0;
  for (var q = 0u; q < quads; q++) {
    let e = select(vec4f(), exp(logits(origin, q) - largest), inside4(q * 4u, params.cols));
    sum = sum + ((e.x + e.y) + (e.z + e.w));
  }
  for (var q = 0u; q < quads; q++) {
    let p = exp(logits(origin, q) - largest) / sum;
    y[base(params.y, at) + row * params.y.pitch + q] = select(vec4f(), p, inside4(q * 4u, params.cols));
  }
}
