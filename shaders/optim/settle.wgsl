// y[q, s] = what a rule makes of its sums over the blocks of span s, of how many numbers they are over, and of y before.
// Hook `settled`: the sums themselves. A thread a span (a tensor, or all of a run): eight blocks as a tree, the eights in order.
const WORKGROUP = 4u;
const_assert WORKGROUP % 4u == 0u;

struct Params { grid: Grid, x: View, spans: View, hyper: View, y: View, segments: u32, quantities: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> step: Step;
@group(0) @binding(2) var<storage, read> x: array<f32>;       // [quantities, blocks]
@group(0) @binding(3) var<storage, read> spans: array<u32>;   // [8 segments]: first block, end, numbers, ...
@group(0) @binding(4) var<storage, read> hyper: array<u32>;   // [2 scalars]: factor (as bits), series
@group(0) @binding(5) var<storage, read_write> y: array<f32>; // [quantities, segments]

fn settled(at: Place, sums: vec4f, count: f32, before: vec4f) -> vec4f {
  return sums;
}

fn block(origin: u32, i: u32, end: u32) -> f32 {
  return select(0.0, x[origin + i], i < end);
}

fn total(origin: u32, first: u32, end: u32) -> f32 {
  var sum = 0.0;
  for (var i = first; i < end; i += 8u) {
    let low = (block(origin, i, end) + block(origin, i + 1u, end)) + (block(origin, i + 2u, end) + block(origin, i + 3u, end));
    let high = (block(origin, i + 4u, end) + block(origin, i + 5u, end)) + (block(origin, i + 6u, end) + block(origin, i + 7u, end));
    sum = sum + (low + high);
  }
  return sum;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32) {
  let at = locate(params.grid, group, groups);
  let segment = at.x * WORKGROUP + lane;
  if (!at.inside || segment >= params.segments) { return; }
  let span = base(params.spans, at) + 8u * segment;
  let place = base(params.y, at) + segment;
  var sums = vec4f();
  var before = vec4f();
  for (var q = 0u; q < params.quantities; q++) {
    sums[q] = total(base(params.x, at) + q * params.x.pitch, spans[span], spans[span + 1u]);
    before[q] = y[place + q * params.y.pitch];
  }
  let made = settled(at, sums, f32(spans[span + 2u]), before);
  for (var q = 0u; q < params.quantities; q++) {
    y[place + q * params.y.pitch] = made[q];
  }
}
