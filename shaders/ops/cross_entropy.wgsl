// Softmax cross-entropy of integer labels, one row a thread: its loss, whether the largest logit is the label's,
// and the gradient of the mean loss. With m = max z: loss = log(sum exp(z - m)) + m - z[label]. Rows past step.valid give 0.
const WORKGROUP = 16u;
const_assert WORKGROUP % 4u == 0u;

struct Params { grid: Grid, z: View, labels: View, metrics: View, dz: View, rows: u32, cols: u32, factor: f32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> step: Step;
@group(0) @binding(2) var<storage, read> z: array<vec4f>;            // [rows, cols]
@group(0) @binding(3) var<storage, read> labels: array<u32>;         // [rows]
@group(0) @binding(4) var<storage, read_write> metrics: array<f32>;  // [2, rows]: losses, hits
@group(0) @binding(5) var<storage, read_write> dz: array<vec4f>;     // [rows, cols], times factor = 1 / rows

fn label_of(at: Place, row: u32) -> u32 {
  return labels[base(params.labels, at) + row];
}

// Four logits; beyond the last one a number no maximum or sum will notice.
fn logits(origin: u32, quad: u32) -> vec4f {
  return select(vec4f(-3.0e38), z[origin + quad], inside4(quad * 4u, params.cols));
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
  let target_label = label_of(at, row);
  var largest = -3.0e38;
  var best = 0u;
  var wanted = 0.0;
  for (var q = 0u; q < quads; q++) {
    let four = logits(origin, q);
    for (var lane4 = 0u; lane4 < 4u; lane4++) {
      if (four[lane4] > largest) {
        largest = four[lane4];
        best = q * 4u + lane4;
      }
      if (q * 4u + lane4 == target_label) { wanted = four[lane4]; }
    }
  }
  var sum = 0.0;
  for (var q = 0u; q < quads; q++) {
    let e = select(vec4f(), exp(logits(origin, q) - largest), inside4(q * 4u, params.cols));
    sum = sum + ((e.x + e.y) + (e.z + e.w));
  }
  let counts = row < step.valid;
  for (var q = 0u; q < quads; q++) {
    let p = exp(logits(origin, q) - largest) / sum;
    let hot = vec4f(vec4u(q * 4u) + vec4u(0u, 1u, 2u, 3u) == vec4u(target_label));
    let gradient = select(vec4f(), params.factor * (p - hot), inside4(q * 4u, params.cols));
    dz[base(params.dz, at) + row * params.dz.pitch + q] = select(vec4f(), gradient, vec4<bool>(counts));
  }
  let place = base(params.metrics, at) + row;
  metrics[place] = select(0.0, log(sum) + largest - wanted, counts);
  metrics[place + params.metrics.pitch] = select(0.0, 1.0, counts && best == target_label);
}
