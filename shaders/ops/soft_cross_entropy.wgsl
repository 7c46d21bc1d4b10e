// Softmax cross-entropy against soft, weighted labels, one row a thread. With w the classes' weights, each class j is wanted by
// q_j = hard w_j at the label + soft w_j, and l_j = log(sum exp z) - z_j: loss = weight (sum of q_j l_j), gradient
// weight (p_j (sum of q) - q_j). Hits and rows past step.valid as in cross_entropy.
const WORKGROUP = 16u;
const_assert WORKGROUP % 4u == 0u;

struct Params { grid: Grid, z: View, labels: View, classes: View, weights: View, metrics: View, dz: View,
  rows: u32, cols: u32, factor: f32, hard: f32, soft: f32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> step: Step;
@group(0) @binding(2) var<storage, read> z: array<vec4f>;            // [rows, cols]
@group(0) @binding(3) var<storage, read> labels: array<u32>;         // [rows]
@group(0) @binding(4) var<storage, read> classes: array<vec4f>;      // [cols]
@group(0) @binding(5) var<storage, read> weights: array<f32>;        // [rows]
@group(0) @binding(6) var<storage, read_write> metrics: array<f32>;  // [2, rows]: losses, hits
@group(0) @binding(7) var<storage, read_write> dz: array<vec4f>;     // [rows, cols], times factor = 1 / rows

// Four logits; beyond the last one a number no maximum or sum will notice.
fn logits(origin: u32, quad: u32) -> vec4f {
  return select(vec4f(-3.0e38), z[origin + quad], inside4(quad * 4u, params.cols));
}

// How much four classes are wanted, 0 beyond the last one.
fn wanted(at: Place, quad: u32, label: u32) -> vec4f {
  let hot = vec4u(quad * 4u) + vec4u(0u, 1u, 2u, 3u) == vec4u(label);
  let share = select(vec4f(params.soft), vec4f(params.soft + params.hard), hot);
  return select(vec4f(), share * classes[base(params.classes, at) + quad], inside4(quad * 4u, params.cols));
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
  let label = labels[base(params.labels, at) + row];
  var largest = -3.0e38;
  var best = 0u;
  var all = 0.0;
  for (var q = 0u; q < quads; q++) {
    let four = logits(origin, q);
    for (var lane4 = 0u; lane4 < 4u; lane4++) {
      if (four[lane4] > largest) {
        largest = four[lane4];
        best = q * 4u + lane4;
      }
    }
    let share = wanted(at, q, label);
    all = all + ((share.x + share.y) + (share.z + share.w));
  }
  var sum = 0.0;
  for (var q = 0u; q < quads; q++) {
    let e = select(vec4f(), exp(logits(origin, q) - largest), inside4(q * 4u, params.cols));
    sum = sum + ((e.x + e.y) + (e.z + e.w));
  }
  let top = log(sum) + largest;
  let counts = row < step.valid;
  let weight = weights[base(params.weights, at) + row];
  var loss = 0.0;
  for (var q = 0u; q < quads; q++) {
    let four = logits(origin, q);
    let real = inside4(q * 4u, params.cols);
    let share = wanted(at, q, label);
    let terms = select(vec4f(), share * (top - four), real);
    loss = loss + ((terms.x + terms.y) + (terms.z + terms.w));
    let p = exp(four - largest) / sum;
    let gradient = params.factor * weight * (p * all - share);
    dz[base(params.dz, at) + row * params.dz.pitch + q] = select(vec4f(), gradient, real & vec4<bool>(counts));
  }
  let place = base(params.metrics, at) + row;
  metrics[place] = select(0.0, weight * loss, counts);
  metrics[place + params.metrics.pitch] = select(0.0, 1.0, counts && best == label);
}
