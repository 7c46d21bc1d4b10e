// y[q, k] = the sum of term q over the 64 numbers of the k-th listed block of a run's parameters, as a balanced tree.
// Hooks: `prepare` reads the rule's hyperparameters, `number` adds the terms of the four numbers of a quad. A thread a block.
const WORKGROUP = 16u;
const_assert WORKGROUP % 4u == 0u;

struct Params {
  grid: Grid, gradient: View, parameter: View, state: View, hyper: View, tiles: View, y: View,
  blocks: u32, quantities: u32
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> step: Step;
@group(0) @binding(2) var<storage, read> gradient: array<vec4f>;   // [size]
@group(0) @binding(3) var<storage, read> parameter: array<vec4f>;  // [size]
@group(0) @binding(4) var<storage, read> state: array<vec4f>;      // [slots, size]
@group(0) @binding(5) var<storage, read> hyper: array<u32>;        // [2 scalars]: factor (as bits), series
@group(0) @binding(6) var<storage, read> tiles: array<u32>;        // [2 blocks]: block, tensor
@group(0) @binding(7) var<storage, read_write> y: array<f32>;      // [quantities, blocks]

fn prepare(at: Place) {}

fn number(at: Place, i: u32) -> vec4f {
  let u = gradient[base(params.gradient, at) + i];
  return vec4f((u.x + u.y) + (u.z + u.w));
}

fn four(at: Place, i: u32) -> vec4f {
  return (number(at, i) + number(at, i + 1u)) + (number(at, i + 2u) + number(at, i + 3u));
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32) {
  let at = locate(params.grid, group, groups);
  let k = at.x * WORKGROUP + lane;
  if (!at.inside || k >= params.blocks) { return; }
  prepare(at);
  let i = tiles[base(params.tiles, at) + 2u * k] * 16u;
  let sums = (four(at, i) + four(at, i + 4u)) + (four(at, i + 8u) + four(at, i + 12u));
  for (var q = 0u; q < params.quantities; q++) {
    y[base(params.y, at) + q * params.y.pitch + k] = sums[q];
  }
}
