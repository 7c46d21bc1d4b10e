"""Two small models trained by PyTorch in float64 (and float32), checked against JAX. Writes mlp.json."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import torch
import torch.nn.functional as F

from common import write

jax.config.update("jax_enable_x64", True)
torch.set_num_threads(1)
STEPS = 10
LAYERS = ((6, 8), (8, 5), (5, 3))


def normal(generator, shape, scale):
    """Normal draws that a float32 holds exactly."""
    return (generator.normal(size=shape) * scale).astype(np.float32).astype(np.float64)


def make_mlp(seed=4):  # this seed leaves few relu units dead, no relu near its kink, and clips in some steps only
    generator = np.random.default_rng(seed)
    start = {}
    for n, (rows, cols) in enumerate(LAYERS, 1):
        start[f"w{n}"] = normal(generator, (rows, cols), 0.6)
        start[f"b{n}"] = normal(generator, (cols,), 0.3)
    x = normal(generator, (12, 6), 1.0)
    labels = generator.integers(0, 3, size=12)
    return start, x, labels


def mlp_hidden(p, x, tanh, relu):
    h = relu(tanh(x @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"])
    return h @ p["w3"] + p["b3"]


def rows_of(t):
    """The batch of step t, t from 0: rows 4t .. 4t + 3 of 12, going round."""
    return [(4 * t + i) % 12 for i in range(4)]


# name: (the call, its constructor, largest gradient norm or None, cosine or not)
MLP_RUNS = {
    "sgd_nesterov": (
        "SGD(lr=0.1, momentum=0.9, nesterov=True)",
        lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
        None,
        False,
    ),
    "sgd_dampening_decay": (
        "SGD(lr=0.1, momentum=0.9, dampening=0.1, weight_decay=0.01)",
        lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.1, weight_decay=0.01),
        None,
        False,
    ),
    "adam": ("Adam(lr=0.01)", lambda p: torch.optim.Adam(p, lr=0.01), None, False),
    "adamw": (
        "AdamW(lr=0.01, weight_decay=0.1)",
        lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1),
        None,
        False,
    ),
    "adam_clip": (
        "clip_grad_norm_(params, 0.5), then Adam(lr=0.01)",
        lambda p: torch.optim.Adam(p, lr=0.01),
        0.5,
        False,
    ),
    "adam_cosine": (
        "Adam(lr=0.01) with CosineAnnealingLR(T_max=10, eta_min=0), stepped after each update",
        lambda p: torch.optim.Adam(p, lr=0.01),
        None,
        True,
    ),
}


def train_torch(start, loss_of, make, clip=None, cosine=False, dtype=torch.float64):
    """Ten steps. Losses are those before the update, gradients those of the loss (before any clipping)."""
    params = {k: torch.tensor(v, dtype=dtype, requires_grad=True) for k, v in start.items()}
    optimizer = make(list(params.values()))
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=STEPS, eta_min=0) if cosine else None
    out = {"lr": [], "losses": [], "norms": [], "gradients": [], "end": None}
    for t in range(STEPS):
        optimizer.zero_grad()
        loss = loss_of(params, t)
        loss.backward()
        out["gradients"].append({k: v.grad.clone() for k, v in params.items()})
        norm = torch.nn.utils.clip_grad_norm_(list(params.values()), clip if clip else float("inf"))
        out["norms"].append(norm.item())
        out["losses"].append(loss.item())
        out["lr"].append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if schedule:
            schedule.step()
    out["end"] = {k: v.detach().clone() for k, v in params.items()}
    return out


def check_jax(name, start, loss_of, transform, got):
    """The same losses, first gradients and end from JAX and optax, to 1e-12; raises where they differ."""
    params = {k: jnp.asarray(v) for k, v in start.items()}
    state = transform.init(params)
    for t in range(STEPS):
        loss, gradients = jax.value_and_grad(loss_of)(params, t)
        np.testing.assert_allclose(loss, got["losses"][t], rtol=1e-12, err_msg=f"{name}: loss of step {t + 1}")
        for k, v in gradients.items():
            np.testing.assert_allclose(v, got["gradients"][t][k].numpy(), rtol=1e-9, atol=1e-13, err_msg=f"{name} {k}")
        update, state = transform.update(gradients, state, params)
        params = optax.apply_updates(params, update)
    for k, v in params.items():
        np.testing.assert_allclose(v, got["end"][k].numpy(), rtol=1e-10, atol=1e-12, err_msg=f"{name}: end of {k}")


def torch_clip(limit):
    """clip_grad_norm_ as an optax transform: g * min(1, limit / (norm + 1e-6))."""

    def update(updates, state, params=None):
        factor = jnp.minimum(1.0, limit / (optax.global_norm(updates) + 1e-6))
        return jax.tree.map(lambda g: g * factor, updates), state

    return optax.GradientTransformation(lambda params: (), update)


# optax has no dampening; that run is compared with PyTorch alone.
OPTAX = {
    "sgd_nesterov": lambda: optax.sgd(0.1, momentum=0.9, nesterov=True),
    "adam": lambda: optax.adam(0.01),
    "adamw": lambda: optax.adamw(0.01, weight_decay=0.1),
    "adam_clip": lambda: optax.chain(torch_clip(0.5), optax.adam(0.01)),
    "adam_cosine": lambda: optax.adam(optax.cosine_decay_schedule(0.01, STEPS)),
}


def mlp():
    start, x, labels = make_mlp()
    margins = []

    def torch_loss(dtype):
        data, classes = torch.tensor(x, dtype=dtype), torch.tensor(labels)

        def relu(z):
            margins.append(z.abs().min().item())
            return torch.relu(z)

        return lambda p, t: F.cross_entropy(mlp_hidden(p, data[rows_of(t)], torch.tanh, relu), classes[rows_of(t)])

    def jax_loss(p, t):
        rows = np.array(rows_of(t))
        logits = mlp_hidden(p, jnp.asarray(x)[rows], jnp.tanh, jax.nn.relu)
        return optax.softmax_cross_entropy_with_integer_labels(logits, jnp.asarray(labels)[rows]).mean()

    runs = {}
    for name, (call, make, clip, cosine) in MLP_RUNS.items():
        run = train_torch(start, torch_loss(torch.float64), make, clip, cosine)
        if name in OPTAX:
            check_jax(name, start, jax_loss, OPTAX[name](), run)
        single = train_torch(start, torch_loss(torch.float32), make, clip, cosine, torch.float32)
        runs[name] = {
            "call": call,
            "lr": run["lr"],
            "losses": run["losses"],
            "lossesFloat32": single["losses"],
            "norms": run["norms"],
            "gradients": {"1": run["gradients"][0], "10": run["gradients"][-1]},
            "end": run["end"],
        }
        apart = np.abs(np.subtract(run["losses"], single["losses"])).max()
        print(name, np.array(run["losses"]).round(4), "float32 apart by", apart)
    return {
        "layers": "x [4, 6] -> tanh(x w1 + b1) [4, 8] -> relu(h w2 + b2) [4, 5] -> "
        "h w3 + b3 [4, 3]; mean cross entropy",
        "start": start,
        "reluMargin": min(margins),
        "x": x,
        "labels": labels,
        "batches": [rows_of(t) for t in range(STEPS)],
        "runs": runs,
    }


def make_residual(seed=2):
    generator = np.random.default_rng(seed)
    start = {
        "w1": normal(generator, (6, 6), 0.4),
        "b1": normal(generator, (6,), 0.2),
        "w2": normal(generator, (6, 2), 0.4),
        "b2": normal(generator, (2,), 0.2),
    }
    return start, normal(generator, (4, 6), 1.0), normal(generator, (4, 2), 1.0)


def residual():
    start, x, y = make_residual()
    forward = lambda p, data, gelu: (gelu(data @ p["w1"] + p["b1"]) + data) @ p["w2"] + p["b2"]
    out = {
        "layers": "x [4, 6] -> (gelu(x w1 + b1) + x) w2 + b2 [4, 2]; MSE = mean over the batch and both outputs",
        "call": "SGD(lr=0.1)",
        "start": start,
        "x": x,
        "y": y,
        "runs": {},
    }
    for name, form in (("gelu_erf", "none"), ("gelu_tanh", "tanh")):
        torch_gelu = lambda h: F.gelu(h, approximate=form)
        torch_loss = lambda dtype: lambda p, t: F.mse_loss(
            forward(p, torch.tensor(x, dtype=dtype), torch_gelu), torch.tensor(y, dtype=dtype)
        )
        jax_loss = lambda p, t: jnp.mean(
            (forward(p, jnp.asarray(x), lambda h: jax.nn.gelu(h, approximate=form == "tanh")) - y) ** 2
        )
        make = lambda p: torch.optim.SGD(p, lr=0.1)
        run = train_torch(start, torch_loss(torch.float64), make)
        check_jax(name, start, jax_loss, optax.sgd(0.1), run)
        single = train_torch(start, torch_loss(torch.float32), make, dtype=torch.float32)
        out["runs"][name] = {
            "gelu": f"torch.nn.functional.gelu(approximate='{form}')",
            "losses": run["losses"],
            "lossesFloat32": single["losses"],
            "gradients": run["gradients"],
            "end": run["end"],
        }
        print(name, np.array(run["losses"]).round(4))
    return out


if __name__ == "__main__":
    write(
        "mlp.json",
        {
            "source": f"PyTorch {torch.__version__}, float64; lossesFloat32 are PyTorch's own in float32. Losses of "
            f"all but sgd_dampening_decay agree with JAX {jax.__version__} and optax {optax.__version__} to 1e-12",
            "notes": [
                "Weights are [in, out]: y = x w + b. (PyTorch's own Linear stores [out, in].)",
                "Starts, x and y are float32 values. Steps count from 1: losses[0] and gradients 1 are the start's.",
                "A loss is the one before the update; lr is what that update uses; norms are global, before clipping.",
                "Gradients are those of the loss, before clipping and without weight decay.",
                "clip_grad_norm_ multiplies by min(1, 0.5 / (norm + 1e-6)); the 1e-6 is PyTorch's.",
                "reluMargin is the smallest |input| a relu sees in these runs: float32 rounding cannot cross the kink.",
                "dampening is skipped at the first step (momentum buffer = gradient), as PyTorch does.",
            ],
            "mlp": mlp(),
            "residual": residual(),
        },
        width=200,
    )
