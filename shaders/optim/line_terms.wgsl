// y[q, i] = term q added (or its largest) over a stretch of a row or a column of a run's tensors: groups of 16 lines, listed.
// Hooks: `prepare` reads the rule's hyperparameters, `terms_of` makes the terms of a quad's four numbers, `joined` adds.
const WORKGROUP = 16u; // a thread a row, or four columns
const_assert WORKGROUP % 4u == 0u;

struct Params {
  grid: Grid, gradient: View, parameter: View, state: View, hyper: View, lines: View, groups: View, y: View,
  entries: u32, quantities: u32
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> step: Step;
@group(0) @binding(2) var<storage, read> gradient: array<vec4f>;   // [size]
@group(0) @binding(3) var<storage, read> parameter: array<vec4f>;  // [size]
@group(0) @binding(4) var<storage, read> state: array<vec4f>;      // [slots, size]
@group(0) @binding(5) var<storage, read> hyper: array<u32>;        // [2 scalars]: factor (as bits), series
@group(0) @binding(6) var<storage, read> lines: array<f32>;        // [kept, room]
@group(0) @binding(7) var<storage, read> groups: array<u32>;       // [9 entries], see scheduler/lines.ts
@group(0) @binding(8) var<storage, read_write> y: array<f32>;      // [quantities, partials]

struct Group { first: u32, stride: u32, lines: u32, steps: u32, y: u32, columns: u32, row: u32, col: u32, left: u32 }

fn prepare(at: Place) {}

// Terms of the numbers of quad i, whose row and first column have these places among the lines.
fn terms_of(at: Place, i: u32, row: u32, col: u32) -> array<vec4f, 4> {
  let u = gradient[base(params.gradient, at) + i];
  return array<vec4f, 4>(vec4f(u.x), vec4f(u.y), vec4f(u.z), vec4f(u.w));
}

fn joined(a: vec4f, b: vec4f) -> vec4f {
  return a + b;
}

fn group_at(place: u32) -> Group {
  return Group(groups[place], groups[place + 1u], groups[place + 2u], groups[place + 3u], groups[place + 4u],
    groups[place + 5u], groups[place + 6u], groups[place + 7u], groups[place + 8u]);
}

fn row_of(at: Place, own: Group, line: u32) {
  var total = vec4f();
  for (var k = 0u; k < own.steps; k++) {
    let four = terms_of(at, own.first + line * own.stride + k, own.row + line, own.col + 4u * k);
    for (var x = 0u; x < min(4u, own.left - 4u * k); x++) { total = joined(total, four[x]); }
  }
  for (var q = 0u; q < params.quantities; q++) {
    y[base(params.y, at) + q * params.y.pitch + own.y + line] = total[q];
  }
}

fn columns_of(at: Place, own: Group, line: u32) {
  var totals = array<vec4f, 4>();
  for (var k = 0u; k < own.steps; k++) {
    let four = terms_of(at, own.first + line + k * own.stride, own.row + k, own.col + 4u * line);
    for (var x = 0u; x < 4u; x++) { totals[x] = joined(totals[x], four[x]); }
  }
  for (var q = 0u; q < params.quantities; q++) {
    let place = base(params.y, at) + q * params.y.pitch + own.y + 4u * line;
    for (var x = 0u; x < 4u; x++) { y[place + x] = totals[x][q]; }
  }
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups_all: vec3u,
  @builtin(local_invocation_index) lane: u32) {
  let at = locate(params.grid, group, groups_all);
  let thread = at.x * WORKGROUP + lane;
  if (!at.inside || thread >= 16u * params.entries) { return; }
  let own = group_at(base(params.groups, at) + 9u * (thread / 16u));
  let line = thread % 16u;
  if (line >= own.lines) { return; }
  prepare(at);
  if (own.columns == 0u) { row_of(at, own, line); } else { columns_of(at, own, line); }
}
