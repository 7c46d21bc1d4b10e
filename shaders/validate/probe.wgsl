// What an adapter does with f32 that WGSL leaves open: a sample a thread, the marks of special values, and a barrier's work.
const SAMPLES = 4096u;
const WORKGROUP = 64u;

struct Sample { a: f32, b: f32, product: f32, exponent: f32, positive: f32, angle: f32, c: f32, d: f32 }
struct Result { sum: f32, product: f32, remainder: f32, fused: f32, exponential: f32, logarithm: f32, tangent: f32, turned: u32 }

@group(0) @binding(0) var<storage, read> samples: array<Sample>;       // [SAMPLES]; product is a b rounded to f32; c is a, d is b
@group(0) @binding(1) var<storage, read> special: array<f32>;          // NaN, a subnormal, 1, 0
@group(0) @binding(2) var<storage, read_write> results: array<Result>; // [SAMPLES]
@group(0) @binding(3) var<storage, read_write> marks: array<u32>;      // [4]: subnormal times 1, its copy, max(NaN, 0), NaN != NaN

var<workgroup> wheel: array<u32, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) at: vec3u, @builtin(local_invocation_index) lane: u32) {
  // Eight turns of a wheel: each thread takes what the one opposite it left. Without barriers some turn is lost.
  var held = at.x;
  for (var turn = 0u; turn < 8u; turn++) {
    wheel[lane] = held;
    workgroupBarrier();
    held = wheel[(lane + 9u * turn + 1u) % WORKGROUP];
    workgroupBarrier();
  }
  let s = samples[at.x];
  // A product that is used but once, of numbers nobody knows to be a and b: what else used it would keep it apart.
  results[at.x] = Result(s.a + s.b, s.a * s.b, s.c * s.d - s.product, fma(s.a, s.b, -s.product),
    exp(s.exponent), log(s.positive), tanh(s.angle), held);
  if (at.x == 0u) {
    marks[0] = bitcast<u32>(special[1] * special[2]);
    marks[1] = bitcast<u32>(special[1]);
    marks[2] = bitcast<u32>(max(special[0], special[3]));
    marks[3] = select(0u, 1u, special[0] != special[0]);
  }
}
