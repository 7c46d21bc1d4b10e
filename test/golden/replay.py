"""Drives an optimizer of PyTorch or optax, given as text, along the gradient tape in float64."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import torch

from common import TIMES, X0, tape_gradient

jax.config.update("jax_enable_x64", True)
torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)  # the scalars PyTorch keeps in its state follow the default type
VECTOR = [(4,)]
TWO = [(2,), (2,)]
MATRIX = [(2, 2)]
COLUMN = [(4, 1)]


def split(values, shapes):
    """The four numbers of the tape as tensors of these shapes, in row-major order, one after the other."""
    parts, start = [], 0
    for shape in shapes:
        size = int(np.prod(shape))
        parts.append(np.asarray(values, dtype=np.float64)[start : start + size].reshape(shape))
        start += size
    return parts


def join(parts):
    return np.concatenate([np.asarray(part).reshape(-1) for part in parts])


class Tape:
    """Values by step, for the steps to be recorded."""

    def __init__(self, times):
        self.times, self.last, self.values = times, max(times), {}

    def record(self, t, values):
        if t in self.times:
            assert np.isfinite(values).all()
            self.values[str(t)] = [float(v) for v in values]


class Module(torch.nn.Module):
    """A module with these parameters, for PyTorch's own averages."""

    def __init__(self, params):
        super().__init__()
        self.params = torch.nn.ParameterList(params)


def replay_torch(call, shapes=VECTOR, before="", average="", times=TIMES):
    """`before` is a statement of params, optimizer and t run before each step, `average` an AveragedModel of `module`."""
    params = [torch.nn.Parameter(torch.tensor(part)) for part in split(X0, shapes)]
    module = Module(params)
    names = {"torch": torch, "params": params, "module": module}
    optimizer = eval(call, names)
    averaged = eval(average, names) if average else None
    names["optimizer"] = optimizer
    tape, other = Tape(times), Tape(times)
    for t in range(1, tape.last + 1):
        for p, g in zip(params, split(tape_gradient(t), shapes)):
            p.grad = torch.tensor(g)
        names["t"] = t
        exec(before, names)
        optimizer.step()
        tape.record(t, join([p.detach().numpy() for p in params]))
        if averaged is not None:
            averaged.update_parameters(module)
            other.record(t, join([p.detach().numpy() for p in averaged.module.params]))
    return {"tape": tape.values} | ({"eval": other.values} if averaged is not None else {})


def replay_optax(call, shapes=VECTOR, view=None, times=TIMES, single=False):
    """`view` gives a second set of parameters from (state, params), kept as "eval". `single` allows float32 within."""
    transform = eval(call, {"optax": optax, "jnp": jnp})
    params = tuple(jnp.asarray(part) for part in split(X0, shapes))
    lookahead = call.startswith("optax.lookahead")
    if lookahead:
        params = optax.LookaheadParams(fast=params, slow=params)
    state = transform.init(params)
    step = lambda g, s, p: transform.update(g, s, p)
    gradient = lambda t: tuple(jnp.asarray(part) for part in split(tape_gradient(t), shapes))
    assert single or "f32[" not in str(jax.make_jaxpr(step)(gradient(1), state, params)), f"{call} computes in float32"
    step = jax.jit(step)
    tape, other = Tape(times), Tape(times)
    for t in range(1, tape.last + 1):
        updates, state = step(gradient(t), state, params)
        params = optax.apply_updates(params, updates)
        tape.record(t, join(params.fast if lookahead else params))
        if lookahead or view:
            other.record(t, join(params.slow if lookahead else view(state, params)))
    return {"tape": tape.values} | ({"eval": other.values} if lookahead or view else {})
