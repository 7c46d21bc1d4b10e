"""Rules that neither library has in float64, in numpy: MADGRAD, Adan with decay, cautious AdamW, SAM and ASAM."""

import jax
import jax.numpy as jnp
import numpy as np
import optax

from common import TIMES, X0, tape_gradient
from replay import Tape, replay_optax

ROSENBROCK = (-1.2, 1.0)


def on_tape(step, state):
    """Parameters along the tape; step(x, g, t, state) returns the next x and may change the state's arrays."""
    x, tape = np.array(X0), Tape(TIMES)
    for t in range(1, tape.last + 1):
        x = step(x, tape_gradient(t), t, state)
        tape.record(t, x)
    return tape.values


def zeros(*names):
    return {name: np.zeros(4) for name in names}


def madgrad(x, g, t, s):
    """lr .01 (+ eps), momentum .9, eps 1e-6: the numbers are those of the paper's own code."""
    scale = (0.01 + 1e-6) * np.sqrt(t)
    s["v"] += scale * g * g
    s["s"] += scale * g
    z = np.array(X0) - s["s"] / (np.cbrt(s["v"]) + 1e-6)
    return 0.9 * x + (1 - 0.9) * z


def adan(decay):
    """Adan of the paper's code (its beta is one minus the paper's); decay by division, 1 / (1 + lr decay)."""

    def step(x, g, t, s):
        b1, b2, b3, eps, lr = 0.98, 0.92, 0.99, 1e-8, 0.001
        d = np.zeros(4) if t == 1 else g - s["g"]
        s["g"] = g
        s["m"] = b1 * s["m"] + (1 - b1) * g
        s["d"] = b2 * s["d"] + (1 - b2) * d
        s["n"] = b3 * s["n"] + (1 - b3) * (g + b2 * d) ** 2
        u = s["m"] / (1 - b1**t) + b2 * s["d"] / (1 - b2**t)
        return (x - lr * u / (np.sqrt(s["n"] / (1 - b3**t)) + eps)) / (1 + lr * decay)

    return step


def cautious(decay, scale_of):
    """AdamW whose direction keeps only the coordinates that agree in sign with the gradient."""

    def step(x, g, t, s):
        b1, b2, eps, lr = 0.9, 0.999, 1e-8, 0.001
        s["m"] = b1 * s["m"] + (1 - b1) * g
        s["v"] = b2 * s["v"] + (1 - b2) * g * g
        u = (s["m"] / (1 - b1**t)) / (np.sqrt(s["v"] / (1 - b2**t)) + eps)
        mask = (s["m"] * g > 0).astype(np.float64)
        return x * (1 - lr * decay) - lr * u * mask * scale_of(mask)

    return step


def rosenbrock(p):
    return (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2


def slope(x):
    inner = x[1] - x[0] ** 2
    return np.array([-2 * (1 - x[0]) - 400 * x[0] * inner, 200 * inner])


def adam_step(lr):
    s = {"m": np.zeros(2), "v": np.zeros(2)}

    def step(x, g, t):
        s["m"] = 0.9 * s["m"] + 0.1 * g
        s["v"] = 0.999 * s["v"] + 0.001 * g * g
        return x - lr * (s["m"] / (1 - 0.9**t)) / (np.sqrt(s["v"] / (1 - 0.999**t)) + 1e-8)

    return step


def sharpness(base, rho, eta=None):
    """SAM: the gradient at x + rho g / |g|. With eta, ASAM: at x + rho T T g / |T g|, T = |x| + eta."""
    x, tape = np.array(ROSENBROCK), Tape(TIMES)
    for t in range(1, tape.last + 1):
        g = slope(x)
        weight = np.ones(2) if eta is None else np.abs(x) + eta
        away = rho * weight**2 * g / np.linalg.norm(weight * g)
        x = base(x, slope(x + away), t)
        tape.record(t, x)
    return tape.values


def check_sam(got, optimizer, rho):
    """The same from optax.contrib.sam on JAX's own gradients."""
    adversary = optax.chain(optax.normalize_by_update_norm(eps=0.0), optax.sgd(rho))
    transform = optax.contrib.sam(optimizer, adversary, sync_period=2, opaque_mode=True)
    gradient = jax.grad(rosenbrock)
    x = jnp.asarray(ROSENBROCK)
    state = transform.init(x)
    for t in range(1, max(TIMES) + 1):
        updates, state = transform.update(gradient(x), state, x, grad_fn=lambda p, _: gradient(p))
        x = optax.apply_updates(x, updates)
        if t in TIMES:
            np.testing.assert_allclose(x, got[str(t)], rtol=1e-9, err_msg=f"sam at {t}")


def check_madgrad(got):
    """optax computes the root of the step in float32, so it agrees to 1e-6 only."""
    want = replay_optax("optax.contrib.madgrad(0.01)", single=True)["tape"]
    for t in want:
        np.testing.assert_allclose(got[t], want[t], atol=1e-6, err_msg="madgrad")


def check_columns(got):
    """optax centralises rows, so it sees the transposed matrix."""
    rows = replay_optax("optax.sgd(0.01)")["tape"]
    for t in got:
        total = (np.array(X0) - rows[t]).reshape(2, 2).T  # lr times the sum of the gradients
        want = np.array(X0).reshape(2, 2) - optax.centralize().update((jnp.asarray(total),), ())[0][0].T
        np.testing.assert_allclose(got[t], want.reshape(-1), atol=1e-12, err_msg="centralize")


def entry(formula, hyper, tape, **more):
    source = {"library": "formula", "version": f"numpy {np.__version__}", "call": formula, "hyperparameters": hyper}
    return source | more | {"tape": tape}


def formulas():
    """The entries on the tape."""
    base = {"lr": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weightDecay": 0.1}
    mean_scale = lambda mask: 1 / max(mask.mean(), 1e-3)
    count_scale = lambda mask: mask.size / (mask.sum() + 1)
    mad = on_tape(madgrad, zeros("v", "s"))
    check_madgrad(mad)
    columns = on_tape(lambda x, g, t, s: x - 0.01 * (g.reshape(2, 2) - g.reshape(2, 2).mean(0)).reshape(4), {})
    check_columns(columns)
    adan_hyper = {
        "lr": 0.001,
        "beta1": 0.98,
        "beta2": 0.92,
        "beta3": 0.99,
        "eps": 1e-8,
        "epsRoot": 0.0,
        "weightDecay": 0.02,
    }
    return {
        "madgrad": entry(
            "lamb = (lr + eps) sqrt(t); s += lamb g; v += lamb g^2; z = x0 - s / (cbrt(v) + eps); "
            "x = momentum x + (1 - momentum) z",
            {"lr": 0.01, "momentum": 0.9, "eps": 1e-6},
            mad,
            note="agrees with optax to 1e-6; optax takes sqrt(t) in float32",
        ),
        "adan_decay": entry(
            "x = (x - lr u) / (1 + lr decay), u as in the authors' code, eps outside the root",
            adan_hyper,
            on_tape(adan(0.02), zeros("m", "d", "n", "g")),
        ),
        "cautious_adamw_mean": entry(
            "x = x (1 - lr decay) - lr u mask / max(mean(mask), 1e-3), mask = [m g > 0]",
            base,
            on_tape(cautious(0.1, mean_scale), zeros("m", "v")),
            note="the mask uses the new m",
        ),
        "cautious_adamw_count": entry(
            "x = x (1 - lr decay) - lr u mask n / (count(mask) + 1), mask = [m g > 0]",
            base,
            on_tape(cautious(0.1, count_scale), zeros("m", "v")),
            note="the mask uses the new m",
        ),
        "centralize_columns_sgd": entry(
            "x -= lr (g - mean of g over axis 0)",
            {"lr": 0.01},
            columns,
            shapes=[[2, 2]],
            note="the convention of [in, out] matrices: optax on the transposed matrix",
        ),
    }


def rosenbrock_entries():
    """The entries that need gradients at two points of a function."""
    sgd = lambda x, g, t: x - 1e-4 * g
    adam = {"lr": 0.01, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    sam, sam_adam = sharpness(sgd, 0.05), sharpness(adam_step(0.01), 0.05)
    check_sam(sam, optax.sgd(1e-4), 0.05)
    check_sam(sam_adam, optax.adam(0.01), 0.05)
    agree = "agrees with optax.contrib.sam in opaque mode to 1e-9"
    return {
        "sam_sgd": entry("g at x + rho g / |g|, then SGD", {"rho": 0.05, "lr": 1e-4}, sam, note=agree),
        "sam_adam": entry("g at x + rho g / |g|, then Adam", {"rho": 0.05, **adam}, sam_adam, note=agree),
        "asam_sgd": entry(
            "g at x + rho T T g / |T g|, T = |x| + eta, then SGD",
            {"rho": 0.5, "eta": 0.01, "lr": 1e-4},
            sharpness(sgd, 0.5, 0.01),
        ),
    }
