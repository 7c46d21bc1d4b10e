// dropout(v) = v / (1 - rate) where a random word is at least rate 2^32, else 0 (Srivastava et al. 2014, inverted), a fragment of map.
// The word is a function of the run's seed, the layer's stream, the step and the logical element: of row, column and width.
const DROPOUT_STREAM = 2147483648u;
const DROPOUT_LEAST = 2147483648u; // rate 2^32
const DROPOUT_SCALE = 2.0; // 1 / (1 - rate)

fn dropout(v: vec4f, at: Place, row: u32, column: u32, columns: u32) -> vec4f {
  let quad = row * ((columns + 3u) / 4u) + column;
  let words = random_block(runs[at.run].noise, DROPOUT_STREAM, step.t, quad);
  return select(vec4f(), DROPOUT_SCALE * v, words >= vec4u(DROPOUT_LEAST));
}
