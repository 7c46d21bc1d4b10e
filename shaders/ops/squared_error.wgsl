// Mean squared error, one row a thread: loss = sum over the columns of (y - target)^2 / cols, and the gradient of the mean loss.
// Rows past step.valid give 0. Hits stay 0: a regression has none.
const WORKGROUP = 16u;
const_assert WORKGROUP % 4u == 0u;

struct Params { grid: Grid, z: View, targets: View, metrics: View, dz: View, rows: u32, cols: u32, factor: f32, share: f32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> step: Step;
@group(0) @binding(2) var<storage, read> z: array<vec4f>;            // [rows, cols]
@group(0) @binding(3) var<storage, read> targets: array<vec4f>;      // [rows, cols]
@group(0) @binding(4) var<storage, read_write> metrics: array<f32>;  // [2, rows]: losses, hits
@group(0) @binding(5) var<storage, read_write> dz: array<vec4f>;     // [rows, cols], factor = 2 / (rows cols), share = 1 / cols

fn target_of(at: Place, row: u32, quad: u32) -> vec4f {
  return targets[base(params.targets, at) + row * params.targets.pitch + quad];
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32) {
  var at = locate(params.grid, group, groups);
  at.step = step.index;
  let row = at.x * WORKGROUP + lane;
  if (!at.inside || row >= params.rows) { return; }
  let quads = (params.cols + 3u) / 4u;
  let origin = base(params.z, at) + row * params.z.pitch;
  let counts = row < step.valid;
  var sum = 0.0;
  for (var q = 0u; q < quads; q++) {
    let difference = select(vec4f(), z[origin + q] - target_of(at, row, q), inside4(q * 4u, params.cols));
    let square = difference * difference;
    sum = sum + ((square.x + square.y) + (square.z + square.w));
    dz[base(params.dz, at) + row * params.dz.pitch + q] = select(vec4f(), params.factor * difference, vec4<bool>(counts));
  }
  let place = base(params.metrics, at) + row;
  metrics[place] = select(0.0, params.share * sum, counts);
  metrics[place + params.metrics.pitch] = 0.0;
}
