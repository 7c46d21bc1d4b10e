// A small network's whole step but the update, one thread a run, runs along the lanes: it goes through the rows of the batch one after
// the other, parameters and the gradients' sums in registers, and stores nothing else. Hook: `network`, written for each plan by
// scheduler/network_text.ts; by default there is none, and every row's loss is 0.
struct Params { grid: Grid, metrics: View, rows: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> step: Step;
@group(0) @binding(2) var<storage, read_write> metrics: array<f32>;  // [2, rows]: losses, hits

fn network(at: Place) {
  for (var row = 0u; row < params.rows; row++) {
    let place = base(params.metrics, at) + row;
    metrics[place] = 0.0;
    metrics[place + params.metrics.pitch] = 0.0;
  }
}

@compute @workgroup_size(1, 1, STACK)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) thread: vec3u) {
  var at = locate_stacked(params.grid, group, groups, thread.z);
  if (!at.inside) { return; }
  at.step = step.index;
  network(at);
}
