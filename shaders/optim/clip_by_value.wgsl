// u held between -limit and limit.
struct ClipByValue { limit: f32 }

fn clip_by_value(u: f32, p: f32, h: ClipByValue) -> f32 {
  return min(max(u, -h.limit), h.limit);
}
