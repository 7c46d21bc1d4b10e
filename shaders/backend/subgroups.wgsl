// Every lane's number in its subgroup, and the subgroup's size.
enable subgroups;
@group(0) @binding(0) var<storage, read_write> found: array<vec2u>; // [64]

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(subgroup_invocation_id) number: u32,
  @builtin(subgroup_size) width: u32) {
  found[lane] = vec2u(number, width);
}
