// y = f(x), element by element; the hook `apply` becomes an activation. Four neighbouring elements a thread.
const WORKGROUP = 64u;
const_assert WORKGROUP % 4u == 0u;

struct Params { grid: Grid, x: View, y: View, rows: u32, cols: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;       // [rows, cols]
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>; // [rows, cols]

fn apply(v: vec4f, at: Place, row: u32, column: u32) -> vec4f {
  return v;
}

@compute @workgroup_size(WORKGROUP, 1, STACK)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) thread: vec3u) {
  let at = locate_stacked(params.grid, group, groups, thread.z);
  let lane = thread.x;
  let quads = (params.cols + 3u) / 4u;
  let i = at.x * WORKGROUP + lane;
  if (!at.inside || i >= params.rows * quads) { return; }
  let row = i / quads;
  let column = i - row * quads;
  let value = apply(x[base(params.x, at) + row * params.x.pitch + column], at, row, column);
  y[base(params.y, at) + row * params.y.pitch + column] = select(vec4f(), value, inside4(column * 4u, params.cols));
}
