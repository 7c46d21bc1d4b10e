"""Fits the normal distribution function's tail for shaders/activations/gelu_erf.wgsl and prints its coefficients and error.

cdf(-a) = exp(-a^2 / 2) t q(t) with t = 1 / (1 + a / 4), q of degree 9: least squares, reweighted towards the least largest
relative error. exp(a^2 / 2) cdf(-a) is erfcx(a / sqrt 2) / 2, which PyTorch has."""

import numpy as np
import torch

DEGREE, SLOPE, POINTS = 9, 0.25, 4000


def wanted(t):
    a = (1 / t - 1) / SLOPE
    return 0.5 * torch.special.erfcx(torch.tensor(a / np.sqrt(2))).numpy() / t


if __name__ == "__main__":
    t = (np.cos(np.pi * (np.arange(POINTS) + 0.5) / POINTS) + 1) / 2
    y = wanted(t)
    powers = np.vander(t, DEGREE + 1, increasing=True)
    weight = np.ones_like(t)
    for _ in range(60):
        scale = np.sqrt(weight) / y
        q, *_ = np.linalg.lstsq(powers * scale[:, None], y * scale, rcond=None)
        error = np.abs(powers @ q / y - 1)
        weight *= error / error.mean() + 1e-3
        weight /= weight.mean()
    rounded = q.astype(np.float32)
    print("q:", ", ".join(np.format_float_positional(c, unique=True) for c in rounded))
    print("largest relative error:", np.abs(powers @ rounded.astype(np.float64) / y - 1).max())
