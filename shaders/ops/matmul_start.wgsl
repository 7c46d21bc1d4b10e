// y = a b for any sizes, a or b transposed: 4 x 4 results a thread, one k a trip. The shortest text of all tiles, so that a
// training can begin on it while the one that was planned is compiled.
const WORKGROUP_X = 4u; // threads along the columns of y
const WORKGROUP_Y = 4u; // threads along the rows of y
const A_TRANSPOSED = false; // a is [k, m] in memory
const B_TRANSPOSED = false; // b is [n, k] in memory
const_assert WORKGROUP_X * WORKGROUP_Y % 4u == 0u;

struct Params { grid: Grid, a: View, b: View, y: View, m: u32, n: u32, k: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>;       // [m, k]
@group(0) @binding(2) var<storage, read> b: array<vec4f>;       // [k, n]
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>; // [m, n]

// Four columns of the right operand at k. What a loop reads of Params is read before it: not every compiler moves it.
fn right_of(origin: u32, pitch: u32, k: u32) -> vec4f {
  if (B_TRANSPOSED) {
    let i = origin + k / 4u;
    let lane = k % 4u;
    return vec4f(b[i][lane], b[i + pitch][lane], b[i + 2u * pitch][lane], b[i + 3u * pitch][lane]);
  }
  return b[origin + k * pitch];
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y, STACK)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) lane: vec3u) {
  let at = locate_stacked(params.grid, group, groups, lane.z);
  let column = (at.x * WORKGROUP_X + lane.x) * 4u;
  let row = (at.y * WORKGROUP_Y + lane.y) * 4u;
  if (!at.inside || row >= params.m || column >= params.n) { return; }
  let depth = params.k;
  let pitch = params.b.pitch;
  let origin = base(params.b, at) + select(column / 4u, column * pitch, B_TRANSPOSED);
  let a_pitch = params.a.pitch;
  let frame = a_frame(row / 4u);
  // Where four rows of the left operand begin; of one that is transposed, the row of k alone.
  var first = a_row(at, select(row, 0u, A_TRANSPOSED));
  let second = a_next(at, row + 1u, first, a_pitch);
  let third = a_next(at, row + 2u, second, a_pitch);
  let fourth = a_next(at, row + 3u, third, a_pitch);
  var sums = vec4f();
  var total0 = vec4f();
  var total1 = vec4f();
  var total2 = vec4f();
  var total3 = vec4f();
  for (var k = 0u; k < depth; k++) {
    let right = right_of(origin, pitch, k);
    sums = sums + right;
    var left = vec4f();
    if (A_TRANSPOSED) {
      left = a_value(first, row / 4u, frame);
      first = a_next(at, k + 1u, first, a_pitch);
    } else {
      left = vec4f(a_number(first, k), a_number(second, k), a_number(third, k), a_number(fourth, k));
    }
    total0 = fma(vec4f(left.x), right, total0);
    total1 = fma(vec4f(left.y), right, total1);
    total2 = fma(vec4f(left.z), right, total2);
    total3 = fma(vec4f(left.w), right, total3);
  }
  var all = array<vec4f, 5>(total0, total1, total2, total3, sums);
  prepare(at);
  for (var i = 0u; i < select(4u, 5u, sums_at(row)); i++) { store(at, select(row + i, SUMS_ROW, i == 4u), column, all[i]); }
}
