// LAMB as a formula in f64.

/** LAMB (You et al. 2020) on two tensors of two numbers, as optax has it: a trust ratio |p| / |u| for each. */
export function lambByHand(
  round: (v: number) => number,
  h: { lr: number; beta1: number; beta2: number; eps: number; decay: number },
) {
  const [lr, beta1, beta2, eps, decay] = [h.lr, h.beta1, h.beta2, h.eps, h.decay].map(round) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const [rest1, rest2] = [round(1 - beta1), round(1 - beta2)];
  const [x, m, v] = [
    [1, -2, 3, 0.5],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ];
  const step = (g: readonly number[], t: number): void => {
    const [ms, vs] = [round(1 / (1 - beta1 ** t)), round(1 / (1 - beta2 ** t))];
    const u = x.map((p, i) => {
      const gi = g[i] as number;
      m[i] = beta1 * (m[i] as number) + rest1 * gi;
      v[i] = beta2 * (v[i] as number) + rest2 * gi * gi;
      return ((m[i] as number) * ms) / (Math.sqrt((v[i] as number) * vs) + eps) + decay * p;
    });
    const norm = (of: readonly number[], i: number) =>
      Math.hypot(of[i - (i % 2)] as number, of[i - (i % 2) + 1] as number);
    const ratios = x.map((_, i) => norm(x, i) / norm(u, i));
    for (const [i, p] of x.entries()) x[i] = p - lr * (ratios[i] as number) * (u[i] as number);
  };
  return { x, step };
}
