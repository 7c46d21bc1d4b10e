// With d = z - target: d^2 / 2 up to |d| = delta, delta (|d| - delta / 2) beyond (Huber 1964), a fragment of target_loss.
const HUBER_DELTA = 1.0;

fn huber(value: vec4f, wanted: vec4f) -> vec4f {
  let d = abs(value - wanted);
  let near = min(d, vec4f(HUBER_DELTA));
  return near * (d - 0.5 * near);
}

fn huber_slope(value: vec4f, wanted: vec4f) -> vec4f {
  return clamp(value - wanted, vec4f(-HUBER_DELTA), vec4f(HUBER_DELTA));
}
