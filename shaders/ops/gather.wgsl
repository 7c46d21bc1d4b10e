// x[i] = data[rows[i]] * scale + shift: the batch's rows of a resident data set. Hook: `value` (f32 data, or bytes packed by fours).
const WORKGROUP = 64u;
const_assert WORKGROUP % 4u == 0u;

struct Params { grid: Grid, data: View, rows: View, scale: View, shift: View, x: View, count: u32, cols: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> step: Step;
@group(0) @binding(2) var<storage, read> runs: array<Run>;
@group(0) @binding(3) var<storage, read> data: array<vec4f>;    // [all rows, cols]
@group(0) @binding(4) var<storage, read> rows: array<u32>;      // [count] of this step (or slice) and this run's order
@group(0) @binding(5) var<storage, read> scale: array<vec4f>;   // [cols]
@group(0) @binding(6) var<storage, read> shift: array<vec4f>;   // [cols]
@group(0) @binding(7) var<storage, read_write> x: array<vec4f>; // [count, cols]

fn value(address: u32) -> vec4f {
  return data[address];
}

@compute @workgroup_size(WORKGROUP, 1, STACK)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) thread: vec3u) {
  let at = locate_stacked(params.grid, group, groups, thread.z);
  let lane = thread.x;
  let quads = (params.cols + 3u) / 4u;
  let i = at.x * WORKGROUP + lane;
  if (!at.inside || i >= params.count * quads) { return; }
  let item = i / quads;
  let column = i - item * quads;
  let row = rows[params.rows.offset + runs[at.run].order * params.rows.run + step.index * params.rows.step
    + at.slice * params.rows.slice + item];
  let raw = value(params.data.offset + row * params.data.pitch + column);
  let result = fma(raw, scale[params.scale.offset + column], shift[params.shift.offset + column]);
  x[base(params.x, at) + item * params.x.pitch + column] = select(vec4f(), result, inside4(column * 4u, params.cols));
}
