// exp(x) - 1 and log(1 + x) with their relative accuracy near 0, which the built-in exp and log do not promise.

// By its series below 1/16, where exp(x) - 1 would lose its digits.
fn stable_expm1(x: vec4f) -> vec4f {
  let series = x * (1.0 + x * (0.5 + x * (0.16666667 + x * (0.041666668 + x * 0.008333334))));
  return select(exp(x) - 1.0, series, abs(x) < vec4f(0.0625));
}

// For x in [0, 1]: 2 artanh(s), s = x / (2 + x), by seven terms of its series; no log, whose error near 1 is only absolute.
fn stable_log1p(x: vec4f) -> vec4f {
  let s = x / (2.0 + x);
  let q = s * s;
  return s * (2.0 + q * (0.6666667 + q * (0.4 + q * (0.2857143 + q * (0.22222222 + q * (0.18181819 + q * 0.15384616))))));
}
