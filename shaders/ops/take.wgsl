// y[i] = words[rows[i]]: the batch's labels out of the resident data set. One label a thread.
const WORKGROUP = 64u;
const_assert WORKGROUP % 4u == 0u;

struct Params { grid: Grid, words: View, rows: View, y: View, count: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> step: Step;
@group(0) @binding(2) var<storage, read> runs: array<Run>;
@group(0) @binding(3) var<storage, read> words: array<u32>;   // [all rows]
@group(0) @binding(4) var<storage, read> rows: array<u32>;    // [count] of this step (or slice) and this run's order
@group(0) @binding(5) var<storage, read_write> y: array<u32>; // [count]

@compute @workgroup_size(WORKGROUP, 1, STACK)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) thread: vec3u) {
  let at = locate_stacked(params.grid, group, groups, thread.z);
  let lane = thread.x;
  let i = at.x * WORKGROUP + lane;
  if (!at.inside || i >= params.count) { return; }
  let row = rows[params.rows.offset + runs[at.run].order * params.rows.run + step.index * params.rows.step
    + at.slice * params.rows.slice + i];
  y[base(params.y, at) + i] = words[params.words.offset + row];
}
