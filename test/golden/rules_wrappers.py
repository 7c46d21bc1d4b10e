"""Rules around rules, and rules with two views: schedule-free, lookahead, accumulation, averages."""

import optax

from entries import from_optax, from_torch

DENSE = (1, 2, 3, 4, 5, 10, 100)


def wrappers():
    free = {"lr": 0.1, "beta": 0.9, "weightPower": 2.0}
    view = optax.contrib.schedule_free_eval_params
    what = "tape: y, where gradients are taken (train); eval: x, the average"
    warm = (
        "optax.contrib.schedule_free(optax.sgd(lambda t: 0.1 * jnp.minimum(t + 1.0, 5.0) / 5.0), "
        "learning_rate=lambda t: 0.1 * jnp.minimum(t * 1.0, 5.0) / 5.0, b1=0.9)"
    )
    adamw = {"lr": 0.0025, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weightPower": 2.0}
    accumulate = "optax.MultiSteps(optax.{}, every_k_schedule=4, accumulator_dtype=jnp.float64)"
    swa = "torch.optim.swa_utils."
    adam = {"lr": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    return {
        "schedule_free_sgd": from_optax("optax.contrib.schedule_free_sgd(0.1)", free, view=view, note=what),
        "schedule_free_sgd_warmup": from_optax(
            warm,
            {**free, "warmup": 5},
            view=view,
            note=what + "; lr 0.1 min(t / 5, 1), t from 1, for the step and for the "
            "average's weight alike, as the authors' code has it (optax's "
            "own warmup_steps has the step's lr one step later)",
        ),
        "schedule_free_sgd_decay": from_optax(
            "optax.contrib.schedule_free_sgd(0.1, weight_decay=0.01)",
            {**free, "weightDecay": 0.01},
            view=view,
            note=what + "; decay at y",
        ),
        "schedule_free_adamw": from_optax("optax.contrib.schedule_free_adamw(0.0025)", adamw, view=view, note=what),
        "schedule_free_adamw_decay": from_optax(
            "optax.contrib.schedule_free_adamw(0.0025, weight_decay=0.1)",
            {**adamw, "weightDecay": 0.1},
            view=view,
            note=what + "; decay at y",
        ),
        "lookahead": from_optax(
            "optax.lookahead(optax.sgd(0.01), sync_period=5, slow_step_size=0.5)",
            {"lr": 0.01, "k": 5, "alpha": 0.5},
            times=DENSE,
            note="tape: fast; eval: slow",
        ),
        "lookahead_adam": from_optax(
            "optax.lookahead(optax.adam(0.01), sync_period=5, slow_step_size=0.5)",
            {"lr": 0.01, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "k": 5, "alpha": 0.5},
            times=DENSE,
            note="tape: fast; eval: slow; Adam's state is kept at a synchronisation",
        ),
        "lookahead_adam_reset": from_optax(
            "optax.lookahead(optax.adam(0.01), sync_period=5, slow_step_size=0.5, reset_state=True)",
            {"lr": 0.01, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "k": 5, "alpha": 0.5, "reset": True},
            times=DENSE,
            note="tape: fast; eval: slow; Adam's state starts anew at a synchronisation",
        ),
        "accumulate_sgd": from_optax(
            accumulate.format("sgd(0.1)"),
            {"every": 4, "lr": 0.1},
            times=DENSE,
            note="the mean of four gradients, every fourth step",
        ),
        "accumulate_adam": from_optax(
            accumulate.format("adam(0.01)"),
            {"every": 4, **adam, "lr": 0.01},
            times=DENSE,
            note="the mean of four gradients; Adam counts updates, not gradients",
        ),
        "apply_every_sgd": from_optax(
            "optax.chain(optax.sgd(0.01), optax.apply_every(4))",
            {"every": 4, "lr": 0.01},
            times=DENSE,
            note="the sum of four updates, every fourth step",
        ),
        "ema_adam": from_torch(
            "Adam(params, lr=0.01)",
            {**adam, "lr": 0.01, "decay": 0.9},
            average=f"{swa}AveragedModel(module, multi_avg_fn={swa}get_ema_multi_avg_fn(0.9))",
            note="eval: the average; it starts as the parameters after step 1",
        ),
        "swa_adam": from_torch(
            "Adam(params, lr=0.01)",
            {**adam, "lr": 0.01},
            average=f"{swa}AveragedModel(module)",
            note="eval: the plain mean of the parameters after steps 1..t",
        ),
    }
