"""What an entry of rules_extra.json says, and how one is made. `call` is the text that was run."""

import jax
import optax
import torch

from common import TIMES
from replay import VECTOR, replay_optax, replay_torch


def entry(library, version, call, hyper, shapes, result, note=""):
    """One entry; shapes are named only where they are not one vector of four."""
    out = {"library": library, "version": version, "call": call, "hyperparameters": hyper}
    if shapes != VECTOR:
        out["shapes"] = shapes
    return out | ({"note": note} if note else {}) | result


def from_torch(call, hyper, shapes=VECTOR, before="", average="", times=TIMES, note=""):
    call = "torch.optim." + call
    result = replay_torch(call, shapes, before, average, times)
    text = "; ".join(part for part in (before, call, average) if part)
    return entry("torch", torch.__version__, text, hyper, shapes, result, note)


def from_optax(call, hyper, shapes=VECTOR, view=None, times=TIMES, note=""):
    result = replay_optax(call, shapes, view, times)
    return entry("optax", f"{optax.__version__} (jax {jax.__version__}, x64)", call, hyper, shapes, result, note)
