// One optimizer step over a run's flat parameters, padding and all (which stays 0): state and parameter from the gradient.
// Hooks: `prepare` reads the run's hyperparameters, `quad`, `spot` and `start` find the elements and p, `chain` runs its rules,
// `finish` moves p (or leaves u for the next phase).
const WORKGROUP = 64u;
const QUADS = 4u; // vec4s a thread
const_assert WORKGROUP % 4u == 0u;

struct Params { grid: Grid, gradient: View, parameter: View, state: View, hyper: View, reduced: View, latch: View, size: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> step: Step;
@group(0) @binding(2) var<storage, read_write> gradient: array<vec4f>;       // [size]
@group(0) @binding(3) var<storage, read_write> parameter: array<vec4f>;      // [size]
@group(0) @binding(4) var<storage, read_write> state: array<vec4f>;          // [slots, size]
@group(0) @binding(5) var<storage, read> hyper: array<u32>;                  // [2 scalars]: factor (as bits), series
@group(0) @binding(6) var<storage, read> reduced: array<f32>;                // [reductions]
@group(0) @binding(7) var<storage, read_write> latch: array<atomic<u32>>;    // [1]: first step with a number that is not finite

fn prepare(at: Place) {}

// The q-th quad of a thread: threads side by side take quads side by side.
fn quad(x: u32, q: u32, lane: u32) -> u32 {
  return (x * QUADS + q) * WORKGROUP + lane;
}

// The quad to work on: the i-th of all, or of a list of blocks.
fn spot(at: Place, i: u32) -> u32 {
  return i;
}

// p as the step found it.
fn start(at: Place, i: u32) -> vec4f {
  return parameter[base(params.parameter, at) + i];
}

fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  return u;
}

fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {
  let moved = p - u;
  parameter[base(params.parameter, at) + i] = moved;
  if (nonfinite(moved)) { atomicMin(&latch[base(params.latch, at)], step.t); }
}

@compute @workgroup_size(WORKGROUP, 1, STACK)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) thread: vec3u) {
  let at = locate_stacked(params.grid, group, groups, thread.z);
  let lane = thread.x;
  if (!at.inside) { return; }
  prepare(at);
  for (var q = 0u; q < QUADS; q++) {
    let n = quad(at.x, q, lane);
    if (n * 4u < params.size) {
      let i = spot(at, n);
      let u = gradient[base(params.gradient, at) + i];
      let p = start(at, i);
      finish(at, i, chain(at, i, u, p), p);
    }
  }
}
