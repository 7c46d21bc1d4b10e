// y = (x - mean) / sqrt(variance + eps) gain + bias, row by row (Ba et al. 2016); one row a thread. Two passes: mean, then variance,
// each summed by four lanes and those as a tree. share = 1 / cols. Keeps every row's mean and 1 / sqrt(variance + eps).
const WORKGROUP = 16u;
const_assert WORKGROUP % 4u == 0u;

struct Params { grid: Grid, x: View, gain: View, bias: View, y: View, stats: View, rows: u32, cols: u32, eps: f32, share: f32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;          // [rows, cols]
@group(0) @binding(2) var<storage, read> gain: array<vec4f>;       // [cols]
@group(0) @binding(3) var<storage, read> bias: array<vec4f>;       // [cols]
@group(0) @binding(4) var<storage, read_write> y: array<vec4f>;    // [rows, cols]
@group(0) @binding(5) var<storage, read_write> stats: array<f32>;  // [2, rows]

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32) {
  let at = locate(params.grid, group, groups);
  let row = at.x * WORKGROUP + lane;
  if (!at.inside || row >= params.rows) { return; }
  let quads = (params.cols + 3u) / 4u;
  let origin = base(params.x, at) + row * params.x.pitch;
  var sum = vec4f();
  for (var q = 0u; q < quads; q++) {
    sum = sum + select(vec4f(), x[origin + q], inside4(q * 4u, params.cols));
  }
  let mean = ((sum.x + sum.y) + (sum.z + sum.w)) * params.share;
  var squares = vec4f();
  for (var q = 0u; q < quads; q++) {
    let d = select(vec4f(), x[origin + q] - mean, inside4(q * 4u, params.cols));
    squares = squares + d * d;
  }
  let variance = ((squares.x + squares.y) + (squares.z + squares.w)) * params.share;
  let rstd = 1.0 / sqrt(variance + params.eps);
  for (var q = 0u; q < quads; q++) {
    let value = (x[origin + q] - mean) * rstd * gain[base(params.gain, at) + q] + bias[base(params.bias, at) + q];
    y[base(params.y, at) + row * params.y.pitch + q] = select(vec4f(), value, inside4(q * 4u, params.cols));
  }
  let place = base(params.stats, at) + row;
  stats[place] = mean;
  stats[place + params.stats.pitch] = rstd;
}
