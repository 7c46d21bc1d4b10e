// swish: y = x / (1 + exp(-x)), four numbers a thread. Rows lie at their pitch; what is beyond cols stays 0.
const WORKGROUP = 64u;

struct Params { grid: Grid, x: View, y: View, rows: u32, cols: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;        // [rows, cols]
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;  // [rows, cols]

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let at = locate(params.grid, group, groups);
  let quads = (params.cols + 3u) / 4u;
  let i = at.x * WORKGROUP + lane;
  if (!at.inside || i >= params.rows * quads) { return; }
  let row = i / quads;
  let quad = i - row * quads;
  let z = x[base(params.x, at) + row * params.x.pitch + quad];
  let value = z / (1.0 + exp(-z));
  y[base(params.y, at) + row * params.y.pitch + quad] = select(vec4f(), value, inside4(quad * 4u, params.cols));
}
