// gelu(x) = x cdf(x), the normal distribution function exactly (Hendrycks & Gimpel 2016, eq. 1): x (1 + erf(x / sqrt 2)) / 2.
// With e = exp(-x^2 / 2) and t = 1 / (1 + |x| / 4), cdf(-|x|) = e t q(t): q fitted to 4.7e-8, relative. Derivative from the input.
fn gelu_erf_cdf(x: vec4f, e: vec4f) -> vec4f {
  let t = 1.0 / (1.0 + 0.25 * abs(x));
  let q = 0.099735565 + t * (0.09973643 + t * (0.09346636 + t * (0.08160311 + t * (0.058975138
    + t * (0.06369917 + t * (-0.031717658 + t * (0.095597245 + t * (-0.08087741 + t * 0.019782033))))))));
  let tail = e * (t * q);
  return select(1.0 - tail, tail, x < vec4f());
}

fn gelu_erf(x: vec4f) -> vec4f {
  return x * gelu_erf_cdf(x, exp(-0.5 * (x * x)));
}

fn gelu_erf_derivative(dy: vec4f, x: vec4f) -> vec4f {
  let e = exp(-0.5 * (x * x));
  return dy * (gelu_erf_cdf(x, e) + x * (0.3989422804 * e));
}
