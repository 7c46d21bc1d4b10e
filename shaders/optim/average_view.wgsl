// The average that a rule keeps, to be evaluated in place of p. A struct must have a member: unit is 1.
struct AverageView { unit: f32 }

fn average_view(u: f32, p: f32, h: AverageView, average: ptr<function, f32>) -> f32 {
  return h.unit * *average;
}
