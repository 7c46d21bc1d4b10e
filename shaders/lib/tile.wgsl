// What every matmul tile shares: where rows of a begin and what they hold, guarded stores.
// Hooks with identity defaults: a_row, a_next, a_frame, a_value, a_number (a gather), prepare (before the first store), epilogue
// (bias, activation ...), sum_b, sums_at, column_sum (bias gradient) and store, of which a tile's text should hold few calls:
// each is a copy of all that a store does.

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

// The row under which sums of columns are stored.
const SUMS_ROW = 0xffffffffu;

// Whether a thread whose first row this is stores sums, and a part of them: four columns.
fn sums_at(row: u32) -> bool {
  return false;
}

fn column_sum(part: u32) -> vec4f {
  return vec4f();
}

// Four columns of one row of y; padding becomes 0.
fn store(at: Place, row: u32, column: u32, value: vec4f) {
  if (row < params.m && column < params.n) {
    let c = column / 4u;
    let result = select(vec4f(), epilogue(value, at, row, c), inside4(column, params.n));
    y[base(params.y, at) + row * params.y.pitch + c] = result;
  }
}
