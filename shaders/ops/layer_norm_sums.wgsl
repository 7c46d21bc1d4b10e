// The gradients of layer_norm's gain and bias: column sums of dy (x - mean) rstd and of dy, in order of the rows. Four columns a thread.
const WORKGROUP = 16u;
const_assert WORKGROUP % 4u == 0u;

struct Params { grid: Grid, dy: View, x: View, stats: View, dgain: View, dbias: View, rows: u32, cols: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> dy: array<vec4f>;          // [rows, cols]
@group(0) @binding(2) var<storage, read> x: array<vec4f>;           // [rows, cols]
@group(0) @binding(3) var<storage, read> stats: array<f32>;         // [2, rows]: mean, rstd
@group(0) @binding(4) var<storage, read_write> dgain: array<vec4f>; // [cols]
@group(0) @binding(5) var<storage, read_write> dbias: array<vec4f>; // [cols]

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32) {
  let at = locate(params.grid, group, groups);
  let column = at.x * WORKGROUP + lane;
  if (!at.inside || column * 4u >= params.cols) { return; }
  var gains = vec4f();
  var biases = vec4f();
  for (var row = 0u; row < params.rows; row++) {
    let place = base(params.stats, at) + row;
    let above = dy[base(params.dy, at) + row * params.dy.pitch + column];
    let n = (x[base(params.x, at) + row * params.x.pitch + column] - stats[place]) * stats[place + params.stats.pitch];
    gains = gains + above * n;
    biases = biases + above;
  }
  let real = inside4(column * 4u, params.cols);
  dgain[base(params.dgain, at) + column] = select(vec4f(), gains, real);
  dbias[base(params.dbias, at) + column] = select(vec4f(), biases, real);
}
