// The metrics ring, once a submit: y[j] = the sum of row j of the metrics of one run and one step (a slice of the grid).
// Eight at a time as a tree, the eights in order.
const WORKGROUP = 4u;
const_assert WORKGROUP % 4u == 0u;

struct Params { grid: Grid, x: View, y: View, kinds: u32, batch: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;       // [kinds, batch] of each run and step
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [kinds] of each run and step

fn number(origin: u32, i: u32) -> f32 {
  return select(0.0, x[origin + i], i < params.batch);
}

@compute @workgroup_size(WORKGROUP, 1, STACK)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) thread: vec3u) {
  let at = locate_stacked(params.grid, group, groups, thread.z);
  let lane = thread.x;
  let kind = at.x * WORKGROUP + lane;
  if (!at.inside || kind >= params.kinds) { return; }
  let origin = base(params.x, at) + kind * params.x.pitch;
  var sum = 0.0;
  for (var i = 0u; i < params.batch; i += 8u) {
    let low = (number(origin, i) + number(origin, i + 1u)) + (number(origin, i + 2u) + number(origin, i + 3u));
    let high = (number(origin, i + 4u) + number(origin, i + 5u)) + (number(origin, i + 6u) + number(origin, i + 7u));
    sum = sum + (low + high);
  }
  y[base(params.y, at) + kind] = sum;
}
