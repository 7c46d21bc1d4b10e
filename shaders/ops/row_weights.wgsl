// y[i] = weight of row i over the mean weight, so that the mean of y times a loss is a weighted mean. One row a thread.
// The mean is that of the rows that count (by eights as a tree, the eights in order), or `mean` where that is not below 0.
// A mean of 0 gives 0. In the mean a row's weight is times its label's: a loss that knows the classes brings that factor itself.
const WORKGROUP = 16u;
const_assert WORKGROUP % 4u == 0u;

struct Params { grid: Grid, samples: View, labels: View, classes: View, y: View, rows: u32, count: u32, mean: f32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> step: Step;
@group(0) @binding(2) var<storage, read> samples: array<f32>; // [rows, 1]
@group(0) @binding(3) var<storage, read> labels: array<u32>;  // [rows]
@group(0) @binding(4) var<storage, read> classes: array<f32>; // [count]
@group(0) @binding(5) var<storage, read_write> y: array<f32>; // [rows]

fn sample(at: Place, row: u32) -> f32 {
  return samples[base(params.samples, at) + row * params.samples.pitch];
}

fn weight(at: Place, row: u32, end: u32) -> f32 {
  if (row >= end) { return 0.0; }
  return sample(at, row) * classes[base(params.classes, at) + labels[base(params.labels, at) + row]];
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32) {
  var at = locate(params.grid, group, groups);
  at.step = step.index;
  let row = at.x * WORKGROUP + lane;
  if (!at.inside || row >= params.rows) { return; }
  let end = min(params.rows, step.valid);
  var mean = params.mean;
  if (mean < 0.0) {
    var sum = 0.0;
    for (var i = 0u; i < end; i += 8u) {
      let low = (weight(at, i, end) + weight(at, i + 1u, end)) + (weight(at, i + 2u, end) + weight(at, i + 3u, end));
      let high = (weight(at, i + 4u, end) + weight(at, i + 5u, end)) + (weight(at, i + 6u, end) + weight(at, i + 7u, end));
      sum = sum + (low + high);
    }
    mean = sum / f32(params.rows);
  }
  y[base(params.y, at) + row] = select(0.0, sample(at, row) / mean, mean > 0.0);
}
