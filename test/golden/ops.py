"""Activations, layer norm, losses and gains of PyTorch in float64, with gradients, and a small training. Writes ops.json."""

import math

import numpy as np
import torch
import torch.nn.functional as F

from common import write

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def normal(generator, shape, scale=1.0):
    """Normal draws that a float32 holds exactly."""
    return (generator.normal(size=shape) * scale).astype(np.float32).astype(np.float64)


def leaf(values):
    return torch.tensor(values, requires_grad=True)


# Either side of every branch, and where naive forms overflow or lose everything; float32 values.
POINTS = np.array(
    [-120, -90, -30, -10, -5.5, -3, -2, -1, -0.7, -0.25, -0.0625, -0.05, -0.001, -1e-6, 0]
    + [1e-6, 0.001, 0.05, 0.0625, 0.25, 0.7, 1, 2, 3, 5.5, 10, 30, 90, 120],
    dtype=np.float32,
).astype(np.float64)

ACTIVATIONS = {
    "leakyRelu": lambda x: F.leaky_relu(x),
    "leakyRelu 0.2": lambda x: F.leaky_relu(x, 0.2),
    "elu": lambda x: F.elu(x),
    "elu 0.5": lambda x: F.elu(x, 0.5),
    "selu": F.selu,
    "gelu": lambda x: F.gelu(x, approximate="tanh"),
    "geluErf": F.gelu,
    "silu": F.silu,
    # The threshold above which PyTorch returns x is out of the way.
    "softplus": lambda x: F.softplus(x, threshold=1000),
}


def activations():
    out = {}
    for name, f in ACTIVATIONS.items():
        x = leaf(POINTS)
        y = f(x)
        y.sum().backward()
        out[name] = {"y": y, "slope": x.grad}
    return {"x": POINTS, "known": out}


def layer_norm():
    generator = np.random.default_rng(5)
    x, gain, bias = (leaf(normal(generator, shape)) for shape in ((4, 6), (6,), (6,)))
    u = torch.tensor(normal(generator, (4, 6)))
    out = {"x": x, "gain": gain, "bias": bias, "u": u, "known": {}}
    for eps in (float(np.float32(1e-5)), 0.5):
        for at in (x, gain, bias):
            at.grad = None
        y = F.layer_norm(x, (6,), gain, bias, eps)
        (y * u).sum().backward()
        out["known"][str(eps)] = {"eps": eps, "y": y, "dx": x.grad, "dgain": gain.grad, "dbias": bias.grad}
    return out


def weighted(rows, weights):
    """The weighted mean of row losses: sum of w l over the sum of w."""
    return (rows * weights).sum() / weights.sum()


def target_losses():
    generator = np.random.default_rng(6)
    z, t = normal(generator, (8, 4), 2.0), normal(generator, (8, 4))
    odds = generator.integers(0, 2, size=(8, 4)).astype(np.float64)
    weights = np.array([1, 0.5, 2, 0, 1.5, 1, 3, 0.25])
    calls = {
        "meanSquaredError": (F.mse_loss, {}, t),
        "meanAbsoluteError": (F.l1_loss, {}, t),
        "huber": (F.huber_loss, {}, t),
        "huber 0.25": (F.huber_loss, {"delta": 0.25}, t),
        "binaryCrossEntropy": (F.binary_cross_entropy_with_logits, {}, odds),
        "binaryCrossEntropy 3": (F.binary_cross_entropy_with_logits, {"pos_weight": torch.tensor(3.0)}, odds),
        "binaryCrossEntropy each": (
            F.binary_cross_entropy_with_logits,
            {"pos_weight": torch.tensor([3, 0.5, 1, 1.5], dtype=torch.float64)},
            odds,
        ),
    }
    out = {"z": z, "targets": t, "odds": odds, "weights": weights, "known": {}}
    for name, (call, options, against) in calls.items():
        for how in ("plain", "weighted"):
            x = leaf(z)
            if how == "plain":
                loss = call(x, torch.tensor(against), **options)
            else:
                rows = call(x, torch.tensor(against), reduction="none", **options).mean(dim=1)
                loss = weighted(rows, torch.tensor(weights))
            loss.backward()
            out["known"].setdefault(name, {})[how] = {"loss": loss, "dz": x.grad}
    hits = ((z > 0) == (odds > 0.5)).mean()
    out["binaryAccuracy"] = hits
    return out


def cross_entropy():
    generator = np.random.default_rng(7)
    z, labels = normal(generator, (8, 5), 2.0), generator.integers(0, 5, size=8)
    classes = np.array([1, 0.5, 2, 4, 0.25])
    weights = np.array([1, 0.5, 2, 0, 1.5, 1, 3, 0.25])
    out = {"z": z, "labels": labels, "classes": classes, "weights": weights, "known": {}}
    y = torch.tensor(labels)
    for smoothing in (0.0, 0.1):
        for by_class in (False, True):
            for by_row in (False, True):
                x = leaf(z)
                w = torch.tensor(classes) if by_class else None
                if by_row:
                    rows = F.cross_entropy(x, y, weight=w, label_smoothing=smoothing, reduction="none")
                    s = torch.tensor(weights)
                    # PyTorch has no weights of rows here; its rule for classes, with the rows' weights as factors.
                    loss = (s * rows).sum() / (s * (w[y] if by_class else 1)).sum()
                else:
                    loss = F.cross_entropy(x, y, weight=w, label_smoothing=smoothing)
                loss.backward()
                name = f"smoothing {smoothing}{', classes' if by_class else ''}{', rows' if by_row else ''}"
                out["known"][name] = {
                    "smoothing": smoothing,
                    "byClass": by_class,
                    "byRow": by_row,
                    "loss": loss,
                    "dz": x.grad,
                }
    return out


def regression():
    """R2 as 1 - SS_res / SS_tot of every column, then the mean; two columns of far larger mean than spread."""
    generator = np.random.default_rng(8)
    t = (generator.normal(size=(50, 2)) * [1.0, 0.01] + [1000.0, 3.0]).astype(np.float32).astype(np.float64)
    prediction = (t + generator.normal(size=(50, 2)) * [0.5, 0.002]).astype(np.float32).astype(np.float64)
    residual, total = ((prediction - t) ** 2).sum(0), ((t - t.mean(0)) ** 2).sum(0)
    return {
        "targets": t,
        "predictions": prediction,
        "r2": (1 - residual / total).mean(),
        "meanAbsoluteError": np.abs(prediction - t).mean(),
    }


def gains():
    named = {name: torch.nn.init.calculate_gain(name) for name in ("linear", "sigmoid", "tanh", "relu", "selu")}
    return {**named, **{f"leaky_relu {a}": torch.nn.init.calculate_gain("leaky_relu", a) for a in (0.01, 0.2)}}


STEPS = 8


def training():
    """6 -> 5, layer norm, silu, 5 -> 5, elu, 5 -> 3: smoothed, class-weighted cross-entropy, SGD. Weights are [in, out]."""
    generator = np.random.default_rng(9)
    shapes = {"w1": (6, 5), "b1": (5,), "gain": (5,), "bias": (5,), "w2": (5, 5), "b2": (5,), "w3": (5, 3), "b3": (3,)}
    start = {name: normal(generator, shape, 0.6) for name, shape in shapes.items()}
    x, labels = normal(generator, (12, 6)), generator.integers(0, 3, size=12)
    classes = np.array([1, 0.5, 2])
    p = {name: leaf(values) for name, values in start.items()}
    optimizer = torch.optim.SGD(list(p.values()), lr=0.25)
    losses = []
    for t in range(STEPS):
        rows = [(4 * t + i) % 12 for i in range(4)]
        h = F.silu(F.layer_norm(torch.tensor(x)[rows] @ p["w1"] + p["b1"], (5,), p["gain"], p["bias"]))
        z = F.elu(h @ p["w2"] + p["b2"]) @ p["w3"] + p["b3"]
        loss = F.cross_entropy(z, torch.tensor(labels)[rows], weight=torch.tensor(classes), label_smoothing=0.125)
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
    rows = [[(4 * t + i) % 12 for i in range(4)] for t in range(STEPS)]
    return {
        "start": start,
        "x": x,
        "labels": labels,
        "classes": classes,
        "batches": rows,
        "losses": losses,
        "end": p,
    }


if __name__ == "__main__":
    assert math.isclose(F.softplus(torch.tensor(30.0), threshold=1000).item(), math.log1p(math.exp(30.0)))
    write(
        "ops.json",
        {
            "source": f"PyTorch {torch.__version__}, float64; inputs are float32 values",
            "activations": activations(),
            "layerNorm": layer_norm(),
            "targetLosses": target_losses(),
            "crossEntropy": cross_entropy(),
            "regression": regression(),
            "gains": gains(),
            "training": training(),
        },
        width=200,
    )
