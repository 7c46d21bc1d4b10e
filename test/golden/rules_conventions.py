"""The same rules under the conventions of one library or another, and under a rate that changes at every step."""

from entries import from_optax, from_torch
from replay import MATRIX

FALLING = "lambda n: {lr} / (n + 1)"
LOWER = "optimizer.param_groups[0]['lr'] = {lr} / t"
NOTE = "the rate is lr / t at step t"
BETAS = {"beta1": 0.8, "beta2": 0.95, "eps": 0.1}


def torch_falling(call, lr, hyper, shapes=None):
    """A torch optimizer whose lr is set before each step."""
    more = {} if shapes is None else {"shapes": shapes}
    before = LOWER.format(lr=lr)
    return from_torch(call.format(lr=lr), {"lr": lr, **hyper}, before=before, note=NOTE, **more)


def optax_falling(call, lr, hyper, shapes=None):
    """`call` has {lr} where the schedule goes."""
    more = {} if shapes is None else {"shapes": shapes}
    return from_optax(call.format(lr=FALLING.format(lr=lr)), {"lr": lr, **hyper}, note=NOTE, **more)


def conventions():
    rms = {"lr": 0.01, "alpha": 0.9, "eps": 0.1}
    return {
        "adam_eps_root": from_optax(
            "optax.adam(0.01, b1=0.8, b2=0.95, eps=0.1, eps_root=0.2)", {"lr": 0.01, **BETAS, "epsRoot": 0.2}
        ),
        "amsgrad_eps_root": from_optax(
            "optax.amsgrad(0.01, b1=0.8, b2=0.7, eps=0.1, eps_root=0.2)",
            {"lr": 0.01, **BETAS, "beta2": 0.7, "epsRoot": 0.2},
            note="the maximum is of the debiased second moment",
        ),
        "rmsprop_from_one_optax": from_optax(
            "optax.rmsprop(0.01, decay=0.9, eps=0.1, initial_scale=1.0)", {**rms, "start": 1.0}
        ),
        "rmsprop_debiased_optax": from_optax(
            "optax.rmsprop(0.01, decay=0.9, eps=0.1, eps_in_sqrt=False, bias_correction=True)", rms
        ),
        "rmsprop_centered_debiased_optax": from_optax(
            "optax.rmsprop(0.01, decay=0.9, eps=0.1, centered=True, bias_correction=True)",
            rms,
            note="eps under the root",
        ),
        "rmsprop_nesterov": from_optax(
            "optax.rmsprop(lambda n: 0.01 / (n + 1), decay=0.9, eps=0.1, momentum=0.5, nesterov=True)",
            {**rms, "momentum": 0.5},
            note="eps under the root, lr inside the momentum; " + NOTE,
        ),
        "lars_lr_outside": from_optax(
            "optax.chain(optax.add_decayed_weights(0.01), optax.scale_by_trust_ratio(trust_coefficient=0.001), "
            "optax.trace(0.9), optax.scale_by_learning_rate(lambda n: 1.0 / (n + 1)))",
            {"lr": 1.0, "momentum": 0.9, "trust": 0.001, "weightDecay": 0.01},
            note="the rate outside the momentum; " + NOTE,
        ),
        "adafactor_optax_all": from_optax(
            "optax.chain(optax.scale_by_factored_rms(min_dim_size_to_factor=2, "
            "decay_rate_fn=lambda i, rate: 1.0 - (i + 1.0) ** (-rate)), optax.clip_by_block_rms(1.0), "
            "optax.scale_by_learning_rate(lambda n: 0.01 / (n + 1), flip_sign=False), optax.scale_by_param_block_rms(), "
            "optax.ema(0.5, debias=False), optax.add_decayed_weights(0.01), optax.scale(-1.0))",
            {
                "lr": 0.01,
                "decayPower": 0.8,
                "clip": 1.0,
                "eps": 1e-30,
                "minRms": 0.001,
                "momentum": 0.5,
                "weightDecay": 0.01,
            },
            MATRIX,
            note="optax.adafactor(min_dim_size_to_factor=2): lr inside the momentum, not over the decay; " + NOTE,
        ),
    }


def falling():
    """Every rule at lr / t: what a schedule one step late would show in."""
    wide = "betas=(0.8, 0.95), eps=0.1"
    b = "b1=0.8, b2=0.95, eps=0.1"
    lars = {"momentum": 0.9, "trust": 0.001, "weightDecay": 0.01, "eps": 0.0}
    return {
        "sgd_falling": torch_falling("SGD(params, lr={lr}, momentum=0.9)", 0.01, {"momentum": 0.9}),
        "adagrad_falling": torch_falling("Adagrad(params, lr={lr})", 0.01, {"eps": 1e-10}),
        "rmsprop_falling": torch_falling(
            "RMSprop(params, lr={lr}, momentum=0.9)", 0.01, {"alpha": 0.99, "eps": 1e-8, "momentum": 0.9}
        ),
        "adadelta_falling": torch_falling("Adadelta(params, lr={lr})", 1.0, {"rho": 0.9, "eps": 1e-6}),
        "adam_falling": torch_falling(f"Adam(params, lr={{lr}}, {wide})", 0.01, BETAS),
        "adamw_falling": torch_falling(
            f"AdamW(params, lr={{lr}}, {wide}, weight_decay=0.1)", 0.01, {**BETAS, "weightDecay": 0.1}
        ),
        "amsgrad_falling": torch_falling(f"Adam(params, lr={{lr}}, {wide}, amsgrad=True)", 0.01, BETAS),
        "adamax_falling": torch_falling(f"Adamax(params, lr={{lr}}, {wide})", 0.01, BETAS),
        "nadam_falling": torch_falling(f"NAdam(params, lr={{lr}}, {wide})", 0.01, BETAS),
        "radam_falling": torch_falling("RAdam(params, lr={lr})", 0.01, {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8}),
        "adafactor_falling": torch_falling(
            "Adafactor(params, lr={lr}, eps=(1e-7, 0.001))",
            5.0, {"eps1": 1e-7, "eps2": 0.001, "clip": 1.0, "decayPower": 0.8}, MATRIX,
        ),
        "adabelief_falling": optax_falling(
            "optax.adabelief({lr})", 0.01, {"beta1": 0.9, "beta2": 0.999, "eps": 1e-16, "epsRoot": 1e-16}
        ),
        "yogi_falling": optax_falling(
            "optax.yogi({lr})", 0.01, {"beta1": 0.9, "beta2": 0.999, "eps": 1e-3, "initialMean": 1e-6}
        ),
        "lion_falling": optax_falling("optax.lion({lr}, weight_decay=0.1)", 0.01, {"weightDecay": 0.1}),
        "signsgd_falling": optax_falling("optax.sign_sgd({lr})", 0.01, {}),
        "adopt_falling": optax_falling(
            "optax.contrib.adopt({lr})", 0.01, {"beta1": 0.9, "beta2": 0.9999, "eps": 1e-6}
        ),
        "ademamix_falling": optax_falling("optax.contrib.ademamix({lr})", 0.01, {"alpha": 5.0}),
        "simplified_ademamix_falling": optax_falling(
            "optax.contrib.simplified_ademamix({lr}, alpha=2.0)", 0.001, {"alpha": 2.0}
        ),
        "acprop_falling": optax_falling("optax.contrib.acprop({lr})", 0.01, {"eps": 1e-16, "epsRoot": 1e-16}),
        "optimistic_falling": optax_falling("optax.optimistic_gradient_descent({lr})", 0.01, {}),
        "sm3_falling": optax_falling(
            "optax.chain(optax.scale_by_sm3(), optax.scale_by_learning_rate({lr}))",
            0.1, {"momentum": 0.9, "eps": 1e-8}, MATRIX,
        ),
        "lars_falling": optax_falling("optax.lars({lr}, weight_decay=0.01)", 1.0, lars),
        "lamb_falling": optax_falling(
            f"optax.lamb({{lr}}, {b}, weight_decay=0.01)", 0.01, {**BETAS, "weightDecay": 0.01}
        ),
        "novograd_falling": optax_falling(
            "optax.novograd({lr}, weight_decay=0.01)",
            0.01, {"beta1": 0.9, "beta2": 0.25, "eps": 1e-6, "weightDecay": 0.01},
        ),
        "fromage_falling": optax_falling("optax.fromage({lr}, min_norm=0.0)", 0.1, {}),
        "prodigy_falling": optax_falling(
            "optax.contrib.prodigy({lr}, estim_lr0=0.01, weight_decay=0.01)", 1.0, {"d0": 0.01, "weightDecay": 0.01}
        ),
        "dog_falling": optax_falling("optax.contrib.dog({lr})", 1.0, {"initial": 1e-6, "eps": 1e-8}),
        "dowg_falling": optax_falling("optax.contrib.dowg({lr})", 1.0, {"eps": 1e-4}),
    }
