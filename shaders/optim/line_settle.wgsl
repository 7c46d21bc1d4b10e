// y[k, i] = what a rule makes of its sums (or maxima) along line i, of how many numbers they are over, and of y before.
// Hooks `settled` and `joined`: the sums themselves. A thread a line: eight stretches as a tree, the eights in order.
const WORKGROUP = 16u;
const_assert WORKGROUP % 4u == 0u;

struct Params { grid: Grid, x: View, ends: View, hyper: View, y: View, entries: u32, quantities: u32, kept: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> step: Step;
@group(0) @binding(2) var<storage, read> x: array<f32>;       // [quantities, partials]
@group(0) @binding(3) var<storage, read> ends: array<u32>;    // [6 entries], see scheduler/lines.ts
@group(0) @binding(4) var<storage, read> hyper: array<u32>;   // [2 scalars]: factor (as bits), series
@group(0) @binding(5) var<storage, read_write> y: array<f32>; // [kept, room]

fn settled(at: Place, sums: vec4f, count: f32, before: vec4f) -> vec4f {
  return sums;
}

fn joined(a: vec4f, b: vec4f) -> vec4f {
  return a + b;
}

// Stretch i of a line: all its quantities, 0 beyond the last.
fn stretch(origin: u32, stride: u32, i: u32, count: u32) -> vec4f {
  var four = vec4f();
  for (var q = 0u; q < params.quantities && i < count; q++) { four[q] = x[origin + q * params.x.pitch + i * stride]; }
  return four;
}

fn total(origin: u32, stride: u32, count: u32) -> vec4f {
  var sum = vec4f();
  for (var i = 0u; i < count; i += 8u) {
    let low = joined(joined(stretch(origin, stride, i, count), stretch(origin, stride, i + 1u, count)),
      joined(stretch(origin, stride, i + 2u, count), stretch(origin, stride, i + 3u, count)));
    let high = joined(joined(stretch(origin, stride, i + 4u, count), stretch(origin, stride, i + 5u, count)),
      joined(stretch(origin, stride, i + 6u, count), stretch(origin, stride, i + 7u, count)));
    sum = joined(sum, joined(low, high));
  }
  return sum;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32) {
  let at = locate(params.grid, group, groups);
  let thread = at.x * WORKGROUP + lane;
  if (!at.inside || thread >= 16u * params.entries) { return; }
  let own = base(params.ends, at) + 6u * (thread / 16u);
  let line = thread % 16u;
  if (line >= ends[own + 3u]) { return; }
  let place = base(params.y, at) + ends[own + 4u] + line;
  let sums = total(base(params.x, at) + ends[own] + line, ends[own + 1u], ends[own + 2u]);
  var before = vec4f();
  for (var k = 0u; k < params.kept; k++) { before[k] = y[place + k * params.y.pitch]; }
  let made = settled(at, sums, f32(ends[own + 5u]), before);
  for (var k = 0u; k < params.kept; k++) { y[place + k * params.y.pitch] = made[k]; }
}
