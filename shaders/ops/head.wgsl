// A classifier's last layer in one dispatch, one row a thread: logits h w + b, their softmax cross-entropy, and both gradients:
// dz of the mean loss, and dh = dz w^T. Sums run in the order of the kernels it replaces, so the bits are theirs. At most 12 classes.
const WORKGROUP = 16u;
const_assert WORKGROUP % 4u == 0u;

struct Params { grid: Grid, h: View, w: View, b: View, labels: View, metrics: View, dz: View, dh: View,
  rows: u32, cols: u32, depth: u32, factor: f32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> step: Step;
@group(0) @binding(2) var<storage, read> h: array<vec4f>;            // [rows, depth]
@group(0) @binding(3) var<storage, read> w: array<vec4f>;            // [depth, cols]
@group(0) @binding(4) var<storage, read> b: array<vec4f>;            // [cols]
@group(0) @binding(5) var<storage, read> labels: array<u32>;         // [rows]
@group(0) @binding(6) var<storage, read_write> metrics: array<f32>;  // [2, rows]: losses, hits
@group(0) @binding(7) var<storage, read_write> dz: array<vec4f>;     // [rows, cols], times factor = 1 / rows
@group(0) @binding(8) var<storage, read_write> dh: array<vec4f>;     // [rows, depth]

fn label_of(at: Place, row: u32) -> u32 {
  return labels[base(params.labels, at) + row];
}

fn epilogue(value: vec4f, at: Place, row: u32, column: u32) -> vec4f {
  return value;
}

// Row k of w, four classes; 0 beyond the last class and beyond the last row.
fn weights(origin: u32, k: u32, quad: u32) -> vec4f {
  return select(vec4f(), w[origin + k * params.w.pitch + quad], inside4(quad * 4u, params.cols) & vec4<bool>(k < params.depth));
}

// Rows k .. k + 3 of w. A hook: four threads side by side may load a row each and share them.
fn four_rows(origin: u32, k: u32, quad: u32, lane: u32) -> mat4x4f {
  return mat4x4f(weights(origin, k, quad), weights(origin, k + 1u, quad), weights(origin, k + 2u, quad), weights(origin, k + 3u, quad));
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32) {
  var at = locate(params.grid, group, groups);
  at.step = step.index;
  let row = at.x * WORKGROUP + lane;
  if (!at.inside) { return; }
  let real = row < params.rows;
  let quads = (params.cols + 3u) / 4u;
  let w_origin = base(params.w, at);
  let h_origin = base(params.h, at) + row * params.h.pitch;
  var z0 = vec4f();
  var z1 = vec4f();
  var z2 = vec4f();
  for (var k = 0u; k < params.depth; k += 4u) {
    let four = select(vec4f(), h[h_origin + k / 4u], inside4(k, params.depth));
    z0 = row_times(four, four_rows(w_origin, k, 0u, lane), z0);
    if (quads > 1u) { z1 = row_times(four, four_rows(w_origin, k, 1u, lane), z1); }
    if (quads > 2u) { z2 = row_times(four, four_rows(w_origin, k, 2u, lane), z2); }
  }
  var z = array<vec4f, 3>(z0, z1, z2);
  var largest = -3.0e38;
  var best = 0u;
  var wanted = 0.0;
  let target_label = label_of(at, row);
  for (var q = 0u; q < quads; q++) {
    z[q] = select(vec4f(-3.0e38), z[q] + b[base(params.b, at) + q], inside4(q * 4u, params.cols));
    for (var lane4 = 0u; lane4 < 4u; lane4++) {
      if (z[q][lane4] > largest) {
        largest = z[q][lane4];
        best = q * 4u + lane4;
      }
      if (q * 4u + lane4 == target_label) { wanted = z[q][lane4]; }
    }
  }
  var sum = 0.0;
  for (var q = 0u; q < quads; q++) {
    let e = select(vec4f(), exp(z[q] - largest), inside4(q * 4u, params.cols));
    sum = sum + ((e.x + e.y) + (e.z + e.w));
  }
  let counts = row < step.valid;
  for (var q = 0u; q < quads; q++) {
    let p = exp(z[q] - largest) / sum;
    let hot = vec4f(vec4u(q * 4u) + vec4u(0u, 1u, 2u, 3u) == vec4u(target_label));
    let gradient = select(vec4f(), params.factor * (p - hot), inside4(q * 4u, params.cols));
    z[q] = select(vec4f(), gradient, vec4<bool>(counts));
    if (real) { dz[base(params.dz, at) + row * params.dz.pitch + q] = z[q]; }
  }
  let place = base(params.metrics, at) + row;
  if (real) {
    metrics[place] = select(0.0, log(sum) + largest - wanted, counts);
    metrics[place + params.metrics.pitch] = select(0.0, 1.0, counts && best == target_label);
  }
  for (var k = 0u; k < params.depth; k += 4u) {
    var four = row_times(z[0], transpose(four_rows(w_origin, k, 0u, lane)), vec4f());
    if (quads > 1u) { four = row_times(z[1], transpose(four_rows(w_origin, k, 1u, lane)), four); }
    if (quads > 2u) { four = row_times(z[2], transpose(four_rows(w_origin, k, 2u, lane)), four); }
    if (real) {
      let value = epilogue(four, at, row, k / 4u);
      dh[base(params.dh, at) + row * params.dh.pitch + k / 4u] = select(vec4f(), value, inside4(k, params.depth));
    }
  }
}
