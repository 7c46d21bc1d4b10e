// y = factor s, one number of a run spread over a tensor. Four neighbouring elements a thread.
const WORKGROUP = 64u;
const_assert WORKGROUP % 4u == 0u;

struct Params { grid: Grid, s: View, y: View, rows: u32, cols: u32, factor: f32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> s: array<f32>;         // [1]
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>; // [rows, cols]

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32) {
  let at = locate(params.grid, group, groups);
  let quads = (params.cols + 3u) / 4u;
  let i = at.x * WORKGROUP + lane;
  if (!at.inside || i >= params.rows * quads) { return; }
  let row = i / quads;
  let column = i - row * quads;
  let value = vec4f(params.factor * s[base(params.s, at)]);
  y[base(params.y, at) + row * params.y.pitch + column] = select(vec4f(), value, inside4(column * 4u, params.cols));
}
