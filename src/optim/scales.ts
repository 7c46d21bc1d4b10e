// What the host computes of running means in f64: 1 - beta^t would lose its digits in f32.
import type { Values } from "./rule.ts";

/** 1 / (1 - beta^t): what makes a running mean that starts at 0 unbiased. */
export const debiasing = (beta: number, t: number): number => 1 / (1 - beta ** t);

/**
 * Adam's two scales. epsHat: those of Kingma & Ba's second form, sqrt(1 - beta2^t) / (1 - beta1^t) m / (sqrt(v) + eps).
 * Without debias both are 1.
 */
export function adamScales({ beta1 = 0, beta2 = 0, debias = 1, epsHat = 0 }: Values, t: number) {
  if (!debias) return { m_scale: 1, v_scale: 1 };
  const [m_scale, v_scale] = [debiasing(beta1, t), debiasing(beta2, t)];
  return epsHat ? { m_scale: m_scale / Math.sqrt(v_scale), v_scale: 1 } : { m_scale, v_scale };
}
