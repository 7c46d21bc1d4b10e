// Which rows of the data set make up the batches of this submit: rows[step, order, i], four rows a thread: they share an epoch's keys.
// A run of the grid is a distinct order (a data seed); a slice is a step of the submit.
const WORKGROUP = 64u;
const ROWS = 4u; // rows a thread
const ORDER = 0u; // 0: a keyed permutation an epoch, 1: draws with replacement, 2: as they lie
const_assert WORKGROUP % 4u == 0u;

struct Params { grid: Grid, seeds: View, rows: View, batch: u32, first: u32, count: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> step: Step;
@group(0) @binding(2) var<storage, read> seeds: array<u32>;      // [1] of each order
@group(0) @binding(3) var<storage, read_write> rows: array<u32>; // [batch] of each step and order

@compute @workgroup_size(WORKGROUP, 1, STACK)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) thread: vec3u) {
  let at = locate_stacked(params.grid, group, groups, thread.z);
  let lane = thread.x;
  let first = (at.x * WORKGROUP + lane) * ROWS;
  if (!at.inside || first >= params.batch) { return; }
  let t = step.t + at.slice;
  let seed = seeds[base(params.seeds, at)];
  let per_epoch = params.count / params.batch;
  let epoch = t / per_epoch;
  let key = order_key(seed, epoch);
  for (var i = first; i < min(first + ROWS, params.batch); i++) {
    var row = 0u;
    if (ORDER == 0u) {
      let position = (t - epoch * per_epoch) * params.batch + i;
      // Asked here, where the count may be a constant: what is not taken is then left out.
      if (params.count <= ORDER_SORTED) {
        row = order_rank(position, params.count, seed, epoch);
      } else {
        row = order_at(position, params.count, key);
      }
    } else if (ORDER == 1u) {
      row = draw_index(t * params.batch + i, params.count, seed);
    } else {
      row = min(t * params.batch + i, params.count - 1u);
    }
    rows[base(params.rows, at) + i] = params.first + row;
  }
}
