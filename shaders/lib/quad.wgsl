// A block of a, 4 rows by 4 k, loaded by the four lanes of a quad between them: a vec4 each, where each would load all four.
// In memory as [m, k] a lane takes a row (which is known before the loop over k), as [k, m] it takes a k.

// Where the lane's row begins, where its k begins, the block's first row and k, the lane.
struct Quad { row: u32, next: u32, first: u32, k: u32, lane: u32 }

fn quad_row(at: Place, row: u32) -> u32 {
  if (A_TRANSPOSED) { return 0u; }
  return a_row(at, row);
}

fn quad_next(at: Place, k: u32) -> u32 {
  if (A_TRANSPOSED) { return a_row(at, k); }
  return 0u;
}

fn quad_frame(row: u32) -> mat2x4f {
  if (A_TRANSPOSED) { return a_frame(row / 4u); }
  return mat2x4f();
}

fn quad_next_frame(k: u32) -> mat2x4f {
  if (A_TRANSPOSED) { return mat2x4f(); }
  return a_frame(k / 4u);
}

// The lane's vec4 of a block; 0 from params.k on.
fn quad_value(place: Quad, frame: mat2x4f, next_frame: mat2x4f) -> vec4f {
  if (A_TRANSPOSED) {
    let value = a_value(place.next, place.first / 4u, frame);
    return select(value, vec4f(), vec4<bool>(TAIL && place.k + place.lane >= params.k));
  }
  let value = a_value(place.row, place.k / 4u, next_frame);
  return select(vec4f(), value, vec4<bool>(!TAIL) | inside4(place.k, params.k));
}

// The whole block: rows as the matrix' columns, k as their lanes.
fn quad_block(place: Quad, frame: mat2x4f, next_frame: mat2x4f) -> mat4x4f {
  let mine = quad_value(place, frame, next_frame);
  let block = of_lanes(mine);
  if (A_TRANSPOSED) { return transpose(block); }
  return block;
}
