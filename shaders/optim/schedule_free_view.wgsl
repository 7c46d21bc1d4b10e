// The average x of schedule-free descent: z + (y - z) / beta.
struct ScheduleFreeView { inverse: f32 }

fn schedule_free_view(u: f32, p: f32, h: ScheduleFreeView, z: ptr<function, f32>) -> f32 {
  return *z + h.inverse * (p - *z);
}
