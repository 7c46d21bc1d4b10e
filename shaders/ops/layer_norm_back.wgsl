// The gradient of layer_norm's x, one row a thread: with n = (x - mean) rstd and t = dy gain,
// dx = rstd (t - mean of t - n (mean of t n)). Sums by four lanes and those as a tree; share = 1 / cols.
const WORKGROUP = 16u;
const_assert WORKGROUP % 4u == 0u;

struct Params { grid: Grid, dy: View, x: View, gain: View, stats: View, dx: View, rows: u32, cols: u32, share: f32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> dy: array<vec4f>;       // [rows, cols]
@group(0) @binding(2) var<storage, read> x: array<vec4f>;        // [rows, cols]
@group(0) @binding(3) var<storage, read> gain: array<vec4f>;     // [cols]
@group(0) @binding(4) var<storage, read> stats: array<f32>;      // [2, rows]: mean, rstd
@group(0) @binding(5) var<storage, read_write> dx: array<vec4f>; // [rows, cols]

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32) {
  let at = locate(params.grid, group, groups);
  let row = at.x * WORKGROUP + lane;
  if (!at.inside || row >= params.rows) { return; }
  let quads = (params.cols + 3u) / 4u;
  let origin = base(params.x, at) + row * params.x.pitch;
  let above = base(params.dy, at) + row * params.dy.pitch;
  let place = base(params.stats, at) + row;
  let mean = stats[place];
  let rstd = stats[place + params.stats.pitch];
  var plain = vec4f();
  var along = vec4f();
  for (var q = 0u; q < quads; q++) {
    let real = inside4(q * 4u, params.cols);
    let t = select(vec4f(), dy[above + q] * gain[base(params.gain, at) + q], real);
    let n = select(vec4f(), (x[origin + q] - mean) * rstd, real);
    plain = plain + t;
    along = along + t * n;
  }
  let plain_mean = ((plain.x + plain.y) + (plain.z + plain.w)) * params.share;
  let along_mean = ((along.x + along.y) + (along.z + along.w)) * params.share;
  for (var q = 0u; q < quads; q++) {
    let t = dy[above + q] * gain[base(params.gain, at) + q];
    let n = (x[origin + q] - mean) * rstd;
    let value = rstd * ((t - plain_mean) - n * along_mean);
    dx[base(params.dx, at) + row * params.dx.pitch + q] = select(vec4f(), value, inside4(q * 4u, params.cols));
  }
}
