// What changes with the step: its number t (from 0), its index within the submit, how many rows of the batch count,
// and the values of the distinct schedules and bias corrections (values[0] is 1).
struct Step { t: u32, index: u32, valid: u32, flags: u32, values: array<f32> }

// A run's own constants: where its order lies among the distinct orders, and its seeds.
struct Run { order: u32, init: u32, noise: u32, entry: u32 }
