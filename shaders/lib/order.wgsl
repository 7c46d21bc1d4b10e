// The order of examples, bit-equal to src/core/order.ts, where it is explained. Names random.wgsl.
// position < count and count >= 1; the two blocks of keys depend on (seed, epoch) only. The example at `position` of a permutation
// of [0, count) by (seed, epoch) is order_rank for at most ORDER_SORTED of them, order_at for more.

// For two rounds each.
alias OrderKey = array<vec2u, 4>;

const ORDER_STREAM = 0xffffff00u;
const ORDER_DRAW_STREAM = 0xffffff01u;
const ORDER_SORTED = 16u;

fn order_key(seed: u32, epoch: u32) -> OrderKey {
  var key = OrderKey();
  for (var i = 0u; i < 2u; i++) {
    let block = random_block(seed, ORDER_STREAM, epoch, i);
    key[2u * i] = block.xy;
    key[2u * i + 1u] = block.zw;
  }
  return key;
}

// The upper 32 bits of a 64-bit product.
fn order_multiply_high(a: u32, b: u32) -> u32 {
  let low = ((a & 0xffffu) * (b & 0xffffu)) >> 16u;
  let cross = (a >> 16u) * (b & 0xffffu) + low;
  let other = (a & 0xffffu) * (b >> 16u) + (cross & 0xffffu);
  return (a >> 16u) * (b >> 16u) + (cross >> 16u) + (other >> 16u);
}

fn order_round_function(value: u32, key: u32) -> u32 {
  let h = (value + key) * 0x7feb352du;
  return (h ^ (h >> 15u)) * 0x846ca68bu;
}

// Two rounds of the Feistel network; x is the domain's number, in [0, high << shift).
fn order_rounds(x: u32, keys: vec2u, high: u32, shift: u32) -> u32 {
  let mask = (1u << shift) - 1u;
  let upper = (x >> shift) + order_multiply_high(order_round_function(x & mask, keys.x), high);
  let wrapped = select(upper, upper - high, upper >= high);
  let lower = ((x & mask) + (order_round_function(wrapped, keys.y) >> (32u - shift))) & mask;
  return (wrapped << shift) | lower;
}

// For count > 16 only.
fn order_at(position: u32, count: u32, key: OrderKey) -> u32 {
  let shift = (32u - countLeadingZeros(count - 1u)) >> 1u;
  let high = ((count - 1u) >> shift) + 1u;
  var keys = key;
  var x = position;
  for (var walk = 0u; walk < (1u << shift); walk++) {
    for (var pair = 0u; pair < 4u; pair++) { x = order_rounds(x, keys[pair], high, shift); }
    if (x < count) { break; }
  }
  return x;
}

fn order_rank(position: u32, count: u32, seed: u32, epoch: u32) -> u32 {
  let own = random_hash(seed, ORDER_STREAM, epoch, position);
  var before = 0u;
  for (var other = 0u; other < min(count, ORDER_SORTED); other++) {
    let value = random_hash(seed, ORDER_STREAM, epoch, other);
    before += select(0u, 1u, value < own || (value == own && other < position));
  }
  return before;
}

// The example at `position` of draws with replacement from [0, count).
fn draw_index(position: u32, count: u32, seed: u32) -> u32 {
  return order_multiply_high(random_hash(seed, ORDER_DRAW_STREAM, 0u, position), count);
}
