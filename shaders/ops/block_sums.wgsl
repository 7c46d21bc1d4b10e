// y[i] = the sum of f over numbers 64 i .. 64 i + 63 of a run's tensor, as a balanced tree; beyond the size counts as 0.
// Hook `term`: the number itself, or its square. First half of every sum, mean and norm: the tree is fixed by the size alone.
const WORKGROUP = 16u;
const_assert WORKGROUP % 4u == 0u;

struct Params { grid: Grid, x: View, y: View, rows: u32, cols: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;       // [rows, cols]
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [ceil(rows cols / 64)]

fn term(value: f32) -> f32 {
  return value;
}

fn number(origin: u32, i: u32) -> f32 {
  let row = i / params.cols;
  let value = term(x[origin + row * params.x.pitch + i - row * params.cols]);
  return select(0.0, value, i < params.rows * params.cols);
}

fn four(origin: u32, i: u32) -> f32 {
  return (number(origin, i) + number(origin, i + 1u)) + (number(origin, i + 2u) + number(origin, i + 3u));
}

fn sixteen(origin: u32, i: u32) -> f32 {
  return (four(origin, i) + four(origin, i + 4u)) + (four(origin, i + 8u) + four(origin, i + 12u));
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32) {
  let at = locate(params.grid, group, groups);
  let block = at.x * WORKGROUP + lane;
  let first = block * 64u;
  if (!at.inside || first >= params.rows * params.cols) { return; }
  let origin = base(params.x, at);
  y[base(params.y, at) + block] = (sixteen(origin, first) + sixteen(origin, first + 16u))
    + (sixteen(origin, first + 32u) + sixteen(origin, first + 48u));
}
