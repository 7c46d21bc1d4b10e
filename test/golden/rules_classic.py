"""SGD, Adam and the rules that divide by a running root mean square, with the options rules.json leaves out."""

from entries import from_optax, from_torch
from replay import TWO


def sgd_family():
    clip = "torch.nn.utils.clip_grad_norm_(params, 1.0)"
    return {
        "sgd_dampening": from_torch(
            "SGD(params, lr=0.01, momentum=0.9, dampening=0.5)",
            {"lr": 0.01, "momentum": 0.9, "dampening": 0.5},
            note="the first momentum is the gradient itself: dampening starts at t = 2",
        ),
        "sgd_decay": from_torch("SGD(params, lr=0.01, weight_decay=0.1)", {"lr": 0.01, "weightDecay": 0.1}),
        "sgd_all": from_torch(
            "SGD(params, lr=0.01, momentum=0.9, dampening=0.1, weight_decay=0.1)",
            {"lr": 0.01, "momentum": 0.9, "dampening": 0.1, "weightDecay": 0.1},
        ),
        "sgd_nesterov_decay": from_torch(
            "SGD(params, lr=0.01, momentum=0.9, nesterov=True, weight_decay=0.1)",
            {"lr": 0.01, "momentum": 0.9, "nesterov": True, "weightDecay": 0.1},
        ),
        "asgd": from_torch(
            "ASGD(params, lr=0.01, lambd=0.01, alpha=0.75, t0=1e6, weight_decay=0.0)",
            {"lr": 0.01, "lambda": 0.01, "alpha": 0.75, "t0": 1e6, "weightDecay": 0.0},
            note="the iterates, not the average, which starts at t0",
        ),
        "clip_norm_sgd": from_torch(
            "SGD(params, lr=0.1)", {"maxNorm": 1.0, "lr": 0.1}, before=clip, note="g * min(1, 1 / (norm + 1e-6))"
        ),
        "clip_norm_sgd_two_tensors": from_torch(
            "SGD(params, lr=0.1)",
            {"maxNorm": 1.0, "lr": 0.1},
            TWO,
            before=clip,
            note="one norm over both tensors: equals clip_norm_sgd",
        ),
        "clip_value_sgd": from_torch(
            "SGD(params, lr=0.1)", {"limit": 0.5, "lr": 0.1}, before="torch.nn.utils.clip_grad_value_(params, 0.5)"
        ),
    }


def adam_family():
    wide = "lr=0.01, betas=(0.8, 0.95), eps=0.1"
    wide_hyper = {"lr": 0.01, "beta1": 0.8, "beta2": 0.95, "eps": 0.1}
    base = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    return {
        "adam_l2": from_torch(
            "Adam(params, lr=0.001, weight_decay=0.1)",
            {"lr": 0.001, **base, "weightDecay": 0.1},
            note="coupled: the gradient becomes g + 0.1 x",
        ),
        "adam_wide": from_torch(f"Adam(params, {wide})", wide_hyper),
        "adamw_wide": from_torch(f"AdamW(params, {wide}, weight_decay=0.1)", {**wide_hyper, "weightDecay": 0.1}),
        "adamw_amsgrad": from_torch(
            "AdamW(params, lr=0.001, weight_decay=0.01, amsgrad=True)",
            {"lr": 0.001, **base, "weightDecay": 0.01},
            note="the maximum is of the raw second moment, then debiased",
        ),
        "adamw_amsgrad_wide": from_torch(
            "AdamW(params, lr=0.01, betas=(0.8, 0.9), weight_decay=0.1, amsgrad=True)",
            {"lr": 0.01, "beta1": 0.8, "beta2": 0.9, "eps": 1e-8, "weightDecay": 0.1},
        ),
        "nadam_l2": from_torch(
            "NAdam(params, lr=0.002, weight_decay=0.1)",
            {"lr": 0.002, **base, "momentumDecay": 0.004, "weightDecay": 0.1},
        ),
        "nadam_decoupled": from_torch(
            "NAdam(params, lr=0.002, weight_decay=0.1, decoupled_weight_decay=True)",
            {"lr": 0.002, **base, "momentumDecay": 0.004, "weightDecay": 0.1},
        ),
        "radam_decoupled": from_torch(
            "RAdam(params, lr=0.001, weight_decay=0.1, decoupled_weight_decay=True)",
            {"lr": 0.001, **base, "weightDecay": 0.1},
        ),
        "adamax_decay": from_torch(
            "Adamax(params, lr=0.002, weight_decay=0.1)", {"lr": 0.002, **base, "weightDecay": 0.1}, note="coupled"
        ),
        "nadamw_simple": from_optax("optax.nadamw(0.001, weight_decay=0.1)", {"lr": 0.001, **base, "weightDecay": 0.1}),
        "adamaxw": from_optax("optax.adamaxw(0.002, weight_decay=0.1)", {"lr": 0.002, **base, "weightDecay": 0.1}),
        "clip_norm_adam": from_optax(
            "optax.chain(optax.clip_by_global_norm(1.0), optax.adam(0.001))",
            {"maxNorm": 1.0, "lr": 0.001, **base},
            note="exact: g / norm where norm >= 1",
        ),
        "clip_norm_adam_torch": from_torch(
            "Adam(params, lr=0.001)",
            {"maxNorm": 1.0, "lr": 0.001, **base},
            before="torch.nn.utils.clip_grad_norm_(params, 1.0)",
            note="g * min(1, 1 / (norm + 1e-6))",
        ),
        "lion_decay": from_optax(
            "optax.lion(1e-4, weight_decay=0.1)", {"lr": 1e-4, "beta1": 0.9, "beta2": 0.99, "weightDecay": 0.1}
        ),
        "optimistic_adam": from_optax(
            "optax.optimistic_adam_v2(0.001, nesterov=False)",
            {"lr": 0.001, "alpha": 1.0, "beta": 1.0, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
        ),
        "optimistic_sgd": from_optax(
            "optax.optimistic_gradient_descent(0.01)", {"lr": 0.01, "alpha": 1.0, "beta": 1.0}
        ),
    }


def divisor_family():
    rms = {"lr": 0.01, "alpha": 0.99, "eps": 1e-8}
    return {
        "rmsprop_centered": from_torch("RMSprop(params, lr=0.01, centered=True)", {**rms, "centered": True}),
        "rmsprop_momentum": from_torch(
            "RMSprop(params, lr=0.01, momentum=0.9)", {**rms, "momentum": 0.9}, note="lr is outside the momentum"
        ),
        "rmsprop_centered_momentum": from_torch(
            "RMSprop(params, lr=0.01, centered=True, momentum=0.9)", {**rms, "centered": True, "momentum": 0.9}
        ),
        "rmsprop_decay": from_torch("RMSprop(params, lr=0.01, weight_decay=0.1)", {**rms, "weightDecay": 0.1}),
        "rmsprop_centered_inside": from_optax(
            "optax.rmsprop(0.01, decay=0.9, centered=True)",
            {"lr": 0.01, "alpha": 0.9, "eps": 1e-8, "centered": True},
            note="eps under the root",
        ),
        "adagrad_lr_decay": from_torch(
            "Adagrad(params, lr=0.01, lr_decay=0.01, initial_accumulator_value=0.1)",
            {"lr": 0.01, "lrDecay": 0.01, "initial": 0.1, "eps": 1e-10},
        ),
        "adagrad_decay": from_torch(
            "Adagrad(params, lr=0.01, weight_decay=0.1)",
            {"lr": 0.01, "lrDecay": 0.0, "initial": 0.0, "eps": 1e-10, "weightDecay": 0.1},
        ),
        "adadelta_decay": from_torch(
            "Adadelta(params, lr=1.0, rho=0.9, weight_decay=0.1)",
            {"lr": 1.0, "rho": 0.9, "eps": 1e-6, "weightDecay": 0.1},
        ),
        "acprop": from_optax(
            "optax.contrib.acprop(0.001)", {"lr": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-16, "epsRoot": 1e-16}
        ),
    }
