// y = x[0] + x[1] + ..., in order of the parts: the second pass of a matmul whose sum over k was split. Four columns a thread.
// Hook `epilogue` (bias, activation ...) as in the matmul tiles.
const WORKGROUP = 64u;
const_assert WORKGROUP % 4u == 0u;

struct Params { grid: Grid, x: View, y: View, parts: u32, m: u32, n: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;       // [parts m, n]
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>; // [m, n]

fn epilogue(value: vec4f, at: Place, row: u32, column: u32) -> vec4f {
  return value;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32) {
  let at = locate(params.grid, group, groups);
  let quads = (params.n + 3u) / 4u;
  let i = at.x * WORKGROUP + lane;
  if (!at.inside || i >= params.m * quads) { return; }
  let row = i / quads;
  let column = i - row * quads;
  let first = base(params.x, at) + row * params.x.pitch + column;
  var sum = x[first];
  for (var part = 1u; part < params.parts; part++) {
    sum = sum + x[first + part * params.m * params.x.pitch];
  }
  let result = select(vec4f(), epilogue(sum, at, row, column), inside4(column * 4u, params.n));
  y[base(params.y, at) + row * params.y.pitch + column] = result;
}
