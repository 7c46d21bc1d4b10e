"""Worked numbers of a course on optimizers, in float64 by PyTorch and again by hand. Writes worked.json."""

import numpy as np
import torch

from common import write

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def agree(name, left, right, rtol=1e-13):
    np.testing.assert_allclose(np.asarray(left), np.asarray(right), rtol=rtol, atol=1e-15, err_msg=name)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def chain_rule():
    """1 and 2: f = sigmoid((0.5 x + 0.1 y) 3 z)."""
    x, y, z = at = (-0.6, 0.5, -0.4)
    p = torch.tensor(at, requires_grad=True)
    s = (0.5 * p[0] + 0.1 * p[1]) * 3 * p[2]
    f = torch.sigmoid(s)
    f.backward()
    slope = f.item() * (1 - f.item())
    agree("1", f.item(), sigmoid((0.5 * x + 0.1 * y) * 3 * z))
    agree("2", p.grad, [slope * 1.5 * z, slope * 0.3 * z, slope * 3 * (0.5 * x + 0.1 * y)])
    return {
        "1": {"what": "f = sigmoid(s), s = (0.5 x + 0.1 y) 3 z", "at": at, "s": s.item(), "f": f.item()},
        "2": {"what": "its gradient (df/dx, df/dy, df/dz)", "gradient": p.grad},
    }


def neuron():
    """3 and 4: one sigmoid neuron and one step of SGD."""
    x, w0, target, lr = (5.0, 10.0), (0.5, -0.5), 0.0, 0.4
    w = torch.tensor(w0, requires_grad=True)
    y = torch.sigmoid(torch.tensor(x) @ w)
    loss = 0.5 * (y - target) ** 2
    loss.backward()
    by_hand = sigmoid(np.dot(x, w0))
    gradient = (by_hand - target) * by_hand * (1 - by_hand) * np.array(x)
    agree("3", w.grad, gradient)
    return {
        "3": {
            "what": "y = sigmoid(x . w), L = (y - target)^2 / 2",
            "x": x,
            "w": w0,
            "target": target,
            "y": y.item(),
            "loss": loss.item(),
            "dw": w.grad,
        },
        "4": {"what": "one SGD step of 3", "lr": lr, "w": np.array(w0) - lr * gradient},
    }


NET = {  # weights [out, in], as they were printed
    "x": [[1, 2], [2, 3], [10, 5]],
    "y": [[7], [12], [40]],
    "w1": [[0.4343, 0.6134], [-0.2977, 0.1472], [-0.3772, -0.2806]],
    "b1": [0.2081, -0.5165, 0.3692],
    "w2": [[0.5137, 0.5441, 0.4459], [-0.0712, 0.0366, -0.2097]],
    "b2": [0.2730, 0.5439],
    "w3": [[0.5989, 0.3610]],
    "b3": [-0.3608],
}
PRINTED = {
    "dw1": [[-80.2851, -46.4245], [-96.5485, -55.8287], [-54.4879, -31.5074]],
    "db1": [-10.9224, -13.1350, -7.4128],
    "dw2": [[-139.3767, 48.2291, 83.4421], [-84.0035, 29.0681, 50.2912]],
    "db2": [-23.2005, -13.9832],
    "dw3": [[-24.1840, -30.7693]],
    "db3": [-38.7382],
}


def printed_allowance(net):
    """How far each printed gradient may lie from ours: all printed numbers are off by up to 5e-5 (first order)."""
    names = ("w1", "b1", "w2", "b2", "w3", "b3")

    def gradients(*weights):
        p = dict(zip(names, weights))
        loss = torch.nn.functional.mse_loss(forward(net["x"], p)[-1], net["y"])
        return torch.autograd.grad(loss, weights, create_graph=True)

    rows = torch.autograd.functional.jacobian(gradients, tuple(net[k].detach().requires_grad_() for k in names))
    totals = [sum(part.abs().reshape(*net[k].shape, -1).sum(-1) for part in row) for k, row in zip(names, rows)]
    return {f"d{k}": 5e-5 * (1 + total) for k, total in zip(names, totals)}


def forward(x, p):
    """The three layers' outputs."""
    h1 = x @ p["w1"].T + p["b1"]
    h2 = h1 @ p["w2"].T + p["b2"]
    return h1, h2, h2 @ p["w3"].T + p["b3"]


def linear_net():
    """5: the 2-3-2-1 linear network; mean squared error over three rows."""
    net = {k: np.array(v, dtype=np.float64) for k, v in NET.items()}
    p = {k: torch.tensor(v, requires_grad=k not in "xy") for k, v in net.items()}
    h1, h2, prediction = forward(p["x"], p)
    loss = torch.nn.functional.mse_loss(prediction, p["y"])
    loss.backward()
    a1 = net["x"] @ net["w1"].T + net["b1"]
    a2 = a1 @ net["w2"].T + net["b2"]
    d3 = 2 * (a2 @ net["w3"].T + net["b3"] - net["y"]) / 3
    d2 = d3 @ net["w3"]
    d1 = d2 @ net["w2"]
    hand = {
        "dw1": d1.T @ net["x"],
        "db1": d1.sum(0),
        "dw2": d2.T @ a1,
        "db2": d2.sum(0),
        "dw3": d3.T @ a2,
        "db3": d3.sum(0),
    }
    allowance = printed_allowance(p)
    gradients = {f"d{k}": p[k].grad for k in ("w1", "b1", "w2", "b2", "w3", "b3")}
    for k, v in gradients.items():
        agree(f"5 {k}", v, hand[k])
        assert ((v - torch.tensor(PRINTED[k])).abs() <= allowance[k]).all(), f"5 {k} as printed"
    return {
        "5": {
            "what": "2-3-2-1 linear network, loss = mean((prediction - y)^2), weights [out, in]: h = x w' + b",
            **NET,
            "h1": h1,
            "h2": h2,
            "prediction": prediction,
            "loss": loss.item(),
            **gradients,
            "printed": {
                "what": "the same gradients as first printed, from unrounded weights; how far they may lie from ours",
                **PRINTED,
                "allowance": allowance,
            },
        }
    }


def last_layer():
    """6: the last layer of 5 from its printed inputs, n6 and n7."""
    n6, n7 = np.array([0.69657858, 0.859582, 0.543156]), np.array([0.51114952, 0.56898564, 0.90834304])
    y = np.array([7.0, 12.0, 40.0])
    w = torch.tensor([0.5989, 0.3610, -0.3608], requires_grad=True)
    prediction = torch.tensor(np.stack([n6, n7, np.ones(3)], 1)) @ w
    ((prediction - torch.tensor(y)) ** 2).mean().backward()
    error = 2 * (0.5989 * n6 + 0.3610 * n7 - 0.3608 - y)
    agree("6", w.grad, [(error * n6).mean(), (error * n7).mean(), error.mean()])
    return {
        "6": {
            "what": "prediction = w6 n6 + w7 n7 + bias; mean gradient of (y - prediction)^2; rows: of w6, per row",
            "n6": n6,
            "n7": n7,
            "y": y,
            "w6": 0.5989,
            "w7": 0.3610,
            "bias": -0.3608,
            "prediction": prediction,
            "rows": error * n6,
            "dw6": w.grad[0].item(),
            "dw7": w.grad[1].item(),
            "dbias": w.grad[2].item(),
        }
    }


def sampling():
    """8 and 9: n draws from n with replacement, and without."""
    out = {
        "what": "n draws from n with replacement: P(seen at least once) = 1 - (1 - 1/n)^n; P(exactly once) = "
        "(1 - 1/n)^(n - 1)",
        "limit": {"seen": 1 - np.exp(-1.0), "once": np.exp(-1.0)},
    }
    for n in (20, 50_000):
        seen, once = -np.expm1(n * np.log1p(-1 / n)), np.exp((n - 1) * np.log1p(-1 / n))
        agree("8", [seen, once], [1 - (1 - 1 / n) ** n, (1 - 1 / n) ** (n - 1)], rtol=1e-10)
        out[str(n)] = {"seen": float(seen), "once": float(once)}
    orders = torch.stack([torch.randperm(20, generator=torch.Generator().manual_seed(seed)) for seed in range(3)])
    assert all(order.unique().numel() == 20 for order in orders)
    return {
        "8": out,
        "9": {
            "what": "without replacement every index comes exactly once in an epoch",
            "n": 20,
            "countOfEachIndex": 1,
            "sorted": sorted(orders[0].tolist()),
        },
    }


def z_score():
    """12: mean and sigma (divisor n) of the training rows only, applied to both sets."""
    train = np.array([[1.0, 10.0, 3.0], [2.0, 14.0, 3.0], [4.0, 6.0, 3.0], [9.0, 30.0, 3.0]])
    test = np.array([[3.0, 20.0, 3.0], [8.0, 40.0, 4.0]])
    mean, sigma = train.mean(0), train.std(0)
    agree("12", sigma, torch.tensor(train).std(0, correction=0))
    scale = np.where(sigma > 0, sigma, 1.0)  # a constant column is centred only
    ztrain, ztest = (train - mean) / scale, (test - mean) / scale
    agree("12 mean", ztrain.mean(0), [0, 0, 0])
    return {
        "12": {
            "what": "z = (x - mean) / sigma, both of the training set, sigma with divisor n; a column with sigma 0 "
            "is divided by 1",
            "train": train,
            "test": test,
            "mean": mean,
            "sigma": sigma,
            "trainZ": ztrain,
            "testZ": ztest,
            "testMean": ztest.mean(0),
            "testSigma": ztest.std(0),
        }
    }


if __name__ == "__main__":
    average = {"7": {"what": "exponential moving average 0.9 * 0 + 0.1 * 0.1", "value": 0.9 * 0 + 0.1 * 0.1}}
    agree("7", average["7"]["value"], 0.01)
    source = {"source": f"PyTorch {torch.__version__} in float64, each again by hand in numpy {np.__version__}"}
    write(
        "worked.json",
        source | chain_rule() | neuron() | linear_net() | last_layer() | average | sampling() | z_score(),
        width=200,
    )
