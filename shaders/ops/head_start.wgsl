// head.wgsl in the shortest text, for a training to begin on while that is compiled: no loads shared, logits kept in dz, one
// product a trip. The same sums in the same order, so the same bits.
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

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32) {
  var at = locate(params.grid, group, groups);
  at.step = step.index;
  let row = at.x * WORKGROUP + lane;
  if (!at.inside || row >= params.rows) { return; }
  let w_origin = base(params.w, at);
  let w_pitch = params.w.pitch;
  let h_origin = base(params.h, at) + row * params.h.pitch;
  let z_origin = base(params.dz, at) + row * params.dz.pitch;
  let bias = base(params.b, at);
  let depth = params.depth;
  let quads = (params.cols + 3u) / 4u;
  let target_label = label_of(at, row);
  var largest = -3.0e38;
  var best = 0u;
  var wanted = 0.0;
  for (var c = 0u; c < params.cols; c++) {
    let q = c / 4u;
    var z = 0.0;
    for (var k = 0u; k < depth; k++) { z = fma(h[h_origin + k / 4u][k % 4u], w[w_origin + k * w_pitch + q][c % 4u], z); }
    z = z + b[bias + q][c % 4u];
    dz[z_origin + q][c % 4u] = z;
    if (z > largest) {
      largest = z;
      best = c;
    }
    if (c == target_label) { wanted = z; }
  }
  var sum = 0.0;
  for (var q = 0u; q < quads; q++) {
    let e = select(vec4f(), exp(dz[z_origin + q] - largest), inside4(q * 4u, params.cols));
    dz[z_origin + q] = e;
    sum = sum + ((e.x + e.y) + (e.z + e.w));
  }
  let counts = row < step.valid;
  for (var q = 0u; q < quads; q++) {
    let p = dz[z_origin + q] / sum;
    let hot = vec4f(vec4u(q * 4u) + vec4u(0u, 1u, 2u, 3u) == vec4u(target_label));
    let gradient = select(vec4f(), params.factor * (p - hot), inside4(q * 4u, params.cols));
    dz[z_origin + q] = select(vec4f(), gradient, vec4<bool>(counts));
  }
  let place = base(params.metrics, at) + row;
  metrics[place] = select(0.0, log(sum) + largest - wanted, counts);
  metrics[place + params.metrics.pitch] = select(0.0, 1.0, counts && best == target_label);
  let dh_origin = base(params.dh, at) + row * params.dh.pitch;
  for (var quad = 0u; quad * 4u < depth; quad++) {
    var four = vec4f();
    for (var lane4 = 0u; lane4 < 4u; lane4++) {
      let k = min(quad * 4u + lane4, depth - 1u);
      var total = 0.0;
      for (var c = 0u; c < params.cols; c++) {
        total = fma(dz[z_origin + c / 4u][c % 4u], w[w_origin + k * w_pitch + c / 4u][c % 4u], total);
      }
      four[lane4] = total;
    }
    dh[dh_origin + quad] = select(vec4f(), epilogue(four, at, row, quad), inside4(quad * 4u, depth));
  }
}
