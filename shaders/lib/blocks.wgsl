// Which 4 x 4 block of a tile in workgroup memory a thread brings.

// The block's place across the tile and along k, in blocks: neighbours read what lies side by side in memory, across the tile
// where `lines` of it lie so, or along k.
fn block_of(index: u32, across: u32, depth: u32, lines: bool) -> vec2u {
  if (lines) { return vec2u(index % across, index / across); }
  return vec2u(index / (depth / 4u), index % (depth / 4u));
}
