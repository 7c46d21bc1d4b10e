// u times trust |p| / (|u| + eps), at most `most`, the norms over each tensor (You et al. 2017; 2020); u itself where either norm is 0.
struct TrustRatio { trust: f32, eps: f32, most: f32, squared_u: f32, squared_p: f32 }

fn trust_ratio(u: f32, p: f32, h: TrustRatio) -> f32 {
  let root = sqrt(h.squared_u) + h.eps;
  let ratio = h.trust * sqrt(h.squared_p) / select(root, 1.0, root == 0.0);
  let limited = min(ratio, h.most);
  return u * select(limited, 1.0, h.squared_u == 0.0 || h.squared_p == 0.0);
}

fn trust_ratio_terms(u: f32, p: f32, h: TrustRatio) -> vec4f {
  return vec4f(u * u, p * p, 0.0, 0.0);
}
