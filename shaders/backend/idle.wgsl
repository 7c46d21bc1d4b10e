// The cost of a dispatch: one workgroup that adds 1 to 64 numbers, each dispatch after the one before.
@group(0) @binding(0) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  y[lane] += 1;
}
