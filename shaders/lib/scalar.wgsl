// A hyperparameter now: its constant factor times the value of its schedule or correction at this step.
fn scalar(at: Place, i: u32) -> f32 {
  let place = base(params.hyper, at) + 2u * i;
  return bitcast<f32>(hyper[place]) * step.values[hyper[place + 1u]];
}
