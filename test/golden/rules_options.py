"""Options that no library's own numbers cover, from the formulas alone, in plain Python floats; writes rules_options.json.

Every entry is one coordinate at a time, as its paper prints it: no scales computed ahead, no state that starts elsewhere than there.
"""

import json
import math
import pathlib

START = [1.0, -2.0, 3.0, 0.5]
TIMES = [1, 2, 3, 10]


def gradient(t, i):
    return math.cos(0.7 * t * (i + 1)) * 10 ** (i - 1) + 0.1 * (i + 1)


def sign(x):
    return (x > 0) - (x < 0)


def debias(x, beta, t):
    return x / (1 - beta**t)


def lr_at(t):
    """A learning rate that changes at every step, t from 1."""
    return 0.01 / t


# Each rule is step(x, g, t, s) -> x; s is a dictionary of its state, empty at the start.


def ema_debiased(x, g, t, s):
    s["m"] = 0.9 * s.get("m", 0) + 0.1 * g
    return x - 0.01 * debias(s["m"], 0.9, t)


def sgd_lr_inside(x, g, t, s):
    s["b"] = 0.9 * s.get("b", 0) + lr_at(t) * g
    return x - s["b"]


def sgd_nesterov_lr_inside(x, g, t, s):
    s["b"] = 0.9 * s.get("b", 0) + lr_at(t) * g
    return x - (lr_at(t) * g + 0.9 * s["b"])


def sgd_dampened_first(x, g, t, s):
    """MLX: the momentum starts at 0, so that the first step is dampened like the others."""
    s["b"] = 0.9 * s.get("b", 0) + (1 - 0.4) * g
    return x - 0.01 * s["b"]


def ema_falling(x, g, t, s):
    s["m"] = 0.9 * s.get("m", 0) + 0.1 * g
    return x - lr_at(t) * s["m"]


def signum_falling(x, g, t, s):
    s["m"] = 0.9 * s.get("m", 0) + 0.1 * g
    return x - lr_at(t) * sign(s["m"])


def sgd_lr_outside(x, g, t, s):
    s["b"] = 0.9 * s.get("b", 0) + g
    return x - lr_at(t) * s["b"]


def rmsprop_lr_inside(x, g, t, s):
    s["v"] = 0.9 * s.get("v", 0) + 0.1 * g * g
    s["b"] = 0.5 * s.get("b", 0) + lr_at(t) * g / math.sqrt(s["v"] + 0.1)
    return x - s["b"]


def rmsprop_from_one(x, g, t, s):
    s["v"] = 0.9 * s.get("v", 1) + 0.1 * g * g
    return x - 0.01 * g / (math.sqrt(s["v"]) + 0.1)


def rmsprop_debiased(x, g, t, s):
    s["v"] = 0.9 * s.get("v", 0) + 0.1 * g * g
    return x - 0.01 * g / (math.sqrt(debias(s["v"], 0.9, t)) + 0.1)


def rmsprop_centered_all(x, g, t, s):
    s["m"] = 0.9 * s.get("m", 0) + 0.1 * g
    s["v"] = 0.9 * s.get("v", 2) + 0.1 * g * g
    spread = debias(s["v"], 0.9, t) - debias(s["m"], 0.9, t) ** 2
    return x - 0.01 * g / math.sqrt(spread + 0.1)


def rmsprop_centered_seeded(x, g, t, s):
    s["m"] = 0.9 * s.get("m", 0) + 0.1 * g
    s["v"] = 0.9 * s["v"] + 0.1 * g * g if "v" in s else g * g
    return x - 0.01 * g / (math.sqrt(s["v"] - s["m"] ** 2) + 0.1)


def adam_moments(g, s, beta1, beta2):
    s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * g
    s["v"] = beta2 * s.get("v", 0) + (1 - beta2) * g * g


def adam_eps_hat(x, g, t, s):
    adam_moments(g, s, 0.8, 0.95)
    return x - 0.01 * math.sqrt(1 - 0.95**t) / (1 - 0.8**t) * s["m"] / (math.sqrt(s["v"]) + 0.1)


def adamw_paper(x, g, t, s):
    """Algorithm 2 of Loshchilov & Hutter: the schedule's factor 1 / t multiplies the decay, lr's own value does not."""
    adam_moments(g, s, 0.8, 0.95)
    u = debias(s["m"], 0.8, t) / (math.sqrt(debias(s["v"], 0.95, t)) + 0.1)
    return x - 1 / (1 + 0.5 * (t - 1)) * (0.01 * u + 0.05 * x)


def amsgrad_raw(x, g, t, s):
    adam_moments(g, s, 0.8, 0.7)
    s["most"] = max(s.get("most", 0), s["v"])
    return x - 0.01 * debias(s["m"], 0.8, t) / (math.sqrt(debias(s["most"], 0.7, t)) + 0.1)


def amsgrad_debiased(x, g, t, s):
    adam_moments(g, s, 0.8, 0.7)
    s["most"] = max(s.get("most", 0), debias(s["v"], 0.7, t))
    return x - 0.01 * debias(s["m"], 0.8, t) / (math.sqrt(s["most"]) + 0.1)


def amsgrad_paper(x, g, t, s):
    adam_moments(g, s, 0.8, 0.7)
    s["most"] = max(s.get("most", 0), s["v"])
    return x - 0.01 * s["m"] / (math.sqrt(s["most"]) + 0.1)


def amsgrad_eps_hat(x, g, t, s):
    adam_moments(g, s, 0.8, 0.7)
    s["most"] = max(s.get("most", 0), s["v"])
    return x - 0.01 * math.sqrt(1 - 0.7**t) / (1 - 0.8**t) * s["m"] / (math.sqrt(s["most"]) + 0.1)


def adamax_eps_after(x, g, t, s):
    s["m"] = 0.8 * s.get("m", 0) + 0.2 * g
    s["n"] = max(0.9 * s.get("n", 0), abs(g))
    return x - 0.01 * debias(s["m"], 0.8, t) / (s["n"] + 0.1)


def adamax_eps_inside(x, g, t, s):
    s["m"] = 0.8 * s.get("m", 0) + 0.2 * g
    s["n"] = max(0.9 * s.get("n", 0), abs(g) + 0.1)
    return x - 0.01 * debias(s["m"], 0.8, t) / s["n"]


def nadam_keras(x, g, t, s):
    """Keras' schedule of the momentum, 0.96^t."""
    adam_moments(g, s, 0.8, 0.95)
    mu, mu_next = [0.8 * (1 - 0.5 * 0.96**i) for i in (t, t + 1)]
    s["product"] = s.get("product", 1) * mu
    u = mu_next * s["m"] / (1 - s["product"] * mu_next) + (1 - mu) * g / (1 - s["product"])
    return x - 0.01 * u / (math.sqrt(debias(s["v"], 0.95, t)) + 0.1)


def radam(eps_debiased):
    def step(x, g, t, s):
        beta1, beta2, eps = 0.8, 0.95, 0.1
        adam_moments(g, s, beta1, beta2)
        most = 2 / (1 - beta2) - 1
        length = most - 2 * t * beta2**t / (1 - beta2**t)
        mean = debias(s["m"], beta1, t)
        if length <= 4:
            return x - 0.01 * mean
        r = math.sqrt((length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length))
        if eps_debiased:
            return x - 0.01 * r * mean / (math.sqrt(debias(s["v"], beta2, t)) + eps)
        return x - 0.01 * r * mean * math.sqrt(1 - beta2**t) / (math.sqrt(s["v"]) + eps)

    return step


def adabelief(x, g, t, s):
    s["m"] = 0.8 * s.get("m", 0) + 0.2 * g
    s["s"] = 0.95 * s.get("s", 0) + 0.05 * (g - s["m"]) ** 2 + 0.01
    return x - 0.01 * debias(s["m"], 0.8, t) / (math.sqrt(debias(s["s"], 0.95, t)) + 0.1)


def acprop(x, g, t, s):
    before = math.sqrt(debias(s["s"], 0.95, t - 1)) if t > 1 else 1
    s["m"] = 0.8 * s.get("m", 0) + 0.2 * g
    s["s"] = 0.95 * s.get("s", 0) + 0.05 * (g - s["m"]) ** 2 + 0.01
    return x - 0.01 * g / (before + 0.1)


def yogi(x, g, t, s):
    s["m"] = 0.8 * s.get("m", 0) + 0.2 * g
    v = s.get("v", 0.5)
    s["v"] = v - 0.05 * sign(v - g * g) * g * g
    return x - 0.01 * debias(s["m"], 0.8, t) / (math.sqrt(debias(s["v"], 0.95, t)) + 0.1)


def yogi_paper(x, g, t, s):
    s["m"] = 0.8 * s.get("m", 0) + 0.2 * g
    v = s.get("v", 0.5)
    s["v"] = v - 0.05 * sign(v - g * g) * g * g
    return x - 0.01 * s["m"] / (math.sqrt(s["v"]) + 0.1)


def adan(x, g, t, s):
    """Decay as p (1 - lr decay) - lr u; both eps."""
    b1, b2, b3 = 0.8, 0.7, 0.9
    d = g - s["g"] if t > 1 else 0
    s["g"] = g
    s["m"] = b1 * s.get("m", 0) + (1 - b1) * g
    s["d"] = b2 * s.get("d", 0) + (1 - b2) * d
    s["n"] = b3 * s.get("n", 0) + (1 - b3) * (g + b2 * d) ** 2
    u = debias(s["m"], b1, t) + b2 * debias(s["d"], b2, t)
    return x * (1 - 0.01 * 0.1) - 0.01 * u / (math.sqrt(debias(s["n"], b3, t) + 0.2) + 0.1)


def adan_falling(x, g, t, s):
    """Decay by division."""
    b1, b2, b3 = 0.8, 0.7, 0.9
    d = g - s["g"] if t > 1 else 0
    s["g"] = g
    s["m"] = b1 * s.get("m", 0) + (1 - b1) * g
    s["d"] = b2 * s.get("d", 0) + (1 - b2) * d
    s["n"] = b3 * s.get("n", 0) + (1 - b3) * (g + b2 * d) ** 2
    u = debias(s["m"], b1, t) + b2 * debias(s["d"], b2, t)
    return (x - lr_at(t) * u / (math.sqrt(debias(s["n"], b3, t)) + 0.1)) / (1 + lr_at(t) * 0.1)


def adopt(x, g, t, s):
    if t > 1:
        limit = (t - 1) ** 0.25
        n = g / max(math.sqrt(s["v"]), 0.5)
        s["m"] = 0.8 * s.get("m", 0) + 0.2 * max(-limit, min(limit, n))
        x -= 0.01 * s["m"]
    s["v"] = 0.95 * s["v"] + 0.05 * g * g if t > 1 else g * g
    return x


def ademamix(x, g, t, s):
    adam_moments(g, s, 0.8, 0.95)
    s["slow"] = 0.99 * s.get("slow", 0) + 0.01 * g
    return x - 0.01 * (debias(s["m"], 0.8, t) + 3 * s["slow"]) / (math.sqrt(debias(s["v"], 0.95, t)) + 0.1)


def simplified_ademamix(x, g, t, s):
    s["m"] = 0.8 * s.get("m", 0) + g
    s["v"] = 0.95 * s.get("v", 0) + 0.05 * g * g
    return x - 0.01 * (s["m"] + 2 * g) / (math.sqrt(debias(s["v"], 0.95, t)) + 0.1)


def laprop(x, g, t, s):
    s["v"] = 0.95 * s.get("v", 0) + 0.05 * g * g
    s["m"] = 0.8 * s.get("m", 0) + 0.2 * g / (math.sqrt(debias(s["v"], 0.95, t)) + 0.1)
    return x - 0.01 * debias(s["m"], 0.8, t)


def laprop_falling(x, g, t, s):
    s["v"] = 0.95 * s.get("v", 0) + 0.05 * g * g
    s["m"] = 0.8 * s.get("m", 0) + 0.2 * g / (math.sqrt(debias(s["v"], 0.95, t)) + 0.1)
    return x - lr_at(t) * debias(s["m"], 0.8, t)


def madgrad_falling(x, g, t, s):
    s.setdefault("x0", x)
    w = (lr_at(t) + 0.2) * math.sqrt(t)
    s["s"] = s.get("s", 0) + w * g
    s["v"] = s.get("v", 0) + w * g * g
    return 0.8 * x + 0.2 * (s["x0"] - s["s"] / (s["v"] ** (1 / 3) + 0.2))


def madgrad(x, g, t, s):
    """With coupled decay, and a momentum and an eps that show."""
    s.setdefault("x0", x)
    g = g + 0.1 * x
    w = (0.01 + 0.2) * math.sqrt(t)
    s["s"] = s.get("s", 0) + w * g
    s["v"] = s.get("v", 0) + w * g * g
    return 0.8 * x + 0.2 * (s["x0"] - s["s"] / (s["v"] ** (1 / 3) + 0.2))


def adagrad_eps(x, g, t, s):
    s["s"] = s.get("s", 0) + g * g
    return x - 0.01 * g / (math.sqrt(s["s"]) + 0.1)


def adagrad_eps_inside(x, g, t, s):
    s["s"] = s.get("s", 0.5) + g * g
    return x - 0.01 * g / math.sqrt(s["s"] + 0.1)


def clip_norm_eps(x, g, t, s):
    """By the norm of all four gradients, plus 20: it clips the largest only."""
    norm = math.sqrt(sum(gradient(t, i) ** 2 for i in range(4)))
    return x - 0.01 * g * min(1, 50 / (norm + 20))


def adadelta_eps(x, g, t, s):
    s["v"] = 0.8 * s.get("v", 0) + 0.2 * g * g
    u = math.sqrt(s.get("d", 0) + 0.1) / math.sqrt(s["v"] + 0.1) * g
    s["d"] = 0.8 * s.get("d", 0) + 0.2 * u * u
    return x - 0.5 * u


RULES = [
    ema_debiased, sgd_lr_inside, sgd_nesterov_lr_inside, sgd_lr_outside, rmsprop_lr_inside, rmsprop_from_one, rmsprop_debiased,
    rmsprop_centered_all, rmsprop_centered_seeded, adam_eps_hat, amsgrad_raw, amsgrad_debiased, amsgrad_paper, amsgrad_eps_hat,
    adamax_eps_after, adamax_eps_inside, nadam_keras, adabelief, acprop, yogi, yogi_paper, adan, adopt, ademamix,
    simplified_ademamix, laprop, madgrad, adagrad_eps, adagrad_eps_inside, clip_norm_eps, adadelta_eps,
    sgd_dampened_first, ema_falling, signum_falling, adamw_paper, adan_falling, laprop_falling, madgrad_falling,
]  # fmt: skip


def played(step):
    x, states, tape = list(START), [{} for _ in START], {}
    for t in range(1, TIMES[-1] + 1):
        x = [step(x[i], gradient(t, i), t, states[i]) for i in range(len(x))]
        if t in TIMES:
            tape[str(t)] = x
    return {"tape": tape}


if __name__ == "__main__":
    entries = {rule.__name__: played(rule) for rule in RULES}
    entries["radam_eps_raw"] = played(radam(False))
    entries["radam_eps_debiased"] = played(radam(True))
    text = json.dumps({"problem": "the tape of rules.json", "entries": entries}, indent=1)
    (pathlib.Path(__file__).parent / "rules_options.json").write_text(text + "\n")
