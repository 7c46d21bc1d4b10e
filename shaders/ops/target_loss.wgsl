// A loss against targets, one row a thread: the mean over the columns of a term of (z, target), the share of columns that are hits, and
// the gradient of the mean over all rows. Hooks: `term`, its `slope` in z and `hit` (by default squared error, which has no hits) of
// columns 4 quad and on, `target_of`. A row's part is times its weight. Rows past step.valid give 0.
const WORKGROUP = 16u;
const_assert WORKGROUP % 4u == 0u;

struct Params { grid: Grid, z: View, targets: View, weights: View, metrics: View, dz: View, rows: u32, cols: u32, factor: f32, share: f32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> step: Step;
@group(0) @binding(2) var<storage, read> z: array<vec4f>;            // [rows, cols]
@group(0) @binding(3) var<storage, read> targets: array<vec4f>;      // [rows, cols]
@group(0) @binding(4) var<storage, read> weights: array<f32>;        // [rows]
@group(0) @binding(5) var<storage, read_write> metrics: array<f32>;  // [2, rows]: losses, hits
@group(0) @binding(6) var<storage, read_write> dz: array<vec4f>;     // [rows, cols], factor = 1 / (rows cols), share = 1 / cols

fn term(value: vec4f, wanted: vec4f, quad: u32) -> vec4f {
  let difference = value - wanted;
  return difference * difference;
}

fn slope(value: vec4f, wanted: vec4f, quad: u32) -> vec4f {
  return 2.0 * (value - wanted);
}

fn hit(value: vec4f, wanted: vec4f) -> vec4f {
  return vec4f();
}

fn target_of(at: Place, row: u32, quad: u32) -> vec4f {
  return targets[base(params.targets, at) + row * params.targets.pitch + quad];
}

@compute @workgroup_size(WORKGROUP, 1, STACK)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) thread: vec3u) {
  var at = locate_stacked(params.grid, group, groups, thread.z);
  let lane = thread.x;
  at.step = step.index;
  let row = at.x * WORKGROUP + lane;
  if (!at.inside || row >= params.rows) { return; }
  let quads = (params.cols + 3u) / 4u;
  let origin = base(params.z, at) + row * params.z.pitch;
  let counts = row < step.valid;
  let weight = weights[base(params.weights, at) + row];
  var sum = 0.0;
  var hits = 0.0;
  for (var q = 0u; q < quads; q++) {
    let real = inside4(q * 4u, params.cols);
    let value = select(vec4f(), z[origin + q], real);
    let wanted = select(vec4f(), target_of(at, row, q), real);
    let terms = select(vec4f(), term(value, wanted, q), real);
    let right = select(vec4f(), hit(value, wanted), real);
    sum = sum + ((terms.x + terms.y) + (terms.z + terms.w));
    hits = hits + ((right.x + right.y) + (right.z + right.w));
    let gradient = params.factor * weight * slope(value, wanted, q);
    dz[base(params.dz, at) + row * params.dz.pitch + q] = select(vec4f(), gradient, real & vec4<bool>(counts));
  }
  let place = base(params.metrics, at) + row;
  metrics[place] = select(0.0, params.share * sum * weight, counts);
  metrics[place + params.metrics.pitch] = select(0.0, params.share * hits, counts);
}
