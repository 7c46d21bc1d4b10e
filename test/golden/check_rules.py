"""Replays rules.json against the libraries installed now and prints how far apart they are; writes nothing."""

import json

import numpy as np
import optax

from common import HERE
from replay import replay_optax, replay_torch

TORCH = {
    "sgd": "SGD(params, lr=0.01)",
    "sgd_heavyball": "SGD(params, lr=0.01, momentum=0.9)",
    "sgd_nesterov": "SGD(params, lr=0.01, momentum=0.9, nesterov=True)",
    "adagrad": "Adagrad(params, lr=0.01)",
    "rmsprop": "RMSprop(params, lr=0.01)",
    "adadelta": "Adadelta(params, lr=1.0)",
    "adam": "Adam(params, lr=0.001)",
    "amsgrad": "Adam(params, lr=0.001, amsgrad=True)",
    "adamw": "AdamW(params, lr=0.001, weight_decay=0.01)",
    "adamax": "Adamax(params, lr=0.002)",
    "nadam": "NAdam(params, lr=0.002)",
    "radam": "RAdam(params, lr=0.001)",
    "rprop": "Rprop(params, lr=0.01)",
}
OPTAX = {
    "sgd": "sgd(0.01)",
    "sgd_heavyball": "sgd(0.01, momentum=0.9)",
    "sgd_nesterov": "sgd(0.01, momentum=0.9, nesterov=True)",
    "adagrad_inside": "adagrad(0.01)",
    "rmsprop": "rmsprop(0.01, decay=0.99, eps_in_sqrt=False)",
    "rmsprop_inside": "rmsprop(0.01, decay=0.9)",
    "adadelta": "adadelta(1.0, rho=0.9, eps=1e-6)",
    "adam": "adam(0.001)",
    "amsgrad_optax": "amsgrad(0.001)",
    "adamw": "adamw(0.001, weight_decay=0.01)",
    "adamax": "adamax(0.002)",
    "nadam_simple": "nadam(0.001)",
    "radam": "radam(0.001)",
    "adabelief": "adabelief(0.001)",
    "yogi": "yogi(0.01)",
    "lion": "lion(1e-4, weight_decay=0.0)",
    "signsgd": "sign_sgd(0.01)",
    "signum": "signum(0.01)",
    "adan": "adan(0.001)",
    "adopt": "contrib.adopt(0.001)",
    "ademamix": "contrib.ademamix(0.001)",
    "madgrad": "contrib.madgrad(0.01)",
    "sf_sgd": "contrib.schedule_free_sgd(0.1)",
    "sf_adamw": "contrib.schedule_free_adamw(0.0025)",
    "lars": "lars(1.0)",
    "lamb": "lamb(0.001)",
    "novograd": "novograd(0.01)",
    "sm3": "sm3(0.1)",
    "fromage": "fromage(0.01)",
    "rprop": "rprop(0.01)",
}


def apart(got, want):
    return max(float(np.max(np.abs(np.subtract(got["tape"][t], want["tape"][t])))) for t in want["tape"])


if __name__ == "__main__":
    rules = json.loads((HERE / "rules.json").read_text())["rules"]
    for name, rule in rules.items():
        found = []
        if name in TORCH:
            found.append(f"torch {apart(replay_torch('torch.optim.' + TORCH[name]), rule):.1e}")
        if name in OPTAX:
            try:
                found.append(f"optax {apart(replay_optax('optax.' + OPTAX[name]), rule):.1e}")
            except AssertionError as error:
                found.append(str(error))
        print(f"{name:20} {', '.join(found) or 'formula only'}")
