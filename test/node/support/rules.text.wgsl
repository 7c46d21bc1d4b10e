// Hooks generated for each optimizer's kernels; the lanes y, z and w of a quad, which repeat x, are left out.

// Of acprop, rule acprop.
// update: acprop > descend
struct Hyper { r0: Acprop, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 10>();
  for (var i = 0u; i < 10u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Acprop(now[0], now[1], now[2], now[3], now[4], now[5], now[6], now[7], now[8]),
    Descend(now[9]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = acprop(u_x, p.x, hyper_now.r0, &s0_x, &s1_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of adabelief, rule adabelief.
// update: adabelief > descend
struct Hyper { r0: Adabelief, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 9>();
  for (var i = 0u; i < 9u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Adabelief(now[0], now[1], now[2], now[3], now[4], now[5], now[6], now[7]),
    Descend(now[8]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = adabelief(u_x, p.x, hyper_now.r0, &s0_x, &s1_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of adadelta, rule adadelta.
// update: adadelta > descend
struct Hyper { r0: Adadelta, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 4>();
  for (var i = 0u; i < 4u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Adadelta(now[0], now[1], now[2]),
    Descend(now[3]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = adadelta(u_x, p.x, hyper_now.r0, &s0_x, &s1_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of adagrad, rule adagrad.
// update: adagrad > descend
struct Hyper { r0: Adagrad, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 5>();
  for (var i = 0u; i < 5u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Adagrad(now[0], now[1], now[2], now[3]),
    Descend(now[4]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  u_x = adagrad(u_x, p.x, hyper_now.r0, &s0_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of adafactor, rule adafactor, adafactor as optax.
// line_terms: adafactor
var<private> hyper_now: Adafactor;
fn prepare(at: Place) {
  hyper_now = Adafactor(scalar(at, 0u), scalar(at, 1u), scalar(at, 2u), scalar(at, 3u), scalar(at, 4u), 0.0, 0.0, 0.0, 0.0);
}
fn terms_of(at: Place, i: u32, row: u32, col: u32) -> array<vec4f, 4> {
  let u = gradient[base(params.gradient, at) + i];
  let p = parameter[base(params.parameter, at) + i];
  var four = array<vec4f, 4>();
  four[0] = adafactor_terms(u.x, p.x, hyper_now);
  four[1] = adafactor_terms(u.y, p.y, hyper_now);
  four[2] = adafactor_terms(u.z, p.z, hyper_now);
  four[3] = adafactor_terms(u.w, p.w, hyper_now);
  return four;
}

// Of adafactor, rule adafactor, adafactor as optax.
// line_settle: adafactor
fn settled(at: Place, sums: vec4f, count: f32, before: vec4f) -> vec4f {
  return adafactor_settle(sums, count, Adafactor(scalar(at, 0u), scalar(at, 1u), scalar(at, 2u), scalar(at, 3u), scalar(at, 4u), 0.0, 0.0, 0.0, 0.0), before);
}

// Of adafactor, adafactor as optax.
// update: adafactor
struct Hyper { r0: Adafactor }

var<private> hyper_now: Hyper;
var<private> tile: u32;

struct Spot { row: u32, col: u32, all: u32, tensor: u32, index: u32, inside: vec4<bool> }

var<private> spot_now: Spot;
fn prepare(at: Place) {
  var now = array<f32, 5>();
  for (var i = 0u; i < 5u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Adafactor(now[0], now[1], now[2], now[3], now[4], 0.0, 0.0, 0.0, 0.0));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  hyper_now.r0.matrix = f32(tile >> 16u);
  let r0_row_v = select(vec4f(), vec4f(lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.row]), spot_now.inside);
  let r0_col_v = select(vec4f(), vec4f(lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 0u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 1u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 2u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 3u]), spot_now.inside);
  let r0_all_v = select(vec4f(), vec4f(lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.all]), spot_now.inside);
  var u_x = u.x;
  hyper_now.r0.row_v = r0_row_v.x; hyper_now.r0.col_v = r0_col_v.x; hyper_now.r0.all_v = r0_all_v.x; u_x = adafactor(u_x, p.x, hyper_now.r0);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 9u * (i / 16u);
  tile = tiles[place + 1u];
  let cols = tiles[place + 3u];
  let pitch = (cols + 3u) & ~3u;
  let element = tiles[place + 2u] + 4u * (i % 16u);
  let row = element / pitch;
  let col = element - row * pitch;
  let inside = vec4<bool>(row < tiles[place + 4u]) & inside4(col, cols);
  spot_now = Spot(tiles[place + 5u] + row, tiles[place + 6u] + col, tiles[place + 7u], tiles[place + 8u], row * cols + col, inside);
  return tiles[place] * 16u + i % 16u;
}
fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {
  gradient[base(params.gradient, at) + i] = u;
}

// Of adafactor, adafactor as optax.
// block_terms: adafactorStep
var<private> hyper_now: AdafactorStep;
fn prepare(at: Place) {
  hyper_now = AdafactorStep(scalar(at, 5u), scalar(at, 6u), scalar(at, 7u), 0.0, 0.0);
}
fn number(at: Place, i: u32) -> vec4f {
  let u = gradient[base(params.gradient, at) + i];
  let p = parameter[base(params.parameter, at) + i];
  return (adafactor_step_terms(u.x, p.x, hyper_now) + adafactor_step_terms(u.y, p.y, hyper_now)) + (adafactor_step_terms(u.z, p.z, hyper_now) + adafactor_step_terms(u.w, p.w, hyper_now));
}

// Of adafactor, adafactor as optax.
// settle: adafactorStep
fn settled(at: Place, sums: vec4f, count: f32, before: vec4f) -> vec4f {
  return adafactor_step_settle(sums, count, AdafactorStep(scalar(at, 5u), scalar(at, 6u), scalar(at, 7u), 0.0, 0.0), before);
}

// Of adafactor.
// update: adafactorStep > weightDecay > descend
struct Hyper { r0: AdafactorStep, r1: WeightDecay, r2: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  var now = array<f32, 5>();
  for (var i = 0u; i < 5u; i++) { now[i] = scalar(at, 5u + i); }
  hyper_now = Hyper(AdafactorStep(now[0], now[1], now[2], 0.0, 0.0),
    WeightDecay(now[3]),
    Descend(now[4]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  hyper_now.r0.size = reduced[base(params.reduced, at) + (tile & 0xffffu)];
  hyper_now.r0.divisor = reduced[base(params.reduced, at) + 1u * params.reduced.pitch + (tile & 0xffffu)];
  var u_x = u.x;
  u_x = adafactor_step(u_x, p.x, hyper_now.r0);
  u_x = weight_decay(u_x, p.x, hyper_now.r1);
  u_x = descend(u_x, p.x, hyper_now.r2);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}

// Of adamax, rule adamax.
// update: adamax > descend
struct Hyper { r0: Adamax, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 7>();
  for (var i = 0u; i < 7u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Adamax(now[0], now[1], now[2], now[3], now[4], now[5]),
    Descend(now[6]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = adamax(u_x, p.x, hyper_now.r0, &s0_x, &s1_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of adan, rule adan.
// update: adan > descend
struct Hyper { r0: Adan, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 13>();
  for (var i = 0u; i < 13u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Adan(now[0], now[1], now[2], now[3], now[4], now[5], now[6], now[7], now[8], now[9], now[10], now[11]),
    Descend(now[12]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  let s2 = state[origin + 2u * params.state.pitch];
  let s3 = state[origin + 3u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  var s2_x = s2.x;
  var s3_x = s3.x;
  u_x = adan(u_x, p.x, hyper_now.r0, &s0_x, &s1_x, &s2_x, &s3_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  state[origin + 2u * params.state.pitch] = vec4f(s2_x, s2_y, s2_z, s2_w);
  state[origin + 3u * params.state.pitch] = vec4f(s3_x, s3_y, s3_z, s3_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of ademamix, rule ademamix.
// update: ademamix > descend
struct Hyper { r0: Ademamix, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 11>();
  for (var i = 0u; i < 11u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Ademamix(now[0], now[1], now[2], now[3], now[4], now[5], now[6], now[7], now[8], now[9]),
    Descend(now[10]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  let s2 = state[origin + 2u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  var s2_x = s2.x;
  u_x = ademamix(u_x, p.x, hyper_now.r0, &s0_x, &s1_x, &s2_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  state[origin + 2u * params.state.pitch] = vec4f(s2_x, s2_y, s2_z, s2_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of dog, rule dog.
// block_terms: dog
var<private> hyper_now: Dog;
fn prepare(at: Place) {
  hyper_now = Dog(scalar(at, 0u), scalar(at, 1u), scalar(at, 2u), 0.0, 0.0);
}
fn number(at: Place, i: u32) -> vec4f {
  let u = gradient[base(params.gradient, at) + i];
  let p = parameter[base(params.parameter, at) + i];
  let s0 = state[base(params.state, at) + i + 0u * params.state.pitch];
  return (dog_terms(u.x, p.x, hyper_now, s0.x) + dog_terms(u.y, p.y, hyper_now, s0.y)) + (dog_terms(u.z, p.z, hyper_now, s0.z) + dog_terms(u.w, p.w, hyper_now, s0.w));
}

// Of dog, rule dog.
// settle: dog
fn settled(at: Place, sums: vec4f, count: f32, before: vec4f) -> vec4f {
  return dog_settle(sums, count, Dog(scalar(at, 0u), scalar(at, 1u), scalar(at, 2u), 0.0, 0.0), before);
}

// Of dog, rule dog.
// update: dog > descend
struct Hyper { r0: Dog, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 4>();
  for (var i = 0u; i < 4u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Dog(now[0], now[1], now[2], reduced[base(params.reduced, at)], reduced[base(params.reduced, at) + 1u * params.reduced.pitch]),
    Descend(now[3]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  u_x = dog(u_x, p.x, hyper_now.r0, &s0_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of dowg, rule dowg.
// block_terms: dowg
var<private> hyper_now: Dowg;
fn prepare(at: Place) {
  hyper_now = Dowg(scalar(at, 0u), scalar(at, 1u), 0.0, 0.0);
}
fn number(at: Place, i: u32) -> vec4f {
  let u = gradient[base(params.gradient, at) + i];
  let p = parameter[base(params.parameter, at) + i];
  let s0 = state[base(params.state, at) + i + 0u * params.state.pitch];
  return (dowg_terms(u.x, p.x, hyper_now, s0.x) + dowg_terms(u.y, p.y, hyper_now, s0.y)) + (dowg_terms(u.z, p.z, hyper_now, s0.z) + dowg_terms(u.w, p.w, hyper_now, s0.w));
}

// Of dowg, rule dowg.
// settle: dowg
fn settled(at: Place, sums: vec4f, count: f32, before: vec4f) -> vec4f {
  return dowg_settle(sums, count, Dowg(scalar(at, 0u), scalar(at, 1u), 0.0, 0.0), before);
}

// Of dowg, rule dowg.
// update: dowg > descend
struct Hyper { r0: Dowg, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 3>();
  for (var i = 0u; i < 3u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Dowg(now[0], now[1], reduced[base(params.reduced, at)], reduced[base(params.reduced, at) + 1u * params.reduced.pitch]),
    Descend(now[2]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  u_x = dowg(u_x, p.x, hyper_now.r0, &s0_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of fromage, rule trustRatio.
// block_terms: trustRatio
var<private> hyper_now: TrustRatio;
fn prepare(at: Place) {
  hyper_now = TrustRatio(scalar(at, 0u), scalar(at, 1u), scalar(at, 2u), 0.0, 0.0);
}
fn number(at: Place, i: u32) -> vec4f {
  let u = gradient[base(params.gradient, at) + i];
  let p = parameter[base(params.parameter, at) + i];
  return (trust_ratio_terms(u.x, p.x, hyper_now) + trust_ratio_terms(u.y, p.y, hyper_now)) + (trust_ratio_terms(u.z, p.z, hyper_now) + trust_ratio_terms(u.w, p.w, hyper_now));
}

// Of fromage, lamb, lars, rule trustRatio, clipped lamb, centralized and 2 more.
// settle: trustRatio

// Of fromage.
// update: trustRatio > fromage > descend
struct Hyper { r0: TrustRatio, r1: Fromage, r2: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  var now = array<f32, 6>();
  for (var i = 0u; i < 6u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(TrustRatio(now[0], now[1], now[2], 0.0, 0.0),
    Fromage(now[3], now[4]),
    Descend(now[5]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  hyper_now.r0.squared_u = reduced[base(params.reduced, at) + (tile & 0xffffu)];
  hyper_now.r0.squared_p = reduced[base(params.reduced, at) + 1u * params.reduced.pitch + (tile & 0xffffu)];
  var u_x = u.x;
  u_x = trust_ratio(u_x, p.x, hyper_now.r0);
  u_x = fromage(u_x, p.x, hyper_now.r1);
  u_x = descend(u_x, p.x, hyper_now.r2);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}

// Of novograd, rule novograd.
// block_terms: novograd
var<private> hyper_now: Novograd;
fn prepare(at: Place) {
  hyper_now = Novograd(scalar(at, 0u), scalar(at, 1u), scalar(at, 2u), scalar(at, 3u), scalar(at, 4u), scalar(at, 5u), 0.0);
}
fn number(at: Place, i: u32) -> vec4f {
  let u = gradient[base(params.gradient, at) + i];
  let p = parameter[base(params.parameter, at) + i];
  let s0 = state[base(params.state, at) + i + 0u * params.state.pitch];
  return (novograd_terms(u.x, p.x, hyper_now, s0.x) + novograd_terms(u.y, p.y, hyper_now, s0.y)) + (novograd_terms(u.z, p.z, hyper_now, s0.z) + novograd_terms(u.w, p.w, hyper_now, s0.w));
}

// Of novograd, rule novograd.
// settle: novograd
fn settled(at: Place, sums: vec4f, count: f32, before: vec4f) -> vec4f {
  return novograd_settle(sums, count, Novograd(scalar(at, 0u), scalar(at, 1u), scalar(at, 2u), scalar(at, 3u), scalar(at, 4u), scalar(at, 5u), 0.0), before);
}

// Of novograd, rule novograd.
// update: novograd > descend
struct Hyper { r0: Novograd, r1: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  var now = array<f32, 7>();
  for (var i = 0u; i < 7u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Novograd(now[0], now[1], now[2], now[3], now[4], now[5], 0.0),
    Descend(now[6]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  hyper_now.r0.v = reduced[base(params.reduced, at) + (tile & 0xffffu)];
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  u_x = novograd(u_x, p.x, hyper_now.r0, &s0_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}

// Of prodigy.
// update: prodigySums
struct Hyper { r0: ProdigySums }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 8>();
  for (var i = 0u; i < 8u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(ProdigySums(now[0], now[1], now[2], now[3], now[4], now[5], now[6], now[7], reduced[base(params.reduced, at)]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  let s2 = state[origin + 2u * params.state.pitch];
  let s3 = state[origin + 3u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  var s2_x = s2.x;
  var s3_x = s3.x;
  u_x = prodigy_sums(u_x, p.x, hyper_now.r0, &s0_x, &s1_x, &s2_x, &s3_x);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  state[origin + 2u * params.state.pitch] = vec4f(s2_x, s2_y, s2_z, s2_w);
  state[origin + 3u * params.state.pitch] = vec4f(s3_x, s3_y, s3_z, s3_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {
  gradient[base(params.gradient, at) + i] = u;
}

// Of prodigy.
// block_terms: prodigy
var<private> hyper_now: Prodigy;
fn prepare(at: Place) {
  hyper_now = Prodigy(scalar(at, 8u), scalar(at, 9u), scalar(at, 10u), scalar(at, 11u), scalar(at, 12u), scalar(at, 13u), scalar(at, 14u), 0.0, 0.0, 0.0);
}
fn number(at: Place, i: u32) -> vec4f {
  let u = gradient[base(params.gradient, at) + i];
  let p = parameter[base(params.parameter, at) + i];
  let s0 = state[base(params.state, at) + i + 0u * params.state.pitch];
  let s1 = state[base(params.state, at) + i + 1u * params.state.pitch];
  let s2 = state[base(params.state, at) + i + 2u * params.state.pitch];
  let s3 = state[base(params.state, at) + i + 3u * params.state.pitch];
  return (prodigy_terms(u.x, p.x, hyper_now, s0.x, s1.x, s2.x, s3.x) + prodigy_terms(u.y, p.y, hyper_now, s0.y, s1.y, s2.y, s3.y)) + (prodigy_terms(u.z, p.z, hyper_now, s0.z, s1.z, s2.z, s3.z) + prodigy_terms(u.w, p.w, hyper_now, s0.w, s1.w, s2.w, s3.w));
}

// Of prodigy.
// settle: prodigy
fn settled(at: Place, sums: vec4f, count: f32, before: vec4f) -> vec4f {
  return prodigy_settle(sums, count, Prodigy(scalar(at, 8u), scalar(at, 9u), scalar(at, 10u), scalar(at, 11u), scalar(at, 12u), scalar(at, 13u), scalar(at, 14u), 0.0, 0.0, 0.0), before);
}

// Of prodigy.
// update: prodigy > descend
struct Hyper { r0: Prodigy, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 8>();
  for (var i = 0u; i < 8u; i++) { now[i] = scalar(at, 8u + i); }
  hyper_now = Hyper(Prodigy(now[0], now[1], now[2], now[3], now[4], now[5], now[6], reduced[base(params.reduced, at)], reduced[base(params.reduced, at) + 1u * params.reduced.pitch], reduced[base(params.reduced, at) + 2u * params.reduced.pitch]),
    Descend(now[7]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  let s2 = state[origin + 2u * params.state.pitch];
  let s3 = state[origin + 3u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  var s2_x = s2.x;
  var s3_x = s3.x;
  u_x = prodigy(u_x, p.x, hyper_now.r0, &s0_x, &s1_x, &s2_x, &s3_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  state[origin + 2u * params.state.pitch] = vec4f(s2_x, s2_y, s2_z, s2_w);
  state[origin + 3u * params.state.pitch] = vec4f(s3_x, s3_y, s3_z, s3_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of scheduleFreeAdamw.
// update: rmsprop > scheduleFree > descend
struct Hyper { r0: Rmsprop, r1: ScheduleFree, r2: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 11>();
  for (var i = 0u; i < 11u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Rmsprop(now[0], now[1], now[2], now[3], now[4], now[5]),
    ScheduleFree(now[6], now[7], now[8], now[9]),
    Descend(now[10]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = rmsprop(u_x, p.x, hyper_now.r0, &s0_x);
  u_x = schedule_free(u_x, p.x, hyper_now.r1, &s1_x);
  u_x = descend(u_x, p.x, hyper_now.r2);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of scheduleFreeAdamw.
// update: scheduleFreeView
struct Hyper { r0: ScheduleFreeView }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  hyper_now = Hyper(ScheduleFreeView(scalar(at, 11u)));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = p.x;
  var s1_x = s1.x;
  u_x = schedule_free_view(u_x, p.x, hyper_now.r0, &s1_x);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {
  gradient[base(params.gradient, at) + i] = u;
}

// Of scheduleFreeSgd, rule scheduleFree, schedule-free sgd.
// update: scheduleFree > descend
struct Hyper { r0: ScheduleFree, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 5>();
  for (var i = 0u; i < 5u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(ScheduleFree(now[0], now[1], now[2], now[3]),
    Descend(now[4]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  u_x = schedule_free(u_x, p.x, hyper_now.r0, &s0_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of scheduleFreeSgd, rule scheduleFree, schedule-free sgd.
// update: scheduleFreeView
struct Hyper { r0: ScheduleFreeView }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  hyper_now = Hyper(ScheduleFreeView(scalar(at, 5u)));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = p.x;
  var s0_x = s0.x;
  u_x = schedule_free_view(u_x, p.x, hyper_now.r0, &s0_x);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {
  gradient[base(params.gradient, at) + i] = u;
}

// Of lamb.
// update: adam > weightDecay + trustRatio terms
struct Hyper { r0: Adam, r1: WeightDecay }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 8>();
  for (var i = 0u; i < 8u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Adam(now[0], now[1], now[2], now[3], now[4], now[5], now[6]),
    WeightDecay(now[7]));
  terms_now = TrustRatio(scalar(at, 8u), scalar(at, 9u), scalar(at, 10u), 0.0, 0.0);
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = adam(u_x, p.x, hyper_now.r0, &s0_x, &s1_x);
  u_x = weight_decay(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {
  gradient[base(params.gradient, at) + i] = u;
  let q = i % 16u;
  var sum = (trust_ratio_terms(u.x, p.x, terms_now) + trust_ratio_terms(u.y, p.y, terms_now)) + (trust_ratio_terms(u.z, p.z, terms_now) + trust_ratio_terms(u.w, p.w, terms_now));
  if ((q & 1u) == 0u) { halves[0] = sum; return; }
  sum = halves[0] + sum;
  if ((q & 2u) == 0u) { halves[1] = sum; return; }
  sum = halves[1] + sum;
  if ((q & 4u) == 0u) { halves[2] = sum; return; }
  sum = halves[2] + sum;
  if ((q & 8u) == 0u) { halves[3] = sum; return; }
  sum = halves[3] + sum;
  let place = base(params.terms, at) + i / 16u;
  for (var k = 0u; k < 2u; k++) { terms[place + k * params.terms.pitch] = sum[k]; }
}
fn quad(x: u32, q: u32, lane: u32) -> u32 {
  return (x * WORKGROUP + lane) * 16u + q;
}

// Of lamb, centralized.
// update: trustRatio > descend
struct Hyper { r0: TrustRatio, r1: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  var now = array<f32, 4>();
  for (var i = 0u; i < 4u; i++) { now[i] = scalar(at, 8u + i); }
  hyper_now = Hyper(TrustRatio(now[0], now[1], now[2], 0.0, 0.0),
    Descend(now[3]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  hyper_now.r0.squared_u = reduced[base(params.reduced, at) + (tile & 0xffffu)];
  hyper_now.r0.squared_p = reduced[base(params.reduced, at) + 1u * params.reduced.pitch + (tile & 0xffffu)];
  var u_x = u.x;
  u_x = trust_ratio(u_x, p.x, hyper_now.r0);
  u_x = descend(u_x, p.x, hyper_now.r1);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}

// Of lars.
// update: weightDecay + trustRatio terms
struct Hyper { r0: WeightDecay }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  hyper_now = Hyper(WeightDecay(scalar(at, 0u)));
  terms_now = TrustRatio(scalar(at, 1u), scalar(at, 2u), scalar(at, 3u), 0.0, 0.0);
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  var u_x = u.x;
  u_x = weight_decay(u_x, p.x, hyper_now.r0);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {
  gradient[base(params.gradient, at) + i] = u;
  let q = i % 16u;
  var sum = (trust_ratio_terms(u.x, p.x, terms_now) + trust_ratio_terms(u.y, p.y, terms_now)) + (trust_ratio_terms(u.z, p.z, terms_now) + trust_ratio_terms(u.w, p.w, terms_now));
  if ((q & 1u) == 0u) { halves[0] = sum; return; }
  sum = halves[0] + sum;
  if ((q & 2u) == 0u) { halves[1] = sum; return; }
  sum = halves[1] + sum;
  if ((q & 4u) == 0u) { halves[2] = sum; return; }
  sum = halves[2] + sum;
  if ((q & 8u) == 0u) { halves[3] = sum; return; }
  sum = halves[3] + sum;
  let place = base(params.terms, at) + i / 16u;
  for (var k = 0u; k < 2u; k++) { terms[place + k * params.terms.pitch] = sum[k]; }
}
fn quad(x: u32, q: u32, lane: u32) -> u32 {
  return (x * WORKGROUP + lane) * 16u + q;
}

// Of lars.
// update: trustRatio > descend > momentum > descend
struct Hyper { r0: TrustRatio, r1: Descend, r2: Momentum, r3: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  var now = array<f32, 8>();
  for (var i = 0u; i < 8u; i++) { now[i] = scalar(at, 1u + i); }
  hyper_now = Hyper(TrustRatio(now[0], now[1], now[2], 0.0, 0.0),
    Descend(now[3]),
    Momentum(now[4], now[5], now[6]),
    Descend(now[7]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  hyper_now.r0.squared_u = reduced[base(params.reduced, at) + (tile & 0xffffu)];
  hyper_now.r0.squared_p = reduced[base(params.reduced, at) + 1u * params.reduced.pitch + (tile & 0xffffu)];
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  u_x = trust_ratio(u_x, p.x, hyper_now.r0);
  u_x = descend(u_x, p.x, hyper_now.r1);
  u_x = momentum(u_x, p.x, hyper_now.r2, &s0_x);
  u_x = descend(u_x, p.x, hyper_now.r3);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}

// Of adopt, rule adopt.
// update: adopt > descend
struct Hyper { r0: Adopt, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 7>();
  for (var i = 0u; i < 7u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Adopt(now[0], now[1], now[2], now[3], now[4], now[5]),
    Descend(now[6]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = adopt(u_x, p.x, hyper_now.r0, &s0_x, &s1_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of emaSgd, rule emaMomentum.
// update: emaMomentum > descend
struct Hyper { r0: EmaMomentum, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 4>();
  for (var i = 0u; i < 4u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(EmaMomentum(now[0], now[1], now[2]),
    Descend(now[3]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  u_x = ema_momentum(u_x, p.x, hyper_now.r0, &s0_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of laprop, rule laprop.
// update: laprop > descend
struct Hyper { r0: Laprop, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 8>();
  for (var i = 0u; i < 8u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Laprop(now[0], now[1], now[2], now[3], now[4], now[5], now[6]),
    Descend(now[7]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = laprop(u_x, p.x, hyper_now.r0, &s0_x, &s1_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of lion, rule lion.
// update: lion > descend
struct Hyper { r0: Lion, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 5>();
  for (var i = 0u; i < 5u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Lion(now[0], now[1], now[2], now[3]),
    Descend(now[4]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  u_x = lion(u_x, p.x, hyper_now.r0, &s0_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of madgrad, rule madgrad.
// update: madgrad > descend
struct Hyper { r0: Madgrad, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 5>();
  for (var i = 0u; i < 5u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Madgrad(now[0], now[1], now[2], now[3]),
    Descend(now[4]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  let s2 = state[origin + 2u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  var s2_x = s2.x;
  u_x = madgrad(u_x, p.x, hyper_now.r0, &s0_x, &s1_x, &s2_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  state[origin + 2u * params.state.pitch] = vec4f(s2_x, s2_y, s2_z, s2_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of nadam, rule nadam.
// update: nadam > descend
struct Hyper { r0: Nadam, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 9>();
  for (var i = 0u; i < 9u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Nadam(now[0], now[1], now[2], now[3], now[4], now[5], now[6], now[7]),
    Descend(now[8]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = nadam(u_x, p.x, hyper_now.r0, &s0_x, &s1_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of optimisticAdam.
// update: adam > optimistic > descend
struct Hyper { r0: Adam, r1: Optimistic, r2: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 10>();
  for (var i = 0u; i < 10u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Adam(now[0], now[1], now[2], now[3], now[4], now[5], now[6]),
    Optimistic(now[7], now[8]),
    Descend(now[9]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  let s2 = state[origin + 2u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  var s2_x = s2.x;
  u_x = adam(u_x, p.x, hyper_now.r0, &s0_x, &s1_x);
  u_x = optimistic(u_x, p.x, hyper_now.r1, &s2_x);
  u_x = descend(u_x, p.x, hyper_now.r2);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  state[origin + 2u * params.state.pitch] = vec4f(s2_x, s2_y, s2_z, s2_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of optimisticSgd, rule optimistic.
// update: optimistic > descend
struct Hyper { r0: Optimistic, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 3>();
  for (var i = 0u; i < 3u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Optimistic(now[0], now[1]),
    Descend(now[2]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  u_x = optimistic(u_x, p.x, hyper_now.r0, &s0_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of adam, rule adam.
// update: adam > descend
struct Hyper { r0: Adam, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 8>();
  for (var i = 0u; i < 8u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Adam(now[0], now[1], now[2], now[3], now[4], now[5], now[6]),
    Descend(now[7]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = adam(u_x, p.x, hyper_now.r0, &s0_x, &s1_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of adamw.
// update: adam > weightDecay > descend
struct Hyper { r0: Adam, r1: WeightDecay, r2: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 9>();
  for (var i = 0u; i < 9u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Adam(now[0], now[1], now[2], now[3], now[4], now[5], now[6]),
    WeightDecay(now[7]),
    Descend(now[8]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = adam(u_x, p.x, hyper_now.r0, &s0_x, &s1_x);
  u_x = weight_decay(u_x, p.x, hyper_now.r1);
  u_x = descend(u_x, p.x, hyper_now.r2);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of sgd.
// update: descend
struct Hyper { r0: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  hyper_now = Hyper(Descend(scalar(at, 0u)));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  var u_x = u.x;
  u_x = descend(u_x, p.x, hyper_now.r0);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of radam, rule radam.
// update: radam > descend
struct Hyper { r0: Radam, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 9>();
  for (var i = 0u; i < 9u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Radam(now[0], now[1], now[2], now[3], now[4], now[5], now[6], now[7]),
    Descend(now[8]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = radam(u_x, p.x, hyper_now.r0, &s0_x, &s1_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of rmsprop, rule rmsprop.
// update: rmsprop > descend
struct Hyper { r0: Rmsprop, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 7>();
  for (var i = 0u; i < 7u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Rmsprop(now[0], now[1], now[2], now[3], now[4], now[5]),
    Descend(now[6]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  u_x = rmsprop(u_x, p.x, hyper_now.r0, &s0_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of rprop, rule rprop.
// update: rprop > descend
struct Hyper { r0: Rprop, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 6>();
  for (var i = 0u; i < 6u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Rprop(now[0], now[1], now[2], now[3], now[4]),
    Descend(now[5]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = rprop(u_x, p.x, hyper_now.r0, &s0_x, &s1_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of signsgd, rule sign.
// update: sign > descend
struct Hyper { r0: Sign, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  hyper_now = Hyper(Sign(scalar(at, 0u)),
    Descend(scalar(at, 1u)));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  var u_x = u.x;
  u_x = sign_of(u_x, p.x, hyper_now.r0);
  u_x = descend(u_x, p.x, hyper_now.r1);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of signum.
// update: emaMomentum > sign > descend
struct Hyper { r0: EmaMomentum, r1: Sign, r2: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 5>();
  for (var i = 0u; i < 5u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(EmaMomentum(now[0], now[1], now[2]),
    Sign(now[3]),
    Descend(now[4]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  u_x = ema_momentum(u_x, p.x, hyper_now.r0, &s0_x);
  u_x = sign_of(u_x, p.x, hyper_now.r1);
  u_x = descend(u_x, p.x, hyper_now.r2);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of simplifiedAdemamix, rule simplifiedAdemamix.
// update: simplifiedAdemamix > descend
struct Hyper { r0: SimplifiedAdemamix, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 7>();
  for (var i = 0u; i < 7u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(SimplifiedAdemamix(now[0], now[1], now[2], now[3], now[4], now[5]),
    Descend(now[6]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = simplified_ademamix(u_x, p.x, hyper_now.r0, &s0_x, &s1_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of sm3, rule sm3.
// line_terms: sm3
var<private> hyper_now: Sm3;
fn prepare(at: Place) {
  hyper_now = Sm3(scalar(at, 0u), scalar(at, 1u), scalar(at, 2u), 0.0, 0.0, 0.0, 0.0);
}
fn terms_of(at: Place, i: u32, row: u32, col: u32) -> array<vec4f, 4> {
  let u = gradient[base(params.gradient, at) + i];
  let p = parameter[base(params.parameter, at) + i];
  let s0 = state[base(params.state, at) + i + 0u * params.state.pitch];
  var four = array<vec4f, 4>();
  hyper_now.row_v = lines[base(params.lines, at) + 0u * params.lines.pitch + row];
  hyper_now.col_v = lines[base(params.lines, at) + 0u * params.lines.pitch + col + 0u];
  four[0] = sm3_terms(u.x, p.x, hyper_now, s0.x);
  hyper_now.row_v = lines[base(params.lines, at) + 0u * params.lines.pitch + row];
  hyper_now.col_v = lines[base(params.lines, at) + 0u * params.lines.pitch + col + 1u];
  four[1] = sm3_terms(u.y, p.y, hyper_now, s0.y);
  hyper_now.row_v = lines[base(params.lines, at) + 0u * params.lines.pitch + row];
  hyper_now.col_v = lines[base(params.lines, at) + 0u * params.lines.pitch + col + 2u];
  four[2] = sm3_terms(u.z, p.z, hyper_now, s0.z);
  hyper_now.row_v = lines[base(params.lines, at) + 0u * params.lines.pitch + row];
  hyper_now.col_v = lines[base(params.lines, at) + 0u * params.lines.pitch + col + 3u];
  four[3] = sm3_terms(u.w, p.w, hyper_now, s0.w);
  return four;
}
fn joined(a: vec4f, b: vec4f) -> vec4f {
  return max(a, b);
}

// Of sm3, rule sm3.
// line_settle: sm3
fn settled(at: Place, sums: vec4f, count: f32, before: vec4f) -> vec4f {
  return sm3_settle(sums, count, Sm3(scalar(at, 0u), scalar(at, 1u), scalar(at, 2u), 0.0, 0.0, 0.0, 0.0), before);
}
fn joined(a: vec4f, b: vec4f) -> vec4f {
  return max(a, b);
}

// Of sm3, rule sm3.
// update: sm3 > descend
struct Hyper { r0: Sm3, r1: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;

struct Spot { row: u32, col: u32, all: u32, tensor: u32, index: u32, inside: vec4<bool> }

var<private> spot_now: Spot;
fn prepare(at: Place) {
  var now = array<f32, 4>();
  for (var i = 0u; i < 4u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Sm3(now[0], now[1], now[2], 0.0, 0.0, 0.0, 0.0),
    Descend(now[3]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let r0_row_v = select(vec4f(), vec4f(lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.row]), spot_now.inside);
  let r0_col_v = select(vec4f(), vec4f(lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 0u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 1u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 2u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 3u]), spot_now.inside);
  let r0_row_old = select(vec4f(), vec4f(lines[base(params.lines, at) + 1u * params.lines.pitch + spot_now.row]), spot_now.inside);
  let r0_col_old = select(vec4f(), vec4f(lines[base(params.lines, at) + 1u * params.lines.pitch + spot_now.col + 0u], lines[base(params.lines, at) + 1u * params.lines.pitch + spot_now.col + 1u], lines[base(params.lines, at) + 1u * params.lines.pitch + spot_now.col + 2u], lines[base(params.lines, at) + 1u * params.lines.pitch + spot_now.col + 3u]), spot_now.inside);
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  hyper_now.r0.row_v = r0_row_v.x; hyper_now.r0.col_v = r0_col_v.x; hyper_now.r0.row_old = r0_row_old.x; hyper_now.r0.col_old = r0_col_old.x; u_x = sm3(u_x, p.x, hyper_now.r0, &s0_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 9u * (i / 16u);
  tile = tiles[place + 1u];
  let cols = tiles[place + 3u];
  let pitch = (cols + 3u) & ~3u;
  let element = tiles[place + 2u] + 4u * (i % 16u);
  let row = element / pitch;
  let col = element - row * pitch;
  let inside = vec4<bool>(row < tiles[place + 4u]) & inside4(col, cols);
  spot_now = Spot(tiles[place + 5u] + row, tiles[place + 6u] + col, tiles[place + 7u], tiles[place + 8u], row * cols + col, inside);
  return tiles[place] * 16u + i % 16u;
}

// Of yogi, rule yogi.
// update: yogi > descend
struct Hyper { r0: Yogi, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 9>();
  for (var i = 0u; i < 9u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Yogi(now[0], now[1], now[2], now[3], now[4], now[5], now[6], now[7]),
    Descend(now[8]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = yogi(u_x, p.x, hyper_now.r0, &s0_x, &s1_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of rule momentum.
// update: momentum > descend
struct Hyper { r0: Momentum, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 4>();
  for (var i = 0u; i < 4u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Momentum(now[0], now[1], now[2]),
    Descend(now[3]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  u_x = momentum(u_x, p.x, hyper_now.r0, &s0_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of rule weightDecay.
// update: weightDecay > descend
struct Hyper { r0: WeightDecay, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  hyper_now = Hyper(WeightDecay(scalar(at, 0u)),
    Descend(scalar(at, 1u)));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  var u_x = u.x;
  u_x = weight_decay(u_x, p.x, hyper_now.r0);
  u_x = descend(u_x, p.x, hyper_now.r1);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of rule adamEpsRoot.
// update: adamEpsRoot > descend
struct Hyper { r0: AdamEpsRoot, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 9>();
  for (var i = 0u; i < 9u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(AdamEpsRoot(now[0], now[1], now[2], now[3], now[4], now[5], now[6], now[7]),
    Descend(now[8]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = adam_eps_root(u_x, p.x, hyper_now.r0, &s0_x, &s1_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of rule amsgrad.
// update: amsgrad > descend
struct Hyper { r0: Amsgrad, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 10>();
  for (var i = 0u; i < 10u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Amsgrad(now[0], now[1], now[2], now[3], now[4], now[5], now[6], now[7], now[8]),
    Descend(now[9]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  let s2 = state[origin + 2u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  var s2_x = s2.x;
  u_x = amsgrad(u_x, p.x, hyper_now.r0, &s0_x, &s1_x, &s2_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  state[origin + 2u * params.state.pitch] = vec4f(s2_x, s2_y, s2_z, s2_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of rule clipByGlobalNorm, clipped lamb, cautious, counted, noise, clipped and accumulated.
// block_sums: squares
fn term(value: f32) -> f32 {
  return value * value;
}

// Of rule clipByGlobalNorm, clipped lamb, cautious, counted, noise, clipped and accumulated.
// segment_sums: plain

// Of rule clipByGlobalNorm.
// update: clipByGlobalNorm > descend
struct Hyper { r0: ClipByGlobalNorm, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 3>();
  for (var i = 0u; i < 3u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(ClipByGlobalNorm(now[0], now[1], reduced[base(params.reduced, at)]),
    Descend(now[2]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  var u_x = u.x;
  u_x = clip_by_global_norm(u_x, p.x, hyper_now.r0);
  u_x = descend(u_x, p.x, hyper_now.r1);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of rule adafactor.
// update: adafactor > descend
struct Hyper { r0: Adafactor, r1: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;

struct Spot { row: u32, col: u32, all: u32, tensor: u32, index: u32, inside: vec4<bool> }

var<private> spot_now: Spot;
fn prepare(at: Place) {
  var now = array<f32, 6>();
  for (var i = 0u; i < 6u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Adafactor(now[0], now[1], now[2], now[3], now[4], 0.0, 0.0, 0.0, 0.0),
    Descend(now[5]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  hyper_now.r0.matrix = f32(tile >> 16u);
  let r0_row_v = select(vec4f(), vec4f(lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.row]), spot_now.inside);
  let r0_col_v = select(vec4f(), vec4f(lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 0u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 1u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 2u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 3u]), spot_now.inside);
  let r0_all_v = select(vec4f(), vec4f(lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.all]), spot_now.inside);
  var u_x = u.x;
  hyper_now.r0.row_v = r0_row_v.x; hyper_now.r0.col_v = r0_col_v.x; hyper_now.r0.all_v = r0_all_v.x; u_x = adafactor(u_x, p.x, hyper_now.r0);
  u_x = descend(u_x, p.x, hyper_now.r1);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 9u * (i / 16u);
  tile = tiles[place + 1u];
  let cols = tiles[place + 3u];
  let pitch = (cols + 3u) & ~3u;
  let element = tiles[place + 2u] + 4u * (i % 16u);
  let row = element / pitch;
  let col = element - row * pitch;
  let inside = vec4<bool>(row < tiles[place + 4u]) & inside4(col, cols);
  spot_now = Spot(tiles[place + 5u] + row, tiles[place + 6u] + col, tiles[place + 7u], tiles[place + 8u], row * cols + col, inside);
  return tiles[place] * 16u + i % 16u;
}

// Of rule adafactorStep.
// block_terms: adafactorStep
var<private> hyper_now: AdafactorStep;
fn prepare(at: Place) {
  hyper_now = AdafactorStep(scalar(at, 0u), scalar(at, 1u), scalar(at, 2u), 0.0, 0.0);
}
fn number(at: Place, i: u32) -> vec4f {
  let u = gradient[base(params.gradient, at) + i];
  let p = parameter[base(params.parameter, at) + i];
  return (adafactor_step_terms(u.x, p.x, hyper_now) + adafactor_step_terms(u.y, p.y, hyper_now)) + (adafactor_step_terms(u.z, p.z, hyper_now) + adafactor_step_terms(u.w, p.w, hyper_now));
}

// Of rule adafactorStep.
// settle: adafactorStep
fn settled(at: Place, sums: vec4f, count: f32, before: vec4f) -> vec4f {
  return adafactor_step_settle(sums, count, AdafactorStep(scalar(at, 0u), scalar(at, 1u), scalar(at, 2u), 0.0, 0.0), before);
}

// Of rule adafactorStep.
// update: adafactorStep > descend
struct Hyper { r0: AdafactorStep, r1: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  var now = array<f32, 4>();
  for (var i = 0u; i < 4u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(AdafactorStep(now[0], now[1], now[2], 0.0, 0.0),
    Descend(now[3]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  hyper_now.r0.size = reduced[base(params.reduced, at) + (tile & 0xffffu)];
  hyper_now.r0.divisor = reduced[base(params.reduced, at) + 1u * params.reduced.pitch + (tile & 0xffffu)];
  var u_x = u.x;
  u_x = adafactor_step(u_x, p.x, hyper_now.r0);
  u_x = descend(u_x, p.x, hyper_now.r1);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}

// Of rule proximalDecay.
// update: proximalDecay > descend
struct Hyper { r0: ProximalDecay, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 3>();
  for (var i = 0u; i < 3u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(ProximalDecay(now[0], now[1]),
    Descend(now[2]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  var u_x = u.x;
  u_x = proximal_decay(u_x, p.x, hyper_now.r0);
  u_x = descend(u_x, p.x, hyper_now.r1);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of rule accumulate.
// update: accumulate > descend
struct Hyper { r0: Accumulate, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 3>();
  for (var i = 0u; i < 3u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Accumulate(now[0], now[1]),
    Descend(now[2]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  u_x = accumulate(u_x, p.x, hyper_now.r0, &s0_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of rule applyEvery.
// update: descend > applyEvery
struct Hyper { r0: Descend, r1: ApplyEvery }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 3>();
  for (var i = 0u; i < 3u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Descend(now[0]),
    ApplyEvery(now[1], now[2]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  u_x = descend(u_x, p.x, hyper_now.r0);
  u_x = apply_every(u_x, p.x, hyper_now.r1, &s0_x);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of rule ascend, sam, adaptive sam of lamb, accumulated sam, sam in a group.
// block_terms: ascend
var<private> hyper_now: Ascend;
fn prepare(at: Place) {
  hyper_now = Ascend(scalar(at, 0u), scalar(at, 1u), scalar(at, 2u), 0.0);
}
fn number(at: Place, i: u32) -> vec4f {
  let u = gradient[base(params.gradient, at) + i];
  let p = parameter[base(params.parameter, at) + i];
  let s0 = state[base(params.state, at) + i + 0u * params.state.pitch];
  return (ascend_terms(u.x, p.x, hyper_now, s0.x) + ascend_terms(u.y, p.y, hyper_now, s0.y)) + (ascend_terms(u.z, p.z, hyper_now, s0.z) + ascend_terms(u.w, p.w, hyper_now, s0.w));
}

// Of rule ascend, sam, adaptive sam of lamb, accumulated sam, sam in a group, noise in a group.
// settle: ascend

// Of rule ascend, sam, adaptive sam of lamb, accumulated sam.
// update: ascend
struct Hyper { r0: Ascend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 3>();
  for (var i = 0u; i < 3u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Ascend(now[0], now[1], now[2], reduced[base(params.reduced, at)]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  u_x = ascend(u_x, p.x, hyper_now.r0, &s0_x);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of rule ascend.
// update: descend
struct Hyper { r0: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  hyper_now = Hyper(Descend(scalar(at, 3u)));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  var u_x = u.x;
  u_x = descend(u_x, p.x, hyper_now.r0);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn start(at: Place, i: u32) -> vec4f {
  return state[base(params.state, at) + i + 0u * params.state.pitch];
}

// Of rule average.
// update: descend > average
struct Hyper { r0: Descend, r1: Average }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  hyper_now = Hyper(Descend(scalar(at, 0u)),
    Average(scalar(at, 1u)));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  u_x = descend(u_x, p.x, hyper_now.r0);
  u_x = average(u_x, p.x, hyper_now.r1, &s0_x);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of rule average.
// update: averageView
struct Hyper { r0: AverageView }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  hyper_now = Hyper(AverageView(scalar(at, 2u)));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = p.x;
  var s0_x = s0.x;
  u_x = average_view(u_x, p.x, hyper_now.r0, &s0_x);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {
  gradient[base(params.gradient, at) + i] = u;
}

// Of rule remember.
// update: remember > descend
struct Hyper { r0: Remember, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  hyper_now = Hyper(Remember(scalar(at, 0u)),
    Descend(scalar(at, 1u)));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  u_x = remember(u_x, p.x, hyper_now.r0, &s0_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of rule cautiousDecay.
// update: cautiousDecay > descend
struct Hyper { r0: CautiousDecay, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  hyper_now = Hyper(CautiousDecay(scalar(at, 0u)),
    Descend(scalar(at, 1u)));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  var u_x = u.x;
  u_x = cautious_decay(u_x, p.x, hyper_now.r0);
  u_x = descend(u_x, p.x, hyper_now.r1);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of rule centralize, centralized.
// line_terms: centralize
var<private> hyper_now: Centralize;
fn prepare(at: Place) {
  hyper_now = Centralize(scalar(at, 0u), 0.0, 0.0, 0.0);
}
fn terms_of(at: Place, i: u32, row: u32, col: u32) -> array<vec4f, 4> {
  let u = gradient[base(params.gradient, at) + i];
  let p = parameter[base(params.parameter, at) + i];
  var four = array<vec4f, 4>();
  four[0] = centralize_terms(u.x, p.x, hyper_now);
  four[1] = centralize_terms(u.y, p.y, hyper_now);
  four[2] = centralize_terms(u.z, p.z, hyper_now);
  four[3] = centralize_terms(u.w, p.w, hyper_now);
  return four;
}

// Of rule centralize, centralized.
// line_settle: centralize
fn settled(at: Place, sums: vec4f, count: f32, before: vec4f) -> vec4f {
  return centralize_settle(sums, count, Centralize(scalar(at, 0u), 0.0, 0.0, 0.0), before);
}

// Of rule centralize.
// update: centralize > descend
struct Hyper { r0: Centralize, r1: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;

struct Spot { row: u32, col: u32, all: u32, tensor: u32, index: u32, inside: vec4<bool> }

var<private> spot_now: Spot;
fn prepare(at: Place) {
  hyper_now = Hyper(Centralize(scalar(at, 0u), 0.0, 0.0, 0.0),
    Descend(scalar(at, 1u)));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  hyper_now.r0.matrix = f32(tile >> 16u);
  let r0_row_mean = select(vec4f(), vec4f(lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.row]), spot_now.inside);
  let r0_col_mean = select(vec4f(), vec4f(lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 0u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 1u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 2u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 3u]), spot_now.inside);
  var u_x = u.x;
  hyper_now.r0.row_mean = r0_row_mean.x; hyper_now.r0.col_mean = r0_col_mean.x; u_x = centralize(u_x, p.x, hyper_now.r0);
  u_x = descend(u_x, p.x, hyper_now.r1);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 9u * (i / 16u);
  tile = tiles[place + 1u];
  let cols = tiles[place + 3u];
  let pitch = (cols + 3u) & ~3u;
  let element = tiles[place + 2u] + 4u * (i % 16u);
  let row = element / pitch;
  let col = element - row * pitch;
  let inside = vec4<bool>(row < tiles[place + 4u]) & inside4(col, cols);
  spot_now = Spot(tiles[place + 5u] + row, tiles[place + 6u] + col, tiles[place + 7u], tiles[place + 8u], row * cols + col, inside);
  return tiles[place] * 16u + i % 16u;
}

// Of rule clipAdaptive, adaptive clipping.
// line_terms: clipAdaptive
var<private> hyper_now: ClipAdaptive;
fn prepare(at: Place) {
  hyper_now = ClipAdaptive(scalar(at, 0u), scalar(at, 1u), 0.0, 0.0, 0.0, 0.0, 0.0);
}
fn terms_of(at: Place, i: u32, row: u32, col: u32) -> array<vec4f, 4> {
  let u = gradient[base(params.gradient, at) + i];
  let p = parameter[base(params.parameter, at) + i];
  var four = array<vec4f, 4>();
  four[0] = clip_adaptive_terms(u.x, p.x, hyper_now);
  four[1] = clip_adaptive_terms(u.y, p.y, hyper_now);
  four[2] = clip_adaptive_terms(u.z, p.z, hyper_now);
  four[3] = clip_adaptive_terms(u.w, p.w, hyper_now);
  return four;
}

// Of rule clipAdaptive, adaptive clipping.
// line_settle: clipAdaptive

// Of rule clipAdaptive.
// update: clipAdaptive > descend
struct Hyper { r0: ClipAdaptive, r1: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;

struct Spot { row: u32, col: u32, all: u32, tensor: u32, index: u32, inside: vec4<bool> }

var<private> spot_now: Spot;
fn prepare(at: Place) {
  var now = array<f32, 3>();
  for (var i = 0u; i < 3u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(ClipAdaptive(now[0], now[1], 0.0, 0.0, 0.0, 0.0, 0.0),
    Descend(now[2]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  hyper_now.r0.matrix = f32(tile >> 16u);
  let r0_row_g = select(vec4f(), vec4f(lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.row]), spot_now.inside);
  let r0_row_p = select(vec4f(), vec4f(lines[base(params.lines, at) + 1u * params.lines.pitch + spot_now.row]), spot_now.inside);
  let r0_col_g = select(vec4f(), vec4f(lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 0u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 1u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 2u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 3u]), spot_now.inside);
  let r0_col_p = select(vec4f(), vec4f(lines[base(params.lines, at) + 1u * params.lines.pitch + spot_now.col + 0u], lines[base(params.lines, at) + 1u * params.lines.pitch + spot_now.col + 1u], lines[base(params.lines, at) + 1u * params.lines.pitch + spot_now.col + 2u], lines[base(params.lines, at) + 1u * params.lines.pitch + spot_now.col + 3u]), spot_now.inside);
  var u_x = u.x;
  hyper_now.r0.row_g = r0_row_g.x; hyper_now.r0.row_p = r0_row_p.x; hyper_now.r0.col_g = r0_col_g.x; hyper_now.r0.col_p = r0_col_p.x; u_x = clip_adaptive(u_x, p.x, hyper_now.r0);
  u_x = descend(u_x, p.x, hyper_now.r1);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 9u * (i / 16u);
  tile = tiles[place + 1u];
  let cols = tiles[place + 3u];
  let pitch = (cols + 3u) & ~3u;
  let element = tiles[place + 2u] + 4u * (i % 16u);
  let row = element / pitch;
  let col = element - row * pitch;
  let inside = vec4<bool>(row < tiles[place + 4u]) & inside4(col, cols);
  spot_now = Spot(tiles[place + 5u] + row, tiles[place + 6u] + col, tiles[place + 7u], tiles[place + 8u], row * cols + col, inside);
  return tiles[place] * 16u + i % 16u;
}

// Of rule clipByGroupNorm, groups.
// block_terms: clipByGroupNorm
var<private> hyper_now: ClipByGroupNorm;
fn prepare(at: Place) {
  hyper_now = ClipByGroupNorm(scalar(at, 0u), scalar(at, 1u), 0.0);
}
fn number(at: Place, i: u32) -> vec4f {
  let u = gradient[base(params.gradient, at) + i];
  let p = parameter[base(params.parameter, at) + i];
  return (clip_by_group_norm_terms(u.x, p.x, hyper_now) + clip_by_group_norm_terms(u.y, p.y, hyper_now)) + (clip_by_group_norm_terms(u.z, p.z, hyper_now) + clip_by_group_norm_terms(u.w, p.w, hyper_now));
}

// Of rule clipByGroupNorm, groups.
// settle: clipByGroupNorm

// Of rule clipByGroupNorm.
// update: clipByGroupNorm > descend
struct Hyper { r0: ClipByGroupNorm, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 3>();
  for (var i = 0u; i < 3u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(ClipByGroupNorm(now[0], now[1], reduced[base(params.reduced, at)]),
    Descend(now[2]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  var u_x = u.x;
  u_x = clip_by_group_norm(u_x, p.x, hyper_now.r0);
  u_x = descend(u_x, p.x, hyper_now.r1);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of rule clipByTensorRms, clip by rms.
// block_terms: clipByTensorRms
var<private> hyper_now: ClipByTensorRms;
fn prepare(at: Place) {
  hyper_now = ClipByTensorRms(scalar(at, 0u), 0.0);
}
fn number(at: Place, i: u32) -> vec4f {
  let u = gradient[base(params.gradient, at) + i];
  let p = parameter[base(params.parameter, at) + i];
  return (clip_by_tensor_rms_terms(u.x, p.x, hyper_now) + clip_by_tensor_rms_terms(u.y, p.y, hyper_now)) + (clip_by_tensor_rms_terms(u.z, p.z, hyper_now) + clip_by_tensor_rms_terms(u.w, p.w, hyper_now));
}

// Of rule clipByTensorRms, clip by rms.
// settle: clipByTensorRms
fn settled(at: Place, sums: vec4f, count: f32, before: vec4f) -> vec4f {
  return clip_by_tensor_rms_settle(sums, count, ClipByTensorRms(scalar(at, 0u), 0.0), before);
}

// Of rule clipByTensorRms.
// update: clipByTensorRms > descend
struct Hyper { r0: ClipByTensorRms, r1: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  hyper_now = Hyper(ClipByTensorRms(scalar(at, 0u), 0.0),
    Descend(scalar(at, 1u)));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  hyper_now.r0.divisor = reduced[base(params.reduced, at) + (tile & 0xffffu)];
  var u_x = u.x;
  u_x = clip_by_tensor_rms(u_x, p.x, hyper_now.r0);
  u_x = descend(u_x, p.x, hyper_now.r1);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}

// Of rule trustRatio.
// update: trustRatio > descend
struct Hyper { r0: TrustRatio, r1: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  var now = array<f32, 4>();
  for (var i = 0u; i < 4u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(TrustRatio(now[0], now[1], now[2], 0.0, 0.0),
    Descend(now[3]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  hyper_now.r0.squared_u = reduced[base(params.reduced, at) + (tile & 0xffffu)];
  hyper_now.r0.squared_p = reduced[base(params.reduced, at) + 1u * params.reduced.pitch + (tile & 0xffffu)];
  var u_x = u.x;
  u_x = trust_ratio(u_x, p.x, hyper_now.r0);
  u_x = descend(u_x, p.x, hyper_now.r1);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}

// Of rule fromage.
// update: fromage > descend
struct Hyper { r0: Fromage, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 3>();
  for (var i = 0u; i < 3u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Fromage(now[0], now[1]),
    Descend(now[2]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  var u_x = u.x;
  u_x = fromage(u_x, p.x, hyper_now.r0);
  u_x = descend(u_x, p.x, hyper_now.r1);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of rule lookahead.
// update: descend > lookahead
struct Hyper { r0: Descend, r1: Lookahead }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 4>();
  for (var i = 0u; i < 4u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Descend(now[0]),
    Lookahead(now[1], now[2], now[3]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  u_x = descend(u_x, p.x, hyper_now.r0);
  u_x = lookahead(u_x, p.x, hyper_now.r1, &s0_x);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of rule lookahead.
// update: averageView
struct Hyper { r0: AverageView }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  hyper_now = Hyper(AverageView(scalar(at, 4u)));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = p.x;
  var s0_x = s0.x;
  u_x = average_view(u_x, p.x, hyper_now.r0, &s0_x);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {
  gradient[base(params.gradient, at) + i] = u;
}

// Of rule matrixDecay.
// update: matrixDecay > descend
struct Hyper { r0: MatrixDecay, r1: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  hyper_now = Hyper(MatrixDecay(scalar(at, 0u), 0.0),
    Descend(scalar(at, 1u)));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  hyper_now.r0.matrix = f32(tile >> 16u);
  var u_x = u.x;
  u_x = matrix_decay(u_x, p.x, hyper_now.r0);
  u_x = descend(u_x, p.x, hyper_now.r1);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}

// Of rule rmspropCentered.
// update: rmspropCentered > descend
struct Hyper { r0: RmspropCentered, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 9>();
  for (var i = 0u; i < 9u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(RmspropCentered(now[0], now[1], now[2], now[3], now[4], now[5], now[6], now[7]),
    Descend(now[8]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = rmsprop_centered(u_x, p.x, hyper_now.r0, &s0_x, &s1_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of rule clipByValue.
// update: clipByValue > descend
struct Hyper { r0: ClipByValue, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  hyper_now = Hyper(ClipByValue(scalar(at, 0u)),
    Descend(scalar(at, 1u)));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  var u_x = u.x;
  u_x = clip_by_value(u_x, p.x, hyper_now.r0);
  u_x = descend(u_x, p.x, hyper_now.r1);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of rule gradientNoise.
// update: gradientNoise > descend
struct Hyper { r0: GradientNoise, r1: Descend, high0: f32, low0: f32 }

var<private> hyper_now: Hyper;
var<private> tile: u32;

struct Spot { row: u32, col: u32, all: u32, tensor: u32, index: u32, inside: vec4<bool> }

var<private> spot_now: Spot;
fn random_gaussian_drawn(high: f32, low: f32, stream: u32, lane: u32) -> f32 {
  let seed = (u32(high) << 16u) | u32(low);
  return select(0.0, random_gaussian(seed, stream + spot_now.tensor, step.t, spot_now.index + lane), spot_now.inside[lane]);
}
fn prepare(at: Place) {
  var now = array<f32, 4>();
  for (var i = 0u; i < 4u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(GradientNoise(now[0], 0.0),
    Descend(now[3]),
    now[1],
    now[2]);
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  var u_x = u.x;
  hyper_now.r0.noise = random_gaussian_drawn(hyper_now.high0, hyper_now.low0, 4293918720u, 0u); u_x = gradient_noise(u_x, p.x, hyper_now.r0);
  u_x = descend(u_x, p.x, hyper_now.r1);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 9u * (i / 16u);
  tile = tiles[place + 1u];
  let cols = tiles[place + 3u];
  let pitch = (cols + 3u) & ~3u;
  let element = tiles[place + 2u] + 4u * (i % 16u);
  let row = element / pitch;
  let col = element - row * pitch;
  let inside = vec4<bool>(row < tiles[place + 4u]) & inside4(col, cols);
  spot_now = Spot(tiles[place + 5u] + row, tiles[place + 6u] + col, tiles[place + 7u], tiles[place + 8u], row * cols + col, inside);
  return tiles[place] * 16u + i % 16u;
}

// Of clipped lamb.
// update: clipByGlobalNorm > adam + trustRatio terms
struct Hyper { r0: ClipByGlobalNorm, r1: Adam }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 9>();
  for (var i = 0u; i < 9u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(ClipByGlobalNorm(now[0], now[1], reduced[base(params.reduced, at)]),
    Adam(now[2], now[3], now[4], now[5], now[6], now[7], now[8]));
  terms_now = TrustRatio(scalar(at, 9u), scalar(at, 10u), scalar(at, 11u), 0.0, 0.0);
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = clip_by_global_norm(u_x, p.x, hyper_now.r0);
  u_x = adam(u_x, p.x, hyper_now.r1, &s0_x, &s1_x);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {
  gradient[base(params.gradient, at) + i] = u;
  let q = i % 16u;
  var sum = (trust_ratio_terms(u.x, p.x, terms_now) + trust_ratio_terms(u.y, p.y, terms_now)) + (trust_ratio_terms(u.z, p.z, terms_now) + trust_ratio_terms(u.w, p.w, terms_now));
  if ((q & 1u) == 0u) { halves[0] = sum; return; }
  sum = halves[0] + sum;
  if ((q & 2u) == 0u) { halves[1] = sum; return; }
  sum = halves[1] + sum;
  if ((q & 4u) == 0u) { halves[2] = sum; return; }
  sum = halves[2] + sum;
  if ((q & 8u) == 0u) { halves[3] = sum; return; }
  sum = halves[3] + sum;
  let place = base(params.terms, at) + i / 16u;
  for (var k = 0u; k < 2u; k++) { terms[place + k * params.terms.pitch] = sum[k]; }
}
fn quad(x: u32, q: u32, lane: u32) -> u32 {
  return (x * WORKGROUP + lane) * 16u + q;
}

// Of clipped lamb.
// update: trustRatio > descend
struct Hyper { r0: TrustRatio, r1: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  var now = array<f32, 4>();
  for (var i = 0u; i < 4u; i++) { now[i] = scalar(at, 9u + i); }
  hyper_now = Hyper(TrustRatio(now[0], now[1], now[2], 0.0, 0.0),
    Descend(now[3]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  hyper_now.r0.squared_u = reduced[base(params.reduced, at) + 1u * params.reduced.pitch + (tile & 0xffffu)];
  hyper_now.r0.squared_p = reduced[base(params.reduced, at) + 2u * params.reduced.pitch + (tile & 0xffffu)];
  var u_x = u.x;
  u_x = trust_ratio(u_x, p.x, hyper_now.r0);
  u_x = descend(u_x, p.x, hyper_now.r1);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}

// Of sm3, reset.
// update: accumulate
struct Hyper { r0: Accumulate, anew0: f32 }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 3>();
  for (var i = 0u; i < 3u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Accumulate(now[0], now[1]),
    now[2]);
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  s0_x = select(s0_x, 0.0, hyper_now.anew0 != 0.0); u_x = accumulate(u_x, p.x, hyper_now.r0, &s0_x);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {
  gradient[base(params.gradient, at) + i] = u;
}

// Of sm3, reset.
// line_terms: sm3
var<private> hyper_now: Sm3;
fn prepare(at: Place) {
  hyper_now = Sm3(scalar(at, 3u), scalar(at, 4u), scalar(at, 5u), 0.0, 0.0, 0.0, 0.0);
}
fn terms_of(at: Place, i: u32, row: u32, col: u32) -> array<vec4f, 4> {
  let u = gradient[base(params.gradient, at) + i];
  let p = parameter[base(params.parameter, at) + i];
  let s1 = state[base(params.state, at) + i + 1u * params.state.pitch];
  var four = array<vec4f, 4>();
  hyper_now.row_v = select(lines[base(params.lines, at) + 0u * params.lines.pitch + row], 0.0, scalar(at, 7u) != 0.0);
  hyper_now.col_v = select(lines[base(params.lines, at) + 0u * params.lines.pitch + col + 0u], 0.0, scalar(at, 7u) != 0.0);
  four[0] = sm3_terms(u.x, p.x, hyper_now, s1.x);
  hyper_now.row_v = select(lines[base(params.lines, at) + 0u * params.lines.pitch + row], 0.0, scalar(at, 7u) != 0.0);
  hyper_now.col_v = select(lines[base(params.lines, at) + 0u * params.lines.pitch + col + 1u], 0.0, scalar(at, 7u) != 0.0);
  four[1] = sm3_terms(u.y, p.y, hyper_now, s1.y);
  hyper_now.row_v = select(lines[base(params.lines, at) + 0u * params.lines.pitch + row], 0.0, scalar(at, 7u) != 0.0);
  hyper_now.col_v = select(lines[base(params.lines, at) + 0u * params.lines.pitch + col + 2u], 0.0, scalar(at, 7u) != 0.0);
  four[2] = sm3_terms(u.z, p.z, hyper_now, s1.z);
  hyper_now.row_v = select(lines[base(params.lines, at) + 0u * params.lines.pitch + row], 0.0, scalar(at, 7u) != 0.0);
  hyper_now.col_v = select(lines[base(params.lines, at) + 0u * params.lines.pitch + col + 3u], 0.0, scalar(at, 7u) != 0.0);
  four[3] = sm3_terms(u.w, p.w, hyper_now, s1.w);
  return four;
}
fn joined(a: vec4f, b: vec4f) -> vec4f {
  return max(a, b);
}

// Of sm3, reset.
// line_settle: sm3
fn settled(at: Place, sums: vec4f, count: f32, before: vec4f) -> vec4f {
  if (scalar(at, 6u) == 0.0) { return before; }
  let kept = select(before, vec4f(), scalar(at, 7u) != 0.0);
  return sm3_settle(sums, count, Sm3(scalar(at, 3u), scalar(at, 4u), scalar(at, 5u), 0.0, 0.0, 0.0, 0.0), kept);
}
fn joined(a: vec4f, b: vec4f) -> vec4f {
  return max(a, b);
}

// Of sm3, reset.
// update: sm3 > descend > lookahead
struct Hyper { r0: Sm3, r1: Descend, r2: Lookahead, gate0: f32, anew0: f32, gate1: f32, anew1: f32 }

var<private> hyper_now: Hyper;
var<private> tile: u32;

struct Spot { row: u32, col: u32, all: u32, tensor: u32, index: u32, inside: vec4<bool> }

var<private> spot_now: Spot;
fn prepare(at: Place) {
  var now = array<f32, 11>();
  for (var i = 0u; i < 11u; i++) { now[i] = scalar(at, 3u + i); }
  hyper_now = Hyper(Sm3(now[0], now[1], now[2], 0.0, 0.0, 0.0, 0.0),
    Descend(now[5]),
    Lookahead(now[8], now[9], now[10]),
    now[3],
    now[4],
    now[6],
    now[7]);
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let r0_row_v = select(vec4f(), vec4f(lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.row]), spot_now.inside);
  let r0_col_v = select(vec4f(), vec4f(lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 0u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 1u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 2u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 3u]), spot_now.inside);
  let r0_row_old = select(vec4f(), vec4f(lines[base(params.lines, at) + 1u * params.lines.pitch + spot_now.row]), spot_now.inside);
  let r0_col_old = select(vec4f(), vec4f(lines[base(params.lines, at) + 1u * params.lines.pitch + spot_now.col + 0u], lines[base(params.lines, at) + 1u * params.lines.pitch + spot_now.col + 1u], lines[base(params.lines, at) + 1u * params.lines.pitch + spot_now.col + 2u], lines[base(params.lines, at) + 1u * params.lines.pitch + spot_now.col + 3u]), spot_now.inside);
  let s1 = state[origin + 1u * params.state.pitch];
  let s2 = state[origin + 2u * params.state.pitch];
  var u_x = u.x;
  var s1_x = s1.x;
  var s2_x = s2.x;
  if (hyper_now.gate0 != 0.0) { hyper_now.r0.row_v = r0_row_v.x; hyper_now.r0.col_v = r0_col_v.x; hyper_now.r0.row_old = r0_row_old.x; hyper_now.r0.col_old = r0_col_old.x; s1_x = select(s1_x, 0.0, hyper_now.anew0 != 0.0); u_x = sm3(u_x, p.x, hyper_now.r0, &s1_x); } else { u_x = 0.0; }
  if (hyper_now.gate1 != 0.0) { u_x = descend(u_x, p.x, hyper_now.r1); } else { u_x = 0.0; }
  u_x = lookahead(u_x, p.x, hyper_now.r2, &s2_x);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  state[origin + 2u * params.state.pitch] = vec4f(s2_x, s2_y, s2_z, s2_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 9u * (i / 16u);
  tile = tiles[place + 1u];
  let cols = tiles[place + 3u];
  let pitch = (cols + 3u) & ~3u;
  let element = tiles[place + 2u] + 4u * (i % 16u);
  let row = element / pitch;
  let col = element - row * pitch;
  let inside = vec4<bool>(row < tiles[place + 4u]) & inside4(col, cols);
  spot_now = Spot(tiles[place + 5u] + row, tiles[place + 6u] + col, tiles[place + 7u], tiles[place + 8u], row * cols + col, inside);
  return tiles[place] * 16u + i % 16u;
}

// Of sm3, reset.
// update: averageView
struct Hyper { r0: AverageView }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  hyper_now = Hyper(AverageView(scalar(at, 14u)));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s2 = state[origin + 2u * params.state.pitch];
  var u_x = p.x;
  var s2_x = s2.x;
  u_x = average_view(u_x, p.x, hyper_now.r0, &s2_x);
  state[origin + 2u * params.state.pitch] = vec4f(s2_x, s2_y, s2_z, s2_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {
  gradient[base(params.gradient, at) + i] = u;
}

// Of adafactor as optax.
// update: adafactorStep > descend > emaMomentum > descend
struct Hyper { r0: AdafactorStep, r1: Descend, r2: EmaMomentum, r3: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  var now = array<f32, 8>();
  for (var i = 0u; i < 8u; i++) { now[i] = scalar(at, 5u + i); }
  hyper_now = Hyper(AdafactorStep(now[0], now[1], now[2], 0.0, 0.0),
    Descend(now[3]),
    EmaMomentum(now[4], now[5], now[6]),
    Descend(now[7]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  hyper_now.r0.size = reduced[base(params.reduced, at) + (tile & 0xffffu)];
  hyper_now.r0.divisor = reduced[base(params.reduced, at) + 1u * params.reduced.pitch + (tile & 0xffffu)];
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  u_x = adafactor_step(u_x, p.x, hyper_now.r0);
  u_x = descend(u_x, p.x, hyper_now.r1);
  u_x = ema_momentum(u_x, p.x, hyper_now.r2, &s0_x);
  u_x = descend(u_x, p.x, hyper_now.r3);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}

// Of adaptive clipping.
// update: clipAdaptive > adam > descend
struct Hyper { r0: ClipAdaptive, r1: Adam, r2: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;

struct Spot { row: u32, col: u32, all: u32, tensor: u32, index: u32, inside: vec4<bool> }

var<private> spot_now: Spot;
fn prepare(at: Place) {
  var now = array<f32, 10>();
  for (var i = 0u; i < 10u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(ClipAdaptive(now[0], now[1], 0.0, 0.0, 0.0, 0.0, 0.0),
    Adam(now[2], now[3], now[4], now[5], now[6], now[7], now[8]),
    Descend(now[9]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  hyper_now.r0.matrix = f32(tile >> 16u);
  let r0_row_g = select(vec4f(), vec4f(lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.row]), spot_now.inside);
  let r0_row_p = select(vec4f(), vec4f(lines[base(params.lines, at) + 1u * params.lines.pitch + spot_now.row]), spot_now.inside);
  let r0_col_g = select(vec4f(), vec4f(lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 0u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 1u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 2u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 3u]), spot_now.inside);
  let r0_col_p = select(vec4f(), vec4f(lines[base(params.lines, at) + 1u * params.lines.pitch + spot_now.col + 0u], lines[base(params.lines, at) + 1u * params.lines.pitch + spot_now.col + 1u], lines[base(params.lines, at) + 1u * params.lines.pitch + spot_now.col + 2u], lines[base(params.lines, at) + 1u * params.lines.pitch + spot_now.col + 3u]), spot_now.inside);
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  hyper_now.r0.row_g = r0_row_g.x; hyper_now.r0.row_p = r0_row_p.x; hyper_now.r0.col_g = r0_col_g.x; hyper_now.r0.col_p = r0_col_p.x; u_x = clip_adaptive(u_x, p.x, hyper_now.r0);
  u_x = adam(u_x, p.x, hyper_now.r1, &s0_x, &s1_x);
  u_x = descend(u_x, p.x, hyper_now.r2);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 9u * (i / 16u);
  tile = tiles[place + 1u];
  let cols = tiles[place + 3u];
  let pitch = (cols + 3u) & ~3u;
  let element = tiles[place + 2u] + 4u * (i % 16u);
  let row = element / pitch;
  let col = element - row * pitch;
  let inside = vec4<bool>(row < tiles[place + 4u]) & inside4(col, cols);
  spot_now = Spot(tiles[place + 5u] + row, tiles[place + 6u] + col, tiles[place + 7u], tiles[place + 8u], row * cols + col, inside);
  return tiles[place] * 16u + i % 16u;
}

// Of centralized.
// update: centralize > adam
struct Hyper { r0: Centralize, r1: Adam }

var<private> hyper_now: Hyper;
var<private> tile: u32;

struct Spot { row: u32, col: u32, all: u32, tensor: u32, index: u32, inside: vec4<bool> }

var<private> spot_now: Spot;
fn prepare(at: Place) {
  var now = array<f32, 8>();
  for (var i = 0u; i < 8u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Centralize(now[0], 0.0, 0.0, 0.0),
    Adam(now[1], now[2], now[3], now[4], now[5], now[6], now[7]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  hyper_now.r0.matrix = f32(tile >> 16u);
  let r0_row_mean = select(vec4f(), vec4f(lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.row]), spot_now.inside);
  let r0_col_mean = select(vec4f(), vec4f(lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 0u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 1u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 2u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 3u]), spot_now.inside);
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  hyper_now.r0.row_mean = r0_row_mean.x; hyper_now.r0.col_mean = r0_col_mean.x; u_x = centralize(u_x, p.x, hyper_now.r0);
  u_x = adam(u_x, p.x, hyper_now.r1, &s0_x, &s1_x);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 9u * (i / 16u);
  tile = tiles[place + 1u];
  let cols = tiles[place + 3u];
  let pitch = (cols + 3u) & ~3u;
  let element = tiles[place + 2u] + 4u * (i % 16u);
  let row = element / pitch;
  let col = element - row * pitch;
  let inside = vec4<bool>(row < tiles[place + 4u]) & inside4(col, cols);
  spot_now = Spot(tiles[place + 5u] + row, tiles[place + 6u] + col, tiles[place + 7u], tiles[place + 8u], row * cols + col, inside);
  return tiles[place] * 16u + i % 16u;
}
fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {
  gradient[base(params.gradient, at) + i] = u;
}

// Of centralized.
// block_terms: trustRatio
var<private> hyper_now: TrustRatio;
fn prepare(at: Place) {
  hyper_now = TrustRatio(scalar(at, 8u), scalar(at, 9u), scalar(at, 10u), 0.0, 0.0);
}
fn number(at: Place, i: u32) -> vec4f {
  let u = gradient[base(params.gradient, at) + i];
  let p = parameter[base(params.parameter, at) + i];
  return (trust_ratio_terms(u.x, p.x, hyper_now) + trust_ratio_terms(u.y, p.y, hyper_now)) + (trust_ratio_terms(u.z, p.z, hyper_now) + trust_ratio_terms(u.w, p.w, hyper_now));
}

// Of sm3 of a group, noise in a group, frozen.
// update: adam > descend
struct Hyper { r0: Adam, r1: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  var now = array<f32, 8>();
  for (var i = 0u; i < 8u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Adam(now[0], now[1], now[2], now[3], now[4], now[5], now[6]),
    Descend(now[7]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = adam(u_x, p.x, hyper_now.r0, &s0_x, &s1_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}

// Of sm3 of a group.
// line_terms: sm3
var<private> hyper_now: Sm3;
fn prepare(at: Place) {
  hyper_now = Sm3(scalar(at, 8u), scalar(at, 9u), scalar(at, 10u), 0.0, 0.0, 0.0, 0.0);
}
fn terms_of(at: Place, i: u32, row: u32, col: u32) -> array<vec4f, 4> {
  let u = gradient[base(params.gradient, at) + i];
  let p = parameter[base(params.parameter, at) + i];
  let s0 = state[base(params.state, at) + i + 0u * params.state.pitch];
  var four = array<vec4f, 4>();
  hyper_now.row_v = lines[base(params.lines, at) + 0u * params.lines.pitch + row];
  hyper_now.col_v = lines[base(params.lines, at) + 0u * params.lines.pitch + col + 0u];
  four[0] = sm3_terms(u.x, p.x, hyper_now, s0.x);
  hyper_now.row_v = lines[base(params.lines, at) + 0u * params.lines.pitch + row];
  hyper_now.col_v = lines[base(params.lines, at) + 0u * params.lines.pitch + col + 1u];
  four[1] = sm3_terms(u.y, p.y, hyper_now, s0.y);
  hyper_now.row_v = lines[base(params.lines, at) + 0u * params.lines.pitch + row];
  hyper_now.col_v = lines[base(params.lines, at) + 0u * params.lines.pitch + col + 2u];
  four[2] = sm3_terms(u.z, p.z, hyper_now, s0.z);
  hyper_now.row_v = lines[base(params.lines, at) + 0u * params.lines.pitch + row];
  hyper_now.col_v = lines[base(params.lines, at) + 0u * params.lines.pitch + col + 3u];
  four[3] = sm3_terms(u.w, p.w, hyper_now, s0.w);
  return four;
}
fn joined(a: vec4f, b: vec4f) -> vec4f {
  return max(a, b);
}

// Of sm3 of a group.
// line_settle: sm3
fn settled(at: Place, sums: vec4f, count: f32, before: vec4f) -> vec4f {
  return sm3_settle(sums, count, Sm3(scalar(at, 8u), scalar(at, 9u), scalar(at, 10u), 0.0, 0.0, 0.0, 0.0), before);
}
fn joined(a: vec4f, b: vec4f) -> vec4f {
  return max(a, b);
}

// Of sm3 of a group.
// update: sm3 > descend
struct Hyper { r0: Sm3, r1: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;

struct Spot { row: u32, col: u32, all: u32, tensor: u32, index: u32, inside: vec4<bool> }

var<private> spot_now: Spot;
fn prepare(at: Place) {
  var now = array<f32, 4>();
  for (var i = 0u; i < 4u; i++) { now[i] = scalar(at, 8u + i); }
  hyper_now = Hyper(Sm3(now[0], now[1], now[2], 0.0, 0.0, 0.0, 0.0),
    Descend(now[3]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let r0_row_v = select(vec4f(), vec4f(lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.row]), spot_now.inside);
  let r0_col_v = select(vec4f(), vec4f(lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 0u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 1u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 2u], lines[base(params.lines, at) + 0u * params.lines.pitch + spot_now.col + 3u]), spot_now.inside);
  let r0_row_old = select(vec4f(), vec4f(lines[base(params.lines, at) + 1u * params.lines.pitch + spot_now.row]), spot_now.inside);
  let r0_col_old = select(vec4f(), vec4f(lines[base(params.lines, at) + 1u * params.lines.pitch + spot_now.col + 0u], lines[base(params.lines, at) + 1u * params.lines.pitch + spot_now.col + 1u], lines[base(params.lines, at) + 1u * params.lines.pitch + spot_now.col + 2u], lines[base(params.lines, at) + 1u * params.lines.pitch + spot_now.col + 3u]), spot_now.inside);
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  hyper_now.r0.row_v = r0_row_v.x; hyper_now.r0.col_v = r0_col_v.x; hyper_now.r0.row_old = r0_row_old.x; hyper_now.r0.col_old = r0_col_old.x; u_x = sm3(u_x, p.x, hyper_now.r0, &s0_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 9u * (i / 16u);
  tile = tiles[place + 1u];
  let cols = tiles[place + 3u];
  let pitch = (cols + 3u) & ~3u;
  let element = tiles[place + 2u] + 4u * (i % 16u);
  let row = element / pitch;
  let col = element - row * pitch;
  let inside = vec4<bool>(row < tiles[place + 4u]) & inside4(col, cols);
  spot_now = Spot(tiles[place + 5u] + row, tiles[place + 6u] + col, tiles[place + 7u], tiles[place + 8u], row * cols + col, inside);
  return tiles[place] * 16u + i % 16u;
}

// Of clip by rms.
// update: clipByTensorRms > adam > descend
struct Hyper { r0: ClipByTensorRms, r1: Adam, r2: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  var now = array<f32, 9>();
  for (var i = 0u; i < 9u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(ClipByTensorRms(now[0], 0.0),
    Adam(now[1], now[2], now[3], now[4], now[5], now[6], now[7]),
    Descend(now[8]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  hyper_now.r0.divisor = reduced[base(params.reduced, at) + (tile & 0xffffu)];
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = clip_by_tensor_rms(u_x, p.x, hyper_now.r0);
  u_x = adam(u_x, p.x, hyper_now.r1, &s0_x, &s1_x);
  u_x = descend(u_x, p.x, hyper_now.r2);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}

// Of schedule-free adamw.
// update: rmsprop > weightDecay > scheduleFree > descend
struct Hyper { r0: Rmsprop, r1: WeightDecay, r2: ScheduleFree, r3: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 12>();
  for (var i = 0u; i < 12u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Rmsprop(now[0], now[1], now[2], now[3], now[4], now[5]),
    WeightDecay(now[6]),
    ScheduleFree(now[7], now[8], now[9], now[10]),
    Descend(now[11]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = rmsprop(u_x, p.x, hyper_now.r0, &s0_x);
  u_x = weight_decay(u_x, p.x, hyper_now.r1);
  u_x = schedule_free(u_x, p.x, hyper_now.r2, &s1_x);
  u_x = descend(u_x, p.x, hyper_now.r3);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of schedule-free adamw.
// update: scheduleFreeView
struct Hyper { r0: ScheduleFreeView }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  hyper_now = Hyper(ScheduleFreeView(scalar(at, 12u)));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = p.x;
  var s1_x = s1.x;
  u_x = schedule_free_view(u_x, p.x, hyper_now.r0, &s1_x);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {
  gradient[base(params.gradient, at) + i] = u;
}

// Of cautious.
// update: remember > adam
struct Hyper { r0: Remember, r1: Adam }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 8>();
  for (var i = 0u; i < 8u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Remember(now[0]),
    Adam(now[1], now[2], now[3], now[4], now[5], now[6], now[7]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  let s2 = state[origin + 2u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  var s2_x = s2.x;
  u_x = remember(u_x, p.x, hyper_now.r0, &s0_x);
  u_x = adam(u_x, p.x, hyper_now.r1, &s1_x, &s2_x);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  state[origin + 2u * params.state.pitch] = vec4f(s2_x, s2_y, s2_z, s2_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {
  gradient[base(params.gradient, at) + i] = u;
}

// Of cautious.
// block_terms: cautious
var<private> hyper_now: Cautious;
fn prepare(at: Place) {
  hyper_now = Cautious(scalar(at, 8u), scalar(at, 9u), 0.0);
}
fn number(at: Place, i: u32) -> vec4f {
  let u = gradient[base(params.gradient, at) + i];
  let p = parameter[base(params.parameter, at) + i];
  let s0 = state[base(params.state, at) + i + 0u * params.state.pitch];
  return (cautious_terms(u.x, p.x, hyper_now, s0.x) + cautious_terms(u.y, p.y, hyper_now, s0.y)) + (cautious_terms(u.z, p.z, hyper_now, s0.z) + cautious_terms(u.w, p.w, hyper_now, s0.w));
}

// Of cautious.
// settle: cautious
fn settled(at: Place, sums: vec4f, count: f32, before: vec4f) -> vec4f {
  return cautious_settle(sums, count, Cautious(scalar(at, 8u), scalar(at, 9u), 0.0), before);
}

// Of cautious.
// update: cautious > weightDecay > descend
struct Hyper { r0: Cautious, r1: WeightDecay, r2: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  var now = array<f32, 4>();
  for (var i = 0u; i < 4u; i++) { now[i] = scalar(at, 8u + i); }
  hyper_now = Hyper(Cautious(now[0], now[1], 0.0),
    WeightDecay(now[2]),
    Descend(now[3]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  hyper_now.r0.scale = reduced[base(params.reduced, at) + (tile & 0xffffu)];
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  u_x = cautious(u_x, p.x, hyper_now.r0, &s0_x);
  u_x = weight_decay(u_x, p.x, hyper_now.r1);
  u_x = descend(u_x, p.x, hyper_now.r2);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}

// Of cautious, counted.
// update: clipByGlobalNorm > remember > momentum
struct Hyper { r0: ClipByGlobalNorm, r1: Remember, r2: Momentum }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 6>();
  for (var i = 0u; i < 6u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(ClipByGlobalNorm(now[0], now[1], reduced[base(params.reduced, at)]),
    Remember(now[2]),
    Momentum(now[3], now[4], now[5]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = clip_by_global_norm(u_x, p.x, hyper_now.r0);
  u_x = remember(u_x, p.x, hyper_now.r1, &s0_x);
  u_x = momentum(u_x, p.x, hyper_now.r2, &s1_x);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {
  gradient[base(params.gradient, at) + i] = u;
}

// Of cautious, counted.
// block_terms: cautious
var<private> hyper_now: Cautious;
fn prepare(at: Place) {
  hyper_now = Cautious(scalar(at, 6u), scalar(at, 7u), 0.0);
}
fn number(at: Place, i: u32) -> vec4f {
  let u = gradient[base(params.gradient, at) + i];
  let p = parameter[base(params.parameter, at) + i];
  let s0 = state[base(params.state, at) + i + 0u * params.state.pitch];
  return (cautious_terms(u.x, p.x, hyper_now, s0.x) + cautious_terms(u.y, p.y, hyper_now, s0.y)) + (cautious_terms(u.z, p.z, hyper_now, s0.z) + cautious_terms(u.w, p.w, hyper_now, s0.w));
}

// Of cautious, counted.
// settle: cautious
fn settled(at: Place, sums: vec4f, count: f32, before: vec4f) -> vec4f {
  return cautious_settle(sums, count, Cautious(scalar(at, 6u), scalar(at, 7u), 0.0), before);
}

// Of cautious, counted.
// update: cautious > descend
struct Hyper { r0: Cautious, r1: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  var now = array<f32, 3>();
  for (var i = 0u; i < 3u; i++) { now[i] = scalar(at, 6u + i); }
  hyper_now = Hyper(Cautious(now[0], now[1], 0.0),
    Descend(now[2]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  hyper_now.r0.scale = reduced[base(params.reduced, at) + 1u * params.reduced.pitch + (tile & 0xffffu)];
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  u_x = cautious(u_x, p.x, hyper_now.r0, &s0_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}

// Of cautious decay.
// update: adam > cautiousDecay > descend
struct Hyper { r0: Adam, r1: CautiousDecay, r2: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 9>();
  for (var i = 0u; i < 9u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Adam(now[0], now[1], now[2], now[3], now[4], now[5], now[6]),
    CautiousDecay(now[7]),
    Descend(now[8]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = adam(u_x, p.x, hyper_now.r0, &s0_x, &s1_x);
  u_x = cautious_decay(u_x, p.x, hyper_now.r1);
  u_x = descend(u_x, p.x, hyper_now.r2);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of decay of matrices.
// update: adam > matrixDecay > descend
struct Hyper { r0: Adam, r1: MatrixDecay, r2: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  var now = array<f32, 9>();
  for (var i = 0u; i < 9u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Adam(now[0], now[1], now[2], now[3], now[4], now[5], now[6]),
    MatrixDecay(now[7], 0.0),
    Descend(now[8]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  hyper_now.r1.matrix = f32(tile >> 16u);
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = adam(u_x, p.x, hyper_now.r0, &s0_x, &s1_x);
  u_x = matrix_decay(u_x, p.x, hyper_now.r1);
  u_x = descend(u_x, p.x, hyper_now.r2);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}

// Of lookahead.
// update: adam > descend > lookahead
struct Hyper { r0: Adam, r1: Descend, r2: Lookahead }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 11>();
  for (var i = 0u; i < 11u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Adam(now[0], now[1], now[2], now[3], now[4], now[5], now[6]),
    Descend(now[7]),
    Lookahead(now[8], now[9], now[10]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  let s2 = state[origin + 2u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  var s2_x = s2.x;
  u_x = adam(u_x, p.x, hyper_now.r0, &s0_x, &s1_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  u_x = lookahead(u_x, p.x, hyper_now.r2, &s2_x);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  state[origin + 2u * params.state.pitch] = vec4f(s2_x, s2_y, s2_z, s2_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of lookahead.
// update: averageView
struct Hyper { r0: AverageView }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  hyper_now = Hyper(AverageView(scalar(at, 11u)));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s2 = state[origin + 2u * params.state.pitch];
  var u_x = p.x;
  var s2_x = s2.x;
  u_x = average_view(u_x, p.x, hyper_now.r0, &s2_x);
  state[origin + 2u * params.state.pitch] = vec4f(s2_x, s2_y, s2_z, s2_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {
  gradient[base(params.gradient, at) + i] = u;
}

// Of lookahead, reset.
// update: adam > descend > lookahead
struct Hyper { r0: Adam, r1: Descend, r2: Lookahead, anew0: f32, anew1: f32 }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 13>();
  for (var i = 0u; i < 13u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Adam(now[0], now[1], now[2], now[3], now[4], now[5], now[6]),
    Descend(now[8]),
    Lookahead(now[10], now[11], now[12]),
    now[7],
    now[9]);
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  let s2 = state[origin + 2u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  var s2_x = s2.x;
  s0_x = select(s0_x, 0.0, hyper_now.anew0 != 0.0); s1_x = select(s1_x, 0.0, hyper_now.anew0 != 0.0); u_x = adam(u_x, p.x, hyper_now.r0, &s0_x, &s1_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  u_x = lookahead(u_x, p.x, hyper_now.r2, &s2_x);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  state[origin + 2u * params.state.pitch] = vec4f(s2_x, s2_y, s2_z, s2_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of lookahead, reset.
// update: averageView
struct Hyper { r0: AverageView }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  hyper_now = Hyper(AverageView(scalar(at, 13u)));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s2 = state[origin + 2u * params.state.pitch];
  var u_x = p.x;
  var s2_x = s2.x;
  u_x = average_view(u_x, p.x, hyper_now.r0, &s2_x);
  state[origin + 2u * params.state.pitch] = vec4f(s2_x, s2_y, s2_z, s2_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {
  gradient[base(params.gradient, at) + i] = u;
}

// Of ema.
// update: momentum > descend > average
struct Hyper { r0: Momentum, r1: Descend, r2: Average }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 5>();
  for (var i = 0u; i < 5u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Momentum(now[0], now[1], now[2]),
    Descend(now[3]),
    Average(now[4]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = momentum(u_x, p.x, hyper_now.r0, &s0_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  u_x = average(u_x, p.x, hyper_now.r2, &s1_x);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of ema.
// update: averageView
struct Hyper { r0: AverageView }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  hyper_now = Hyper(AverageView(scalar(at, 5u)));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = p.x;
  var s1_x = s1.x;
  u_x = average_view(u_x, p.x, hyper_now.r0, &s1_x);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {
  gradient[base(params.gradient, at) + i] = u;
}

// Of swa.
// update: adam > descend > average
struct Hyper { r0: Adam, r1: Descend, r2: Average }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 9>();
  for (var i = 0u; i < 9u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Adam(now[0], now[1], now[2], now[3], now[4], now[5], now[6]),
    Descend(now[7]),
    Average(now[8]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  let s2 = state[origin + 2u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  var s2_x = s2.x;
  u_x = adam(u_x, p.x, hyper_now.r0, &s0_x, &s1_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  u_x = average(u_x, p.x, hyper_now.r2, &s2_x);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  state[origin + 2u * params.state.pitch] = vec4f(s2_x, s2_y, s2_z, s2_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of swa.
// update: averageView
struct Hyper { r0: AverageView }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  hyper_now = Hyper(AverageView(scalar(at, 9u)));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s2 = state[origin + 2u * params.state.pitch];
  var u_x = p.x;
  var s2_x = s2.x;
  u_x = average_view(u_x, p.x, hyper_now.r0, &s2_x);
  state[origin + 2u * params.state.pitch] = vec4f(s2_x, s2_y, s2_z, s2_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {
  gradient[base(params.gradient, at) + i] = u;
}

// Of accumulate, noise, clipped and accumulated.
// update: accumulate
struct Hyper { r0: Accumulate }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  hyper_now = Hyper(Accumulate(scalar(at, 0u), scalar(at, 1u)));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  u_x = accumulate(u_x, p.x, hyper_now.r0, &s0_x);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {
  gradient[base(params.gradient, at) + i] = u;
}

// Of accumulate.
// block_terms: novograd
var<private> hyper_now: Novograd;
fn prepare(at: Place) {
  hyper_now = Novograd(scalar(at, 2u), scalar(at, 3u), scalar(at, 4u), scalar(at, 5u), scalar(at, 6u), scalar(at, 7u), 0.0);
}
fn number(at: Place, i: u32) -> vec4f {
  let u = gradient[base(params.gradient, at) + i];
  let p = parameter[base(params.parameter, at) + i];
  let s1 = state[base(params.state, at) + i + 1u * params.state.pitch];
  return (novograd_terms(u.x, p.x, hyper_now, s1.x) + novograd_terms(u.y, p.y, hyper_now, s1.y)) + (novograd_terms(u.z, p.z, hyper_now, s1.z) + novograd_terms(u.w, p.w, hyper_now, s1.w));
}

// Of accumulate.
// settle: novograd
fn settled(at: Place, sums: vec4f, count: f32, before: vec4f) -> vec4f {
  if (scalar(at, 8u) == 0.0) { return before; }
  return novograd_settle(sums, count, Novograd(scalar(at, 2u), scalar(at, 3u), scalar(at, 4u), scalar(at, 5u), scalar(at, 6u), scalar(at, 7u), 0.0), before);
}

// Of accumulate.
// update: novograd > descend
struct Hyper { r0: Novograd, r1: Descend, gate0: f32, gate1: f32 }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  var now = array<f32, 9>();
  for (var i = 0u; i < 9u; i++) { now[i] = scalar(at, 2u + i); }
  hyper_now = Hyper(Novograd(now[0], now[1], now[2], now[3], now[4], now[5], 0.0),
    Descend(now[7]),
    now[6],
    now[8]);
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  hyper_now.r0.v = reduced[base(params.reduced, at) + (tile & 0xffffu)];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s1_x = s1.x;
  if (hyper_now.gate0 != 0.0) { u_x = novograd(u_x, p.x, hyper_now.r0, &s1_x); } else { u_x = 0.0; }
  if (hyper_now.gate1 != 0.0) { u_x = descend(u_x, p.x, hyper_now.r1); } else { u_x = 0.0; }
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}

// Of apply every.
// update: adam > descend > applyEvery
struct Hyper { r0: Adam, r1: Descend, r2: ApplyEvery }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 10>();
  for (var i = 0u; i < 10u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Adam(now[0], now[1], now[2], now[3], now[4], now[5], now[6]),
    Descend(now[7]),
    ApplyEvery(now[8], now[9]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  let s2 = state[origin + 2u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  var s2_x = s2.x;
  u_x = adam(u_x, p.x, hyper_now.r0, &s0_x, &s1_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  u_x = apply_every(u_x, p.x, hyper_now.r2, &s2_x);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  state[origin + 2u * params.state.pitch] = vec4f(s2_x, s2_y, s2_z, s2_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of sam.
// update: momentum > descend
struct Hyper { r0: Momentum, r1: Descend }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 4>();
  for (var i = 0u; i < 4u; i++) { now[i] = scalar(at, 3u + i); }
  hyper_now = Hyper(Momentum(now[0], now[1], now[2]),
    Descend(now[3]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s1_x = s1.x;
  u_x = momentum(u_x, p.x, hyper_now.r0, &s1_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn start(at: Place, i: u32) -> vec4f {
  return state[base(params.state, at) + i + 0u * params.state.pitch];
}

// Of adaptive sam of lamb.
// update: adam
struct Hyper { r0: Adam }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 7>();
  for (var i = 0u; i < 7u; i++) { now[i] = scalar(at, 3u + i); }
  hyper_now = Hyper(Adam(now[0], now[1], now[2], now[3], now[4], now[5], now[6]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s1 = state[origin + 1u * params.state.pitch];
  let s2 = state[origin + 2u * params.state.pitch];
  var u_x = u.x;
  var s1_x = s1.x;
  var s2_x = s2.x;
  u_x = adam(u_x, p.x, hyper_now.r0, &s1_x, &s2_x);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  state[origin + 2u * params.state.pitch] = vec4f(s2_x, s2_y, s2_z, s2_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn start(at: Place, i: u32) -> vec4f {
  return state[base(params.state, at) + i + 0u * params.state.pitch];
}
fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {
  gradient[base(params.gradient, at) + i] = u;
}

// Of adaptive sam of lamb.
// block_terms: trustRatio
var<private> hyper_now: TrustRatio;
fn prepare(at: Place) {
  hyper_now = TrustRatio(scalar(at, 10u), scalar(at, 11u), scalar(at, 12u), 0.0, 0.0);
}
fn number(at: Place, i: u32) -> vec4f {
  let u = gradient[base(params.gradient, at) + i];
  let p = parameter[base(params.parameter, at) + i];
  return (trust_ratio_terms(u.x, p.x, hyper_now) + trust_ratio_terms(u.y, p.y, hyper_now)) + (trust_ratio_terms(u.z, p.z, hyper_now) + trust_ratio_terms(u.w, p.w, hyper_now));
}

// Of adaptive sam of lamb.
// update: trustRatio > descend
struct Hyper { r0: TrustRatio, r1: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  var now = array<f32, 4>();
  for (var i = 0u; i < 4u; i++) { now[i] = scalar(at, 10u + i); }
  hyper_now = Hyper(TrustRatio(now[0], now[1], now[2], 0.0, 0.0),
    Descend(now[3]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  hyper_now.r0.squared_u = reduced[base(params.reduced, at) + 1u * params.reduced.pitch + (tile & 0xffffu)];
  hyper_now.r0.squared_p = reduced[base(params.reduced, at) + 2u * params.reduced.pitch + (tile & 0xffffu)];
  var u_x = u.x;
  u_x = trust_ratio(u_x, p.x, hyper_now.r0);
  u_x = descend(u_x, p.x, hyper_now.r1);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}
fn start(at: Place, i: u32) -> vec4f {
  return state[base(params.state, at) + i + 0u * params.state.pitch];
}

// Of accumulated sam.
// update: accumulate > momentum > descend
struct Hyper { r0: Accumulate, r1: Momentum, r2: Descend, gate1: f32, gate2: f32 }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 8>();
  for (var i = 0u; i < 8u; i++) { now[i] = scalar(at, 3u + i); }
  hyper_now = Hyper(Accumulate(now[0], now[1]),
    Momentum(now[2], now[3], now[4]),
    Descend(now[6]),
    now[5],
    now[7]);
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s1 = state[origin + 1u * params.state.pitch];
  let s2 = state[origin + 2u * params.state.pitch];
  var u_x = u.x;
  var s1_x = s1.x;
  var s2_x = s2.x;
  u_x = accumulate(u_x, p.x, hyper_now.r0, &s1_x);
  if (hyper_now.gate1 != 0.0) { u_x = momentum(u_x, p.x, hyper_now.r1, &s2_x); } else { u_x = 0.0; }
  if (hyper_now.gate2 != 0.0) { u_x = descend(u_x, p.x, hyper_now.r2); } else { u_x = 0.0; }
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  state[origin + 2u * params.state.pitch] = vec4f(s2_x, s2_y, s2_z, s2_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn start(at: Place, i: u32) -> vec4f {
  return state[base(params.state, at) + i + 0u * params.state.pitch];
}

// Of sam in a group.
// update: ascend
struct Hyper { r0: Ascend }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  var now = array<f32, 3>();
  for (var i = 0u; i < 3u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Ascend(now[0], now[1], now[2], reduced[base(params.reduced, at)]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  u_x = ascend(u_x, p.x, hyper_now.r0, &s0_x);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}

// Of sam in a group, noise in a group.
// block_terms: ascend
var<private> hyper_now: Ascend;
fn prepare(at: Place) {
  hyper_now = Ascend(scalar(at, 12u), scalar(at, 13u), scalar(at, 14u), 0.0);
}
fn number(at: Place, i: u32) -> vec4f {
  let u = gradient[base(params.gradient, at) + i];
  let p = parameter[base(params.parameter, at) + i];
  let s0 = state[base(params.state, at) + i + 0u * params.state.pitch];
  return (ascend_terms(u.x, p.x, hyper_now, s0.x) + ascend_terms(u.y, p.y, hyper_now, s0.y)) + (ascend_terms(u.z, p.z, hyper_now, s0.z) + ascend_terms(u.w, p.w, hyper_now, s0.w));
}

// Of sam in a group, noise in a group.
// update: ascend
struct Hyper { r0: Ascend }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  var now = array<f32, 3>();
  for (var i = 0u; i < 3u; i++) { now[i] = scalar(at, 12u + i); }
  hyper_now = Hyper(Ascend(now[0], now[1], now[2], reduced[base(params.reduced, at)]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  u_x = ascend(u_x, p.x, hyper_now.r0, &s0_x);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}

// Of sam in a group.
// update: adam > descend
struct Hyper { r0: Adam, r1: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  var now = array<f32, 8>();
  for (var i = 0u; i < 8u; i++) { now[i] = scalar(at, 3u + i); }
  hyper_now = Hyper(Adam(now[0], now[1], now[2], now[3], now[4], now[5], now[6]),
    Descend(now[7]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s1 = state[origin + 1u * params.state.pitch];
  let s2 = state[origin + 2u * params.state.pitch];
  var u_x = u.x;
  var s1_x = s1.x;
  var s2_x = s2.x;
  u_x = adam(u_x, p.x, hyper_now.r0, &s1_x, &s2_x);
  u_x = descend(u_x, p.x, hyper_now.r1);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  state[origin + 2u * params.state.pitch] = vec4f(s2_x, s2_y, s2_z, s2_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}
fn start(at: Place, i: u32) -> vec4f {
  return state[base(params.state, at) + i + 0u * params.state.pitch];
}

// Of sam in a group.
// update: descend
struct Hyper { r0: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  hyper_now = Hyper(Descend(scalar(at, 11u)));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  var u_x = u.x;
  u_x = descend(u_x, p.x, hyper_now.r0);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}

// Of sam in a group.
// update: descend
struct Hyper { r0: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  hyper_now = Hyper(Descend(scalar(at, 15u)));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  var u_x = u.x;
  u_x = descend(u_x, p.x, hyper_now.r0);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}
fn start(at: Place, i: u32) -> vec4f {
  return state[base(params.state, at) + i + 0u * params.state.pitch];
}

// Of gradient noise.
// update: gradientNoise > adam > descend
struct Hyper { r0: GradientNoise, r1: Adam, r2: Descend, high0: f32, low0: f32 }

var<private> hyper_now: Hyper;
var<private> tile: u32;

struct Spot { row: u32, col: u32, all: u32, tensor: u32, index: u32, inside: vec4<bool> }

var<private> spot_now: Spot;
fn random_gaussian_drawn(high: f32, low: f32, stream: u32, lane: u32) -> f32 {
  let seed = (u32(high) << 16u) | u32(low);
  return select(0.0, random_gaussian(seed, stream + spot_now.tensor, step.t, spot_now.index + lane), spot_now.inside[lane]);
}
fn prepare(at: Place) {
  var now = array<f32, 11>();
  for (var i = 0u; i < 11u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(GradientNoise(now[0], 0.0),
    Adam(now[3], now[4], now[5], now[6], now[7], now[8], now[9]),
    Descend(now[10]),
    now[1],
    now[2]);
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  hyper_now.r0.noise = random_gaussian_drawn(hyper_now.high0, hyper_now.low0, 4293918720u, 0u); u_x = gradient_noise(u_x, p.x, hyper_now.r0);
  u_x = adam(u_x, p.x, hyper_now.r1, &s0_x, &s1_x);
  u_x = descend(u_x, p.x, hyper_now.r2);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 9u * (i / 16u);
  tile = tiles[place + 1u];
  let cols = tiles[place + 3u];
  let pitch = (cols + 3u) & ~3u;
  let element = tiles[place + 2u] + 4u * (i % 16u);
  let row = element / pitch;
  let col = element - row * pitch;
  let inside = vec4<bool>(row < tiles[place + 4u]) & inside4(col, cols);
  spot_now = Spot(tiles[place + 5u] + row, tiles[place + 6u] + col, tiles[place + 7u], tiles[place + 8u], row * cols + col, inside);
  return tiles[place] * 16u + i % 16u;
}

// Of noise, clipped and accumulated.
// update: clipByGlobalNorm > gradientNoise > gradientNoise > descend
struct Hyper { r0: ClipByGlobalNorm, r1: GradientNoise, r2: GradientNoise, r3: Descend, gate0: f32, high1: f32, low1: f32, gate1: f32, high2: f32, low2: f32, gate2: f32, gate3: f32 }

var<private> hyper_now: Hyper;
var<private> tile: u32;

struct Spot { row: u32, col: u32, all: u32, tensor: u32, index: u32, inside: vec4<bool> }

var<private> spot_now: Spot;
fn random_gaussian_drawn(high: f32, low: f32, stream: u32, lane: u32) -> f32 {
  let seed = (u32(high) << 16u) | u32(low);
  return select(0.0, random_gaussian(seed, stream + spot_now.tensor, step.t, spot_now.index + lane), spot_now.inside[lane]);
}
fn prepare(at: Place) {
  var now = array<f32, 13>();
  for (var i = 0u; i < 13u; i++) { now[i] = scalar(at, 2u + i); }
  hyper_now = Hyper(ClipByGlobalNorm(now[0], now[1], reduced[base(params.reduced, at)]),
    GradientNoise(now[3], 0.0),
    GradientNoise(now[7], 0.0),
    Descend(now[11]),
    now[2],
    now[5],
    now[6],
    now[4],
    now[9],
    now[10],
    now[8],
    now[12]);
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  var u_x = u.x;
  if (hyper_now.gate0 != 0.0) { u_x = clip_by_global_norm(u_x, p.x, hyper_now.r0); } else { u_x = 0.0; }
  if (hyper_now.gate1 != 0.0) { hyper_now.r1.noise = random_gaussian_drawn(hyper_now.high1, hyper_now.low1, 4293918720u, 0u); u_x = gradient_noise(u_x, p.x, hyper_now.r1); } else { u_x = 0.0; }
  if (hyper_now.gate2 != 0.0) { hyper_now.r2.noise = random_gaussian_drawn(hyper_now.high2, hyper_now.low2, 4293984256u, 0u); u_x = gradient_noise(u_x, p.x, hyper_now.r2); } else { u_x = 0.0; }
  if (hyper_now.gate3 != 0.0) { u_x = descend(u_x, p.x, hyper_now.r3); } else { u_x = 0.0; }
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 9u * (i / 16u);
  tile = tiles[place + 1u];
  let cols = tiles[place + 3u];
  let pitch = (cols + 3u) & ~3u;
  let element = tiles[place + 2u] + 4u * (i % 16u);
  let row = element / pitch;
  let col = element - row * pitch;
  let inside = vec4<bool>(row < tiles[place + 4u]) & inside4(col, cols);
  spot_now = Spot(tiles[place + 5u] + row, tiles[place + 6u] + col, tiles[place + 7u], tiles[place + 8u], row * cols + col, inside);
  return tiles[place] * 16u + i % 16u;
}

// Of noise in a group.
// update: gradientNoise > descend
struct Hyper { r0: GradientNoise, r1: Descend, high0: f32, low0: f32 }

var<private> hyper_now: Hyper;
var<private> tile: u32;

struct Spot { row: u32, col: u32, all: u32, tensor: u32, index: u32, inside: vec4<bool> }

var<private> spot_now: Spot;
fn random_gaussian_drawn(high: f32, low: f32, stream: u32, lane: u32) -> f32 {
  let seed = (u32(high) << 16u) | u32(low);
  return select(0.0, random_gaussian(seed, stream + spot_now.tensor, step.t, spot_now.index + lane), spot_now.inside[lane]);
}
fn prepare(at: Place) {
  var now = array<f32, 4>();
  for (var i = 0u; i < 4u; i++) { now[i] = scalar(at, 8u + i); }
  hyper_now = Hyper(GradientNoise(now[0], 0.0),
    Descend(now[3]),
    now[1],
    now[2]);
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  var u_x = u.x;
  hyper_now.r0.noise = random_gaussian_drawn(hyper_now.high0, hyper_now.low0, 4293918720u, 0u); u_x = gradient_noise(u_x, p.x, hyper_now.r0);
  u_x = descend(u_x, p.x, hyper_now.r1);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 9u * (i / 16u);
  tile = tiles[place + 1u];
  let cols = tiles[place + 3u];
  let pitch = (cols + 3u) & ~3u;
  let element = tiles[place + 2u] + 4u * (i % 16u);
  let row = element / pitch;
  let col = element - row * pitch;
  let inside = vec4<bool>(row < tiles[place + 4u]) & inside4(col, cols);
  spot_now = Spot(tiles[place + 5u] + row, tiles[place + 6u] + col, tiles[place + 7u], tiles[place + 8u], row * cols + col, inside);
  return tiles[place] * 16u + i % 16u;
}

// Of noise in a group.
// update: gradientNoise > descend
struct Hyper { r0: GradientNoise, r1: Descend, high0: f32, low0: f32 }

var<private> hyper_now: Hyper;
var<private> tile: u32;

struct Spot { row: u32, col: u32, all: u32, tensor: u32, index: u32, inside: vec4<bool> }

var<private> spot_now: Spot;
fn random_gaussian_drawn(high: f32, low: f32, stream: u32, lane: u32) -> f32 {
  let seed = (u32(high) << 16u) | u32(low);
  return select(0.0, random_gaussian(seed, stream + spot_now.tensor, step.t, spot_now.index + lane), spot_now.inside[lane]);
}
fn prepare(at: Place) {
  var now = array<f32, 4>();
  for (var i = 0u; i < 4u; i++) { now[i] = scalar(at, 15u + i); }
  hyper_now = Hyper(GradientNoise(now[0], 0.0),
    Descend(now[3]),
    now[1],
    now[2]);
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  var u_x = u.x;
  hyper_now.r0.noise = random_gaussian_drawn(hyper_now.high0, hyper_now.low0, 4293918720u, 0u); u_x = gradient_noise(u_x, p.x, hyper_now.r0);
  u_x = descend(u_x, p.x, hyper_now.r1);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 9u * (i / 16u);
  tile = tiles[place + 1u];
  let cols = tiles[place + 3u];
  let pitch = (cols + 3u) & ~3u;
  let element = tiles[place + 2u] + 4u * (i % 16u);
  let row = element / pitch;
  let col = element - row * pitch;
  let inside = vec4<bool>(row < tiles[place + 4u]) & inside4(col, cols);
  spot_now = Spot(tiles[place + 5u] + row, tiles[place + 6u] + col, tiles[place + 7u], tiles[place + 8u], row * cols + col, inside);
  return tiles[place] * 16u + i % 16u;
}
fn start(at: Place, i: u32) -> vec4f {
  return state[base(params.state, at) + i + 0u * params.state.pitch];
}

// Of averaged lookahead.
// update: accumulate > adam > descend > lookahead > average
struct Hyper { r0: Accumulate, r1: Adam, r2: Descend, r3: Lookahead, r4: Average, gate1: f32, gate2: f32 }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  var now = array<f32, 16>();
  for (var i = 0u; i < 16u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(Accumulate(now[0], now[1]),
    Adam(now[2], now[3], now[4], now[5], now[6], now[7], now[8]),
    Descend(now[10]),
    Lookahead(now[12], now[13], now[14]),
    Average(now[15]),
    now[9],
    now[11]);
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  let s2 = state[origin + 2u * params.state.pitch];
  let s3 = state[origin + 3u * params.state.pitch];
  let s4 = state[origin + 4u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  var s2_x = s2.x;
  var s3_x = s3.x;
  var s4_x = s4.x;
  u_x = accumulate(u_x, p.x, hyper_now.r0, &s0_x);
  if (hyper_now.gate1 != 0.0) { u_x = adam(u_x, p.x, hyper_now.r1, &s1_x, &s2_x); } else { u_x = 0.0; }
  if (hyper_now.gate2 != 0.0) { u_x = descend(u_x, p.x, hyper_now.r2); } else { u_x = 0.0; }
  u_x = lookahead(u_x, p.x, hyper_now.r3, &s3_x);
  u_x = average(u_x, p.x, hyper_now.r4, &s4_x);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  state[origin + 2u * params.state.pitch] = vec4f(s2_x, s2_y, s2_z, s2_w);
  state[origin + 3u * params.state.pitch] = vec4f(s3_x, s3_y, s3_z, s3_w);
  state[origin + 4u * params.state.pitch] = vec4f(s4_x, s4_y, s4_z, s4_w);
  return vec4f(u_x, u_y, u_z, u_w);
}

// Of averaged lookahead.
// update: averageView
struct Hyper { r0: AverageView }

var<private> hyper_now: Hyper;
fn prepare(at: Place) {
  hyper_now = Hyper(AverageView(scalar(at, 16u)));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s4 = state[origin + 4u * params.state.pitch];
  var u_x = p.x;
  var s4_x = s4.x;
  u_x = average_view(u_x, p.x, hyper_now.r0, &s4_x);
  state[origin + 4u * params.state.pitch] = vec4f(s4_x, s4_y, s4_z, s4_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {
  gradient[base(params.gradient, at) + i] = u;
}

// Of groups.
// update: clipByGroupNorm > adam > descend
struct Hyper { r0: ClipByGroupNorm, r1: Adam, r2: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  var now = array<f32, 10>();
  for (var i = 0u; i < 10u; i++) { now[i] = scalar(at, 0u + i); }
  hyper_now = Hyper(ClipByGroupNorm(now[0], now[1], reduced[base(params.reduced, at)]),
    Adam(now[2], now[3], now[4], now[5], now[6], now[7], now[8]),
    Descend(now[9]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = clip_by_group_norm(u_x, p.x, hyper_now.r0);
  u_x = adam(u_x, p.x, hyper_now.r1, &s0_x, &s1_x);
  u_x = descend(u_x, p.x, hyper_now.r2);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}

// Of groups.
// block_terms: clipByGroupNorm
var<private> hyper_now: ClipByGroupNorm;
fn prepare(at: Place) {
  hyper_now = ClipByGroupNorm(scalar(at, 10u), scalar(at, 11u), 0.0);
}
fn number(at: Place, i: u32) -> vec4f {
  let u = gradient[base(params.gradient, at) + i];
  let p = parameter[base(params.parameter, at) + i];
  return (clip_by_group_norm_terms(u.x, p.x, hyper_now) + clip_by_group_norm_terms(u.y, p.y, hyper_now)) + (clip_by_group_norm_terms(u.z, p.z, hyper_now) + clip_by_group_norm_terms(u.w, p.w, hyper_now));
}

// Of groups.
// update: clipByGroupNorm > descend
struct Hyper { r0: ClipByGroupNorm, r1: Descend }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  var now = array<f32, 3>();
  for (var i = 0u; i < 3u; i++) { now[i] = scalar(at, 10u + i); }
  hyper_now = Hyper(ClipByGroupNorm(now[0], now[1], reduced[base(params.reduced, at)]),
    Descend(now[2]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  var u_x = u.x;
  u_x = clip_by_group_norm(u_x, p.x, hyper_now.r0);
  u_x = descend(u_x, p.x, hyper_now.r1);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}

// Of groups.
// update: adam
struct Hyper { r0: Adam }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  var now = array<f32, 7>();
  for (var i = 0u; i < 7u; i++) { now[i] = scalar(at, 13u + i); }
  hyper_now = Hyper(Adam(now[0], now[1], now[2], now[3], now[4], now[5], now[6]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s0 = state[origin + 0u * params.state.pitch];
  let s1 = state[origin + 1u * params.state.pitch];
  var u_x = u.x;
  var s0_x = s0.x;
  var s1_x = s1.x;
  u_x = adam(u_x, p.x, hyper_now.r0, &s0_x, &s1_x);
  state[origin + 0u * params.state.pitch] = vec4f(s0_x, s0_y, s0_z, s0_w);
  state[origin + 1u * params.state.pitch] = vec4f(s1_x, s1_y, s1_z, s1_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}
fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {
  gradient[base(params.gradient, at) + i] = u;
}

// Of groups.
// block_terms: trustRatio
var<private> hyper_now: TrustRatio;
fn prepare(at: Place) {
  hyper_now = TrustRatio(scalar(at, 20u), scalar(at, 21u), scalar(at, 22u), 0.0, 0.0);
}
fn number(at: Place, i: u32) -> vec4f {
  let u = gradient[base(params.gradient, at) + i];
  let p = parameter[base(params.parameter, at) + i];
  return (trust_ratio_terms(u.x, p.x, hyper_now) + trust_ratio_terms(u.y, p.y, hyper_now)) + (trust_ratio_terms(u.z, p.z, hyper_now) + trust_ratio_terms(u.w, p.w, hyper_now));
}

// Of groups.
// update: trustRatio > descend > average
struct Hyper { r0: TrustRatio, r1: Descend, r2: Average }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  var now = array<f32, 5>();
  for (var i = 0u; i < 5u; i++) { now[i] = scalar(at, 20u + i); }
  hyper_now = Hyper(TrustRatio(now[0], now[1], now[2], 0.0, 0.0),
    Descend(now[3]),
    Average(now[4]));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  hyper_now.r0.squared_u = reduced[base(params.reduced, at) + (tile & 0xffffu)];
  hyper_now.r0.squared_p = reduced[base(params.reduced, at) + 1u * params.reduced.pitch + (tile & 0xffffu)];
  let s2 = state[origin + 2u * params.state.pitch];
  var u_x = u.x;
  var s2_x = s2.x;
  u_x = trust_ratio(u_x, p.x, hyper_now.r0);
  u_x = descend(u_x, p.x, hyper_now.r1);
  u_x = average(u_x, p.x, hyper_now.r2, &s2_x);
  state[origin + 2u * params.state.pitch] = vec4f(s2_x, s2_y, s2_z, s2_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}

// Of groups.
// update: view
struct Hyper { unit: f32 }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  hyper_now = Hyper(1.0);
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  var u_x = p.x;
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}
fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {
  gradient[base(params.gradient, at) + i] = u;
}

// Of groups.
// update: averageView
struct Hyper { r0: AverageView }

var<private> hyper_now: Hyper;
var<private> tile: u32;
fn prepare(at: Place) {
  hyper_now = Hyper(AverageView(scalar(at, 25u)));
}
fn chain(at: Place, i: u32, u: vec4f, p: vec4f) -> vec4f {
  let origin = base(params.state, at) + i;
  let s2 = state[origin + 2u * params.state.pitch];
  var u_x = p.x;
  var s2_x = s2.x;
  u_x = average_view(u_x, p.x, hyper_now.r0, &s2_x);
  state[origin + 2u * params.state.pitch] = vec4f(s2_x, s2_y, s2_z, s2_w);
  return vec4f(u_x, u_y, u_z, u_w);
}
fn spot(at: Place, i: u32) -> u32 {
  let place = base(params.tiles, at) + 2u * (i / 16u);
  tile = tiles[place + 1u];
  return tiles[place] * 16u + i % 16u;
}
fn finish(at: Place, i: u32, u: vec4f, p: vec4f) {
  gradient[base(params.gradient, at) + i] = u;
}
