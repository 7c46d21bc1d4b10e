// The sums of block_sums, a lane a number, a workgroup a block: lanes are added at distances 1, 2, 4 ... 32. That is the same
// balanced tree, so the bits are those of block_sums, whatever the size of a subgroup. Hook `term`: the number itself, or its square.
enable subgroups;
const WORKGROUP = 64u;
const_assert WORKGROUP == 64u;

struct Params { grid: Grid, x: View, y: View, rows: u32, cols: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;       // [rows, cols]
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [ceil(rows cols / 64)]

var<workgroup> parts: array<f32, WORKGROUP>;

fn term(value: f32) -> f32 {
  return value;
}

fn number(origin: u32, i: u32) -> f32 {
  let row = i / params.cols;
  let value = term(x[origin + row * params.x.pitch + i - row * params.cols]);
  return select(0.0, value, i < params.rows * params.cols);
}

// Every lane shuffles at every distance; what lies beyond the subgroup is not taken.
fn added(sum: f32, distance: u32, width: u32) -> f32 {
  let other = subgroupShuffleXor(sum, distance);
  return select(sum, sum + other, distance < width);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32, @builtin(subgroup_size) width: u32) {
  let at = locate(params.grid, group, groups);
  var sum = number(base(params.x, at), at.x * WORKGROUP + lane);
  sum = added(sum, 1u, width);
  sum = added(sum, 2u, width);
  sum = added(sum, 4u, width);
  sum = added(sum, 8u, width);
  sum = added(sum, 16u, width);
  sum = added(sum, 32u, width);
  if (lane % width == 0u) { parts[lane / width] = sum; }
  workgroupBarrier();
  if (!at.inside || lane != 0u) { return; }
  let count = max(WORKGROUP / width, 1u);
  for (var stride = 1u; stride < count; stride *= 2u) {
    for (var i = 0u; i < count; i += 2u * stride) {
      parts[i] = parts[i] + parts[i + stride];
    }
  }
  y[base(params.y, at) + at.x] = parts[0];
}
