// What is told of a regression beside its loss, one row a thread: the mean over the columns of |z - target|, and the sum over the columns of
// share (z - target)^2, whose sum over all rows is 1 - R2 where share = 1 / (columns times their targets' squares about the mean).
// Rows past step.valid give 0.
const WORKGROUP = 16u;
const_assert WORKGROUP % 4u == 0u;

struct Params { grid: Grid, z: View, targets: View, shares: View, metrics: View, rows: u32, cols: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> step: Step;
@group(0) @binding(2) var<storage, read> z: array<vec4f>;            // [rows, cols]
@group(0) @binding(3) var<storage, read> targets: array<vec4f>;      // [rows, cols]
@group(0) @binding(4) var<storage, read> shares: array<vec4f>;       // [cols]
@group(0) @binding(5) var<storage, read_write> metrics: array<f32>;  // [2, rows]: absolute errors, shares of squares

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32) {
  var at = locate(params.grid, group, groups);
  at.step = step.index;
  let row = at.x * WORKGROUP + lane;
  if (!at.inside || row >= params.rows) { return; }
  let quads = (params.cols + 3u) / 4u;
  let origin = base(params.z, at) + row * params.z.pitch;
  let other = base(params.targets, at) + row * params.targets.pitch;
  var apart = 0.0;
  var squares = 0.0;
  for (var q = 0u; q < quads; q++) {
    let real = inside4(q * 4u, params.cols);
    let d = select(vec4f(), z[origin + q] - targets[other + q], real);
    let s = select(vec4f(), shares[base(params.shares, at) + q] * (d * d), real);
    let size = abs(d);
    apart = apart + ((size.x + size.y) + (size.z + size.w));
    squares = squares + ((s.x + s.y) + (s.z + s.w));
  }
  let counts = row < step.valid;
  let place = base(params.metrics, at) + row;
  metrics[place] = select(0.0, apart / f32(params.cols), counts);
  metrics[place + params.metrics.pitch] = select(0.0, squares, counts);
}
