// What every matmul tile shares: 4 x 4 blocks of a and b, products summed by fma in order of k, guarded stores.
// Hooks with identity defaults: a_row, a_next, a_frame, a_value, a_number (a gather), prepare (before the first store), epilogue
// (bias, activation ...), sum_b, keep_sums and store_sums (bias gradient).

const TAIL = true; // k may be no multiple of 4

// Where a row of a begins, and four of its elements (`column` counts vec4s).
fn a_row(at: Place, row: u32) -> u32 {
  return base(params.a, at) + row * params.a.pitch;
}

// Where `row` begins, from where the one before it does.
fn a_next(at: Place, row: u32, before: u32, pitch: u32) -> u32 {
  return before + pitch;
}

// What four columns of a are scaled and shifted by.
fn a_frame(column: u32) -> mat2x4f {
  return mat2x4f();
}

fn a_value(address: u32, column: u32, frame: mat2x4f) -> vec4f {
  return a[address + column];
}

// One element of a row of a.
fn a_number(address: u32, k: u32) -> f32 {
  return a[address + k / 4u][k % 4u];
}

fn prepare(at: Place) {}

fn epilogue(value: vec4f, at: Place, row: u32, column: u32) -> vec4f {
  return value;
}

fn sum_b(part: u32, row: u32, block: mat4x4f) {}

// Sums made elsewhere, of the first part.
fn keep_sums(sums: vec4f) {}

fn store_sums(at: Place, part: u32, row: u32, column: u32) {}

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

// Four columns of one row of y; padding becomes 0.
fn store(at: Place, row: u32, column: u32, value: vec4f) {
  if (row < params.m && column < params.n) {
    let c = column / 4u;
    let result = select(vec4f(), epilogue(value, at, row, c), inside4(column, params.n));
    y[base(params.y, at) + row * params.y.pitch + c] = result;
  }
}
