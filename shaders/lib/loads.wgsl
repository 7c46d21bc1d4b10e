// 4 x 4 blocks of a and b, for the tiles that take four k a trip.

const TAIL = true; // k may be no multiple of 4

// Rows row .. row + 3 of the left operand as the matrix' columns, k .. k + 3 as their lanes. What lies outside is for the caller to ignore.
fn load_a(at: Place, row: u32, k: u32) -> mat4x4f {
  if (A_TRANSPOSED) {
    let c = row / 4u;
    let frame = a_frame(c);
    return transpose(mat4x4f(a_value(a_row(at, k), c, frame), a_value(a_row(at, k + 1u), c, frame),
      a_value(a_row(at, k + 2u), c, frame), a_value(a_row(at, k + 3u), c, frame)));
  }
  let c = k / 4u;
  let frame = a_frame(c);
  return mat4x4f(a_value(a_row(at, row), c, frame), a_value(a_row(at, row + 1u), c, frame),
    a_value(a_row(at, row + 2u), c, frame), a_value(a_row(at, row + 3u), c, frame));
}

// k .. k + 3 of the right operand as the matrix' columns, column .. column + 3 as their lanes.
fn load_b(at: Place, k: u32, column: u32) -> mat4x4f {
  let pitch = params.b.pitch;
  if (B_TRANSPOSED) {
    let i = base(params.b, at) + column * pitch + k / 4u;
    return transpose(mat4x4f(b[i], b[i + pitch], b[i + 2u * pitch], b[i + 3u * pitch]));
  }
  let i = base(params.b, at) + k * pitch + column / 4u;
  return mat4x4f(b[i], b[i + pitch], b[i + 2u * pitch], b[i + 3u * pitch]);
}

// Blocks with everything from params.k on replaced by 0, whatever lies there.
fn masked_a(at: Place, row: u32, k: u32) -> mat4x4f {
  let block = load_a(at, row, k);
  let real = inside4(k, params.k);
  return mat4x4f(select(vec4f(), block[0], real), select(vec4f(), block[1], real),
    select(vec4f(), block[2], real), select(vec4f(), block[3], real));
}

fn masked_b(at: Place, k: u32, column: u32) -> mat4x4f {
  let block = load_b(at, k, column);
  let real = inside4(k, params.k);
  return mat4x4f(select(vec4f(), block[0], real.x), select(vec4f(), block[1], real.y),
    select(vec4f(), block[2], real.z), select(vec4f(), block[3], real.w));
}

fn is_tail(k: u32) -> bool {
  return TAIL && k + 4u > params.k;
}

// The next blocks of a loop over k in fours.
fn next_a(at: Place, row: u32, k: u32) -> mat4x4f {
  if (is_tail(k)) { return masked_a(at, row, k); }
  return load_a(at, row, k);
}

fn next_b(at: Place, k: u32, column: u32) -> mat4x4f {
  if (is_tail(k)) { return masked_b(at, k, column); }
  return load_b(at, k, column);
}
