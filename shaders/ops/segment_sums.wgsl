// y[s] = factor times the sum of the blocks of segment s; second half of every sum, mean and norm.
// A thread per segment: eight blocks as a tree, the eights in order. Segment s covers blocks first[s] .. first[s + 1] - 1.
const WORKGROUP = 4u;
const_assert WORKGROUP % 4u == 0u;

struct Params { grid: Grid, x: View, first: View, y: View, blocks: u32, segments: u32, factor: f32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;       // [blocks]
@group(0) @binding(2) var<storage, read> first: array<u32>;   // [segments + 1]
@group(0) @binding(3) var<storage, read_write> y: array<f32>; // [segments]

fn block(origin: u32, i: u32, end: u32) -> f32 {
  return select(0.0, x[origin + i], i < end);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32) {
  let at = locate(params.grid, group, groups);
  let segment = at.x * WORKGROUP + lane;
  if (!at.inside || segment >= params.segments) { return; }
  let origin = base(params.x, at);
  let table = params.first.offset + segment;
  let end = min(first[table + 1u], params.blocks);
  var sum = 0.0;
  for (var i = first[table]; i < end; i += 8u) {
    let low = (block(origin, i, end) + block(origin, i + 1u, end)) + (block(origin, i + 2u, end) + block(origin, i + 3u, end));
    let high = (block(origin, i + 4u, end) + block(origin, i + 5u, end)) + (block(origin, i + 6u, end) + block(origin, i + 7u, end));
    sum = sum + (low + high);
  }
  y[base(params.y, at) + segment] = params.factor * sum;
}
