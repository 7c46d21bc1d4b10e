"""Learning rates by step from PyTorch's schedulers and optax's schedules, in float64. Writes schedules.json."""

import re
import warnings

import jax
import jax.numpy as jnp
import numpy as np
import optax
import torch

from common import write

jax.config.update("jax_enable_x64", True)
torch.set_default_dtype(torch.float64)
warnings.filterwarnings("ignore", message=".*lr_scheduler.step.*|.*epoch parameter.*")
STEPS = 25
LOSSES = [
    1.0,
    0.9,
    0.8,
    0.8,
    0.79995,
    0.81,
    0.8,
    0.8,
    0.7,
    0.75,
    0.71,
    0.7,
    0.7,
    0.69999,
    0.7,
    0.7,
    0.6,
    0.6,
    0.6,
    0.6,
    0.6,
    0.6,
    0.6,
    0.6,
    0.6,
]

# name: the constructor as PyTorch takes it; the optimizer's lr is 1, its momentum 0.9.
TORCH = {
    "step": "StepLR(optimizer, step_size=3, gamma=0.1)",
    "multi_step": "MultiStepLR(optimizer, milestones=[2, 5, 11], gamma=0.1)",
    "constant": "ConstantLR(optimizer, factor=1 / 3, total_iters=5)",
    "linear": "LinearLR(optimizer, start_factor=1 / 3, end_factor=1.0, total_iters=5)",
    "linear_decay": "LinearLR(optimizer, start_factor=1.0, end_factor=0.0, total_iters=20)",
    "exponential": "ExponentialLR(optimizer, gamma=0.9)",
    "polynomial": "PolynomialLR(optimizer, total_iters=5, power=2.0)",
    "polynomial_half": "PolynomialLR(optimizer, total_iters=20, power=0.5)",
    "cosine": "CosineAnnealingLR(optimizer, T_max=10, eta_min=0.1)",
    "cosine_zero": "CosineAnnealingLR(optimizer, T_max=10, eta_min=0.0)",
    "warm_restarts": "CosineAnnealingWarmRestarts(optimizer, T_0=4, T_mult=2, eta_min=0.0)",
    "warm_restarts_equal": "CosineAnnealingWarmRestarts(optimizer, T_0=5, T_mult=1, eta_min=0.1)",
    "one_cycle": "OneCycleLR(optimizer, max_lr=1.0, total_steps=10)",
    "one_cycle_25": "OneCycleLR(optimizer, max_lr=1.0, total_steps=25)",
    "one_cycle_linear": "OneCycleLR(optimizer, max_lr=1.0, total_steps=10, anneal_strategy='linear')",
    "one_cycle_three_phase": "OneCycleLR(optimizer, max_lr=1.0, total_steps=10, three_phase=True)",
    "one_cycle_options": "OneCycleLR(optimizer, max_lr=0.5, total_steps=25, pct_start=0.4, div_factor=10.0, "
    "final_div_factor=100.0, base_momentum=0.8, max_momentum=0.99)",
    "cyclic_triangular": "CyclicLR(optimizer, base_lr=0.1, max_lr=1.0, step_size_up=3, mode='triangular')",
    "cyclic_triangular2": "CyclicLR(optimizer, base_lr=0.1, max_lr=1.0, step_size_up=3, mode='triangular2')",
    "cyclic_exp_range": "CyclicLR(optimizer, base_lr=0.1, max_lr=1.0, step_size_up=3, mode='exp_range', gamma=0.9)",
    "cyclic_uneven": "CyclicLR(optimizer, base_lr=0.1, max_lr=1.0, step_size_up=2, step_size_down=5)",
    "lambda": "LambdaLR(optimizer, lambda t: 1 / (1 + 0.5 * t))",
    "multiplicative": "MultiplicativeLR(optimizer, lambda t: 1 - 0.5 / (t + 1))",
    "sequential": "SequentialLR(optimizer, [LinearLR(optimizer, start_factor=0.2, total_iters=5), "
    "CosineAnnealingLR(optimizer, T_max=10), ExponentialLR(optimizer, gamma=0.9)], milestones=[5, 15])",
    "chained": "ChainedScheduler([LinearLR(optimizer, start_factor=0.2, total_iters=5), "
    "ExponentialLR(optimizer, gamma=0.9)], optimizer=optimizer)",
    "swa": "SWALR(optimizer, swa_lr=0.05, anneal_epochs=5, anneal_strategy='cos')",
    "swa_linear": "SWALR(optimizer, swa_lr=0.05, anneal_epochs=5, anneal_strategy='linear')",
}
PLATEAU = {
    "plateau": "ReduceLROnPlateau(optimizer, factor=0.5, patience=2)",
    "plateau_absolute": "ReduceLROnPlateau(optimizer, factor=0.5, patience=2, threshold=0.15, threshold_mode='abs')",
    "plateau_cooldown": "ReduceLROnPlateau(optimizer, factor=0.1, patience=1, cooldown=3, min_lr=0.005)",
    "plateau_max": "ReduceLROnPlateau(optimizer, mode='max', factor=0.5, patience=2)",
}

OPTAX = {
    "cosine_decay": "cosine_decay_schedule(1.0, decay_steps=10, alpha=0.1)",
    "cosine_decay_power": "cosine_decay_schedule(1.0, decay_steps=10, alpha=0.0, exponent=2.0)",
    "warmup_cosine": "warmup_cosine_decay_schedule(0.0, 1.0, warmup_steps=3, decay_steps=10, end_value=0.1)",
    "cosine_one_cycle": "cosine_onecycle_schedule(10, 1.0)",
    "linear_one_cycle": "linear_onecycle_schedule(10, 1.0)",
    "exponential_decay": "exponential_decay(1.0, transition_steps=5, decay_rate=0.5)",
    "exponential_staircase": "exponential_decay(1.0, transition_steps=5, decay_rate=0.5, transition_begin=2, "
    "staircase=True, end_value=0.2)",
    "warmup_exponential": "warmup_exponential_decay_schedule(0.0, 1.0, warmup_steps=4, transition_steps=5, "
    "decay_rate=0.5)",
    "polynomial_schedule": "polynomial_schedule(1.0, 0.1, power=2.0, transition_steps=10, transition_begin=3)",
    "linear_schedule": "linear_schedule(1.0, 0.1, transition_steps=10, transition_begin=3)",
    "warmup_constant": "warmup_constant_schedule(0.0, 1.0, warmup_steps=4)",
    "piecewise_constant": "piecewise_constant_schedule(1.0, {4: 0.5, 9: 0.1, 20: 2.0})",
    "piecewise_linear": "piecewise_interpolate_schedule('linear', 1.0, {4: 0.5, 9: 0.1, 20: 2.0})",
    "piecewise_cosine": "piecewise_interpolate_schedule('cosine', 1.0, {4: 0.5, 9: 0.1, 20: 2.0})",
    "sgdr": "sgdr_schedule([{'init_value': 0.0, 'peak_value': 1.0, 'warmup_steps': 2, 'decay_steps': 8, "
    "'end_value': 0.1}, {'init_value': 0.1, 'peak_value': 0.5, 'warmup_steps': 2, 'decay_steps': 12, "
    "'end_value': 0.0}])",
    "join": "join_schedules([linear_schedule(0.0, 1.0, 4), constant_schedule(1.0), "
    "linear_schedule(1.0, 0.0, 8)], [4, 14])",
}


def run_torch(call, losses=None):
    """The lr each of 25 steps uses, and the momentum where it moves. A OneCycle ends with its total."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0, momentum=0.9)
    names = vars(torch.optim.lr_scheduler) | {"SWALR": torch.optim.swa_utils.SWALR, "optimizer": optimizer}
    schedule = eval(call, names)
    total = re.search(r"total_steps=(\d+)", call)
    steps = int(total.group(1)) if total else STEPS
    rates, momenta = [], []
    for t in range(steps):
        group = optimizer.param_groups[0]
        rates.append(float(group["lr"]))
        momenta.append(float(group["momentum"]))
        if t + 1 < steps:
            optimizer.step()
            schedule.step(*([losses[t]] if losses else []))
    out = {"library": "torch", "version": torch.__version__, "call": call, "values": rates}
    return out | ({"momentum": momenta} if len(set(momenta)) > 1 else {})


def run_optax(call):
    """The values at counts 0..24, asked with float64 counts: optax computes in float32 for whole ones."""
    schedule = eval(call, dict(vars(optax)))
    assert "f32[" not in str(jax.make_jaxpr(schedule)(jnp.float64(3))), f"{call} computes in float32"
    values = [float(schedule(jnp.float64(t))) for t in range(STEPS)]
    whole = [float(schedule(t)) for t in range(STEPS)]
    np.testing.assert_allclose(values, whole, rtol=2e-6, atol=2e-6, err_msg=call)
    return {"library": "optax", "version": optax.__version__, "call": call, "values": values}


def check_closed_forms(torch_values):
    """PyTorch steps many schedules by recursion; they must not have drifted from the formula."""
    t = np.arange(STEPS)
    closed = {
        "cosine": 0.1 + 0.9 * (1 + np.cos(np.pi * t / 10)) / 2,
        "cosine_zero": (1 + np.cos(np.pi * t / 10)) / 2,
        "linear": 1 / 3 + 2 / 3 * np.minimum(t, 5) / 5,
        "exponential": 0.9**t,
        "step": 0.1 ** (t // 3),
        "polynomial": (1 - np.minimum(t, 5) / 5) ** 2,
        "lambda": 1 / (1 + 0.5 * t),
    }
    for name, want in closed.items():
        np.testing.assert_allclose(torch_values[name]["values"], want, rtol=1e-12, atol=1e-15, err_msg=name)


if __name__ == "__main__":
    by_torch = {name: run_torch(call) for name, call in TORCH.items()}
    check_closed_forms(by_torch)
    by_loss = {name: run_torch(call, LOSSES) | {"losses": LOSSES} for name, call in PLATEAU.items()}
    write(
        "schedules.json",
        {
            "notes": [
                "values[t] is the learning rate that step t uses, t from 0; PyTorch's base rate is 1.",
                "losses[t], where there are any, is what the scheduler is told after step t.",
                "momentum[t], where the schedule moves it, goes with values[t].",
                "PyTorch computes many by recursion: compare with closed forms at 1e-12 relative plus 1e-15.",
            ],
            "schedules": by_torch | by_loss | {name: run_optax(call) for name, call in OPTAX.items()},
        },
        width=2000,
    )
