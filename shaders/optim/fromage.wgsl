// Fromage (Bernstein et al. 2020): the step lr u and p both shrunk by 1 / sqrt(1 + lr^2). What it returns is the whole step.
struct Fromage { step: f32, rest: f32 }

fn fromage(u: f32, p: f32, h: Fromage) -> f32 {
  return h.step * u + h.rest * p;
}
