// What the four lanes of a quad hold, as the matrix' columns. For shaders that enable subgroups.
fn of_lanes(mine: vec4f) -> mat4x4f {
  return mat4x4f(quadBroadcast(mine, 0u), quadBroadcast(mine, 1u), quadBroadcast(mine, 2u), quadBroadcast(mine, 3u));
}
