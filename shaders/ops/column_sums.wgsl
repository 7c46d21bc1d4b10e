// y[c] = x[0, c] + x[1, c] + ..., in order of the rows. Four columns a thread.
const WORKGROUP = 16u;
const_assert WORKGROUP % 4u == 0u;

struct Params { grid: Grid, x: View, y: View, rows: u32, cols: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;       // [rows, cols]
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>; // [cols]

@compute @workgroup_size(WORKGROUP, 1, STACK)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) thread: vec3u) {
  let at = locate_stacked(params.grid, group, groups, thread.z);
  let lane = thread.x;
  let column = at.x * WORKGROUP + lane;
  if (!at.inside || column * 4u >= params.cols) { return; }
  var sum = vec4f();
  for (var row = 0u; row < params.rows; row++) {
    sum = sum + x[base(params.x, at) + row * params.x.pitch + column];
  }
  y[base(params.y, at) + column] = select(vec4f(), sum, inside4(column * 4u, params.cols));
}
