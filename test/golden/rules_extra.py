"""Known answers on the gradient tape for what rules.json lacks, from PyTorch, optax and a few formulas.

Writes rules_extra.json. `call` is evaluated as it stands, so that it is what was run."""

import jax
import numpy as np
import optax
import torch

from common import TIMES, X0, tape_gradient, write
from formulas import formulas, rosenbrock_entries
from replay import COLUMN, MATRIX, TWO, VECTOR, replay_optax, replay_torch

DENSE = (1, 2, 3, 4, 5, 10, 100)
F32_EPS = float(np.finfo(np.float32).eps)
HALF_DECAY = "decay_rate_fn=lambda i, rate: 1.0 - (i + 1.0) ** (-rate)"


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


def sgd_family():
    clip = "torch.nn.utils.clip_grad_norm_(params, 1.0)"
    return {
        "sgd_dampening": from_torch("SGD(params, lr=0.01, momentum=0.9, dampening=0.5)",
                                    {"lr": 0.01, "momentum": 0.9, "dampening": 0.5},
                                    note="the first momentum is the gradient itself: dampening starts at t = 2"),
        "sgd_decay": from_torch("SGD(params, lr=0.01, weight_decay=0.1)", {"lr": 0.01, "weightDecay": 0.1}),
        "sgd_all": from_torch("SGD(params, lr=0.01, momentum=0.9, dampening=0.1, weight_decay=0.1)",
                              {"lr": 0.01, "momentum": 0.9, "dampening": 0.1, "weightDecay": 0.1}),
        "sgd_nesterov_decay": from_torch("SGD(params, lr=0.01, momentum=0.9, nesterov=True, weight_decay=0.1)",
                                         {"lr": 0.01, "momentum": 0.9, "nesterov": True, "weightDecay": 0.1}),
        "asgd": from_torch("ASGD(params, lr=0.01, lambd=0.01, alpha=0.75, t0=1e6, weight_decay=0.0)",
                           {"lr": 0.01, "lambda": 0.01, "alpha": 0.75, "t0": 1e6, "weightDecay": 0.0},
                           note="the iterates, not the average, which starts at t0"),
        "clip_norm_sgd": from_torch("SGD(params, lr=0.1)", {"maxNorm": 1.0, "lr": 0.1}, before=clip,
                                    note="g * min(1, 1 / (norm + 1e-6))"),
        "clip_norm_sgd_two_tensors": from_torch("SGD(params, lr=0.1)", {"maxNorm": 1.0, "lr": 0.1}, TWO, before=clip,
                                                note="one norm over both tensors: equals clip_norm_sgd"),
        "clip_value_sgd": from_torch("SGD(params, lr=0.1)", {"limit": 0.5, "lr": 0.1},
                                     before="torch.nn.utils.clip_grad_value_(params, 0.5)"),
    }


def adam_family():
    wide = "lr=0.01, betas=(0.8, 0.95), eps=0.1"
    wide_hyper = {"lr": 0.01, "beta1": 0.8, "beta2": 0.95, "eps": 0.1}
    base = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    return {
        "adam_l2": from_torch("Adam(params, lr=0.001, weight_decay=0.1)", {"lr": 0.001, **base, "weightDecay": 0.1},
                              note="coupled: the gradient becomes g + 0.1 x"),
        "adam_wide": from_torch(f"Adam(params, {wide})", wide_hyper),
        "adamw_wide": from_torch(f"AdamW(params, {wide}, weight_decay=0.1)", {**wide_hyper, "weightDecay": 0.1}),
        "adamw_amsgrad": from_torch("AdamW(params, lr=0.001, weight_decay=0.01, amsgrad=True)",
                                    {"lr": 0.001, **base, "weightDecay": 0.01},
                                    note="the maximum is of the raw second moment, then debiased"),
        "adamw_amsgrad_wide": from_torch("AdamW(params, lr=0.01, betas=(0.8, 0.9), weight_decay=0.1, amsgrad=True)",
                                         {"lr": 0.01, "beta1": 0.8, "beta2": 0.9, "eps": 1e-8, "weightDecay": 0.1}),
        "nadam_l2": from_torch("NAdam(params, lr=0.002, weight_decay=0.1)",
                               {"lr": 0.002, **base, "momentumDecay": 0.004, "weightDecay": 0.1}),
        "nadam_decoupled": from_torch("NAdam(params, lr=0.002, weight_decay=0.1, decoupled_weight_decay=True)",
                                      {"lr": 0.002, **base, "momentumDecay": 0.004, "weightDecay": 0.1}),
        "radam_decoupled": from_torch("RAdam(params, lr=0.001, weight_decay=0.1, decoupled_weight_decay=True)",
                                      {"lr": 0.001, **base, "weightDecay": 0.1}),
        "adamax_decay": from_torch("Adamax(params, lr=0.002, weight_decay=0.1)",
                                   {"lr": 0.002, **base, "weightDecay": 0.1}, note="coupled"),
        "nadamw_simple": from_optax("optax.nadamw(0.001, weight_decay=0.1)", {"lr": 0.001, **base, "weightDecay": 0.1}),
        "adamaxw": from_optax("optax.adamaxw(0.002, weight_decay=0.1)", {"lr": 0.002, **base, "weightDecay": 0.1}),
        "clip_norm_adam": from_optax("optax.chain(optax.clip_by_global_norm(1.0), optax.adam(0.001))",
                                     {"maxNorm": 1.0, "lr": 0.001, **base}, note="exact: g / norm where norm >= 1"),
        "clip_norm_adam_torch": from_torch("Adam(params, lr=0.001)", {"maxNorm": 1.0, "lr": 0.001, **base},
                                           before="torch.nn.utils.clip_grad_norm_(params, 1.0)",
                                           note="g * min(1, 1 / (norm + 1e-6))"),
        "lion_decay": from_optax("optax.lion(1e-4, weight_decay=0.1)",
                                 {"lr": 1e-4, "beta1": 0.9, "beta2": 0.99, "weightDecay": 0.1}),
        "optimistic_adam": from_optax("optax.optimistic_adam_v2(0.001, nesterov=False)",
                                      {"lr": 0.001, "alpha": 1.0, "beta": 1.0, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}),
        "optimistic_sgd": from_optax("optax.optimistic_gradient_descent(0.01)", {"lr": 0.01, "alpha": 1.0, "beta": 1.0}),
    }


def divisor_family():
    rms = {"lr": 0.01, "alpha": 0.99, "eps": 1e-8}
    return {
        "rmsprop_centered": from_torch("RMSprop(params, lr=0.01, centered=True)", {**rms, "centered": True}),
        "rmsprop_momentum": from_torch("RMSprop(params, lr=0.01, momentum=0.9)", {**rms, "momentum": 0.9},
                                       note="lr is outside the momentum"),
        "rmsprop_centered_momentum": from_torch("RMSprop(params, lr=0.01, centered=True, momentum=0.9)",
                                                {**rms, "centered": True, "momentum": 0.9}),
        "rmsprop_decay": from_torch("RMSprop(params, lr=0.01, weight_decay=0.1)", {**rms, "weightDecay": 0.1}),
        "rmsprop_centered_inside": from_optax("optax.rmsprop(0.01, decay=0.9, centered=True)",
                                              {"lr": 0.01, "alpha": 0.9, "eps": 1e-8, "centered": True},
                                              note="eps under the root"),
        "adagrad_lr_decay": from_torch("Adagrad(params, lr=0.01, lr_decay=0.01, initial_accumulator_value=0.1)",
                                       {"lr": 0.01, "lrDecay": 0.01, "initial": 0.1, "eps": 1e-10}),
        "adagrad_decay": from_torch("Adagrad(params, lr=0.01, weight_decay=0.1)",
                                    {"lr": 0.01, "lrDecay": 0.0, "initial": 0.0, "eps": 1e-10, "weightDecay": 0.1}),
        "adadelta_decay": from_torch("Adadelta(params, lr=1.0, rho=0.9, weight_decay=0.1)",
                                     {"lr": 1.0, "rho": 0.9, "eps": 1e-6, "weightDecay": 0.1}),
        "acprop": from_optax("optax.contrib.acprop(0.001)",
                             {"lr": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-16, "epsRoot": 1e-16}),
    }


def newer_family():
    adan = {"lr": 0.001, "beta1": 0.98, "beta2": 0.92, "beta3": 0.99, "eps": 1e-8, "epsRoot": 1e-8}
    mix = {"lr": 0.001, "beta1": 0.9, "beta2": 0.999, "beta3": 0.9999, "alpha": 5.0, "eps": 1e-8}
    adopt = {"lr": 0.001, "beta1": 0.9, "beta2": 0.9999, "eps": 1e-6}
    return {
        "adan_optax_bug": from_optax("optax.adan(0.001)", {**adan, "weightDecay": 0.0},
                                     note="a known fault: the factor of the difference is 1 - beta2 where the paper's "
                                          "code has beta2; adan_decay and rules.json have it right"),
        "adopt": from_optax("optax.contrib.adopt(0.001)", adopt, note="clips to (t - 1)^(1/4); t = 1 only seeds v"),
        "adopt_unclipped": from_optax("optax.contrib.adopt(0.001, use_clipping=False)", adopt),
        "ademamix": from_optax("optax.contrib.ademamix(0.001)", mix),
        "ademamix_decay": from_optax("optax.contrib.ademamix(0.001, weight_decay=0.1, alpha=8.0)",
                                     {**mix, "alpha": 8.0, "weightDecay": 0.1}),
        "simplified_ademamix": from_optax("optax.contrib.simplified_ademamix(0.001, alpha=2.0)",
                                          {"lr": 0.001, "beta1": 0.99, "beta2": 0.95, "alpha": 2.0, "eps": 1e-8}),
        "prodigy": from_optax("optax.contrib.prodigy(1.0)",
                              {"lr": 1.0, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "d0": 1e-6, "dCoefficient": 1.0}),
        "prodigy_two_tensors": from_optax("optax.contrib.prodigy(1.0)",
                                          {"lr": 1.0, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "d0": 1e-6,
                                           "dCoefficient": 1.0}, TWO, note="one estimate over both tensors: equals prodigy"),
        "prodigy_quick": from_optax("optax.contrib.prodigy(1.0, estim_lr0=0.01, estim_lr_coef=2.0, weight_decay=0.01)",
                                    {"lr": 1.0, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "d0": 0.01,
                                     "dCoefficient": 2.0, "weightDecay": 0.01}, note="the estimate grows early here"),
        "dadapt_adamw": from_optax("optax.contrib.dadapt_adamw(1.0)",
                                   {"lr": 1.0, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "d0": 1e-6}),
        "dog": from_optax("optax.contrib.dog(1.0)", {"lr": 1.0, "initial": 1e-6, "eps": 1e-8}),
        "dowg": from_optax("optax.contrib.dowg(1.0)", {"lr": 1.0, "eps": 1e-4}),
        "cocob": from_optax("optax.contrib.cocob()", {"alpha": 100.0, "eps": 1e-8}),
    }


def layer_family():
    lamb = {"lr": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-6, "weightDecay": 0.01}
    lars = {"lr": 1.0, "momentum": 0.9, "trust": 0.001, "weightDecay": 0.01, "eps": 0.0}
    novo = {"lr": 0.01, "beta1": 0.9, "beta2": 0.25, "eps": 1e-6, "weightDecay": 0.01}
    muon = {"lr": 0.01, "momentum": 0.95, "nesterov": True, "steps": 5, "coefficients": [3.4445, -4.775, 2.0315], "eps": 1e-8}
    factor = f"optax.scale_by_factored_rms(min_dim_size_to_factor=2, {HALF_DECAY})"
    tail = "optax.clip_by_block_rms(1.0), optax.scale(0.01), optax.scale_by_param_block_rms(), optax.scale(-1.0))"
    ada = {"lr": 0.01, "decayPower": 0.8, "clip": 1.0}
    torch_ada = f"Adafactor(params, lr=0.01, eps=({F32_EPS!r}, 0.001))"
    torch_hyper = {**ada, "eps1": F32_EPS, "eps2": 0.001}
    torch_note = "alpha = max(eps2, rms(x)) min(lr, 1 / sqrt(t)); eps1 is squared where it floors the estimate"
    return {
        "lars": from_optax("optax.lars(1.0, weight_decay=0.01)", lars, note="the tape is one tensor"),
        "lars_two_tensors": from_optax("optax.lars(1.0, weight_decay=0.01)", lars, TWO, note="a ratio for each tensor"),
        "lars_nesterov": from_optax("optax.lars(1.0, weight_decay=0.01, nesterov=True)", {**lars, "nesterov": True}),
        "lamb": from_optax("optax.lamb(0.001, weight_decay=0.01)", lamb, note="the tape is one tensor"),
        "lamb_two_tensors": from_optax("optax.lamb(0.001, weight_decay=0.01)", lamb, TWO, note="a ratio for each tensor"),
        "novograd": from_optax("optax.novograd(0.01, weight_decay=0.01)", novo, note="the tape is one tensor"),
        "novograd_two_tensors": from_optax("optax.novograd(0.01, weight_decay=0.01)", novo, TWO),
        "sm3_matrix": from_optax("optax.sm3(0.1)", {"lr": 0.1, "momentum": 0.9, "eps": 1e-8}, MATRIX,
                                 note="the smaller of the row's and the column's accumulator, eps under the root"),
        "adafactor_torch": from_torch(torch_ada, torch_hyper, MATRIX, note=torch_note),
        "adafactor_torch_vector": from_torch(torch_ada, torch_hyper, note=torch_note + "; a vector is not factored"),
        "adafactor_torch_decay": from_torch(torch_ada[:-1] + ", weight_decay=0.1)", {**torch_hyper, "weightDecay": 0.1}, MATRIX,
                                            note=torch_note),
        "adafactor_optax": from_optax(f"optax.chain({factor}, {tail}", {**ada, "eps": 1e-30, "minRms": 0.001}, MATRIX,
                                      note="optax.adafactor(0.01, min_dim_size_to_factor=2), with its decay rate computed in "
                                           "float64 rather than float32"),
        "muon": from_optax("optax.contrib.muon(0.01)", muon, MATRIX,
                           note="momentum = 0.95 m + 0.05 g, debiased; scale sqrt(max(1, cols / rows))"),
        "muon_column": from_optax("optax.contrib.muon(0.01)", muon, COLUMN, note="shape [4, 1]: shows the scale's orientation"),
        "muon_row": from_optax("optax.contrib.muon(0.01)", muon, [(1, 4)], note="shape [1, 4]"),
        "muon_plain": from_optax("optax.contrib.muon(0.01, nesterov=False, weight_decay=0.1)",
                                 {**muon, "nesterov": False, "weightDecay": 0.1}, MATRIX, note="decoupled decay"),
        "muon_consistent": from_optax("optax.contrib.muon(0.01, consistent_rms=0.2)", {**muon, "consistentRms": 0.2}, MATRIX,
                                      note="scale 0.2 sqrt(max(rows, cols))"),
        "agc_sgd": from_optax("optax.chain(optax.adaptive_grad_clip(0.01), optax.sgd(0.1))",
                              {"clip": 0.01, "eps": 0.001, "lr": 0.1}, MATRIX,
                              note="norms over axis 0: a unit is a column of an [in, out] matrix"),
        "agc_sgd_vector": from_optax("optax.chain(optax.adaptive_grad_clip(0.01), optax.sgd(0.1))",
                                     {"clip": 0.01, "eps": 0.001, "lr": 0.1}, note="a vector is one unit"),
        "clip_rms_sgd": from_optax("optax.chain(optax.clip_by_block_rms(1.0), optax.sgd(0.1))", {"rms": 1.0, "lr": 0.1}),
        "centralize_sgd": from_optax("optax.chain(optax.centralize(), optax.sgd(0.01))", {"lr": 0.01}, MATRIX,
                                     note="subtracts each row's mean: the convention of [out, in] matrices"),
    }


def wrappers():
    free = {"lr": 0.1, "beta": 0.9, "weightPower": 2.0}
    view = optax.contrib.schedule_free_eval_params
    what = "tape: y, where gradients are taken (train); eval: x, the average"
    warm = ("optax.contrib.schedule_free(optax.sgd(lambda t: 0.1 * jnp.minimum(t + 1.0, 5.0) / 5.0), "
            "learning_rate=lambda t: 0.1 * jnp.minimum(t * 1.0, 5.0) / 5.0, b1=0.9)")
    adamw = {"lr": 0.0025, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weightPower": 2.0}
    accumulate = "optax.MultiSteps(optax.{}, every_k_schedule=4, accumulator_dtype=jnp.float64)"
    swa = "torch.optim.swa_utils."
    adam = {"lr": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    return {
        "schedule_free_sgd": from_optax("optax.contrib.schedule_free_sgd(0.1)", free, view=view, note=what),
        "schedule_free_sgd_warmup": from_optax(warm, {**free, "warmup": 5}, view=view,
                                               note=what + "; lr 0.1 min(t / 5, 1), t from 1, for the step and for the "
                                                           "average's weight alike, as the authors' code has it (optax's "
                                                           "own warmup_steps has the step's lr one step later)"),
        "schedule_free_sgd_decay": from_optax("optax.contrib.schedule_free_sgd(0.1, weight_decay=0.01)",
                                              {**free, "weightDecay": 0.01}, view=view, note=what + "; decay at y"),
        "schedule_free_adamw": from_optax("optax.contrib.schedule_free_adamw(0.0025)", adamw, view=view, note=what),
        "schedule_free_adamw_decay": from_optax("optax.contrib.schedule_free_adamw(0.0025, weight_decay=0.1)",
                                                {**adamw, "weightDecay": 0.1}, view=view, note=what + "; decay at y"),
        "lookahead": from_optax("optax.lookahead(optax.sgd(0.01), sync_period=5, slow_step_size=0.5)",
                                {"lr": 0.01, "k": 5, "alpha": 0.5}, times=DENSE, note="tape: fast; eval: slow"),
        "lookahead_adam": from_optax("optax.lookahead(optax.adam(0.01), sync_period=5, slow_step_size=0.5)",
                                     {"lr": 0.01, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "k": 5, "alpha": 0.5},
                                     times=DENSE, note="tape: fast; eval: slow; Adam's state is kept at a synchronisation"),
        "lookahead_adam_reset": from_optax(
            "optax.lookahead(optax.adam(0.01), sync_period=5, slow_step_size=0.5, reset_state=True)",
            {"lr": 0.01, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "k": 5, "alpha": 0.5, "reset": True}, times=DENSE,
            note="tape: fast; eval: slow; Adam's state starts anew at a synchronisation"),
        "accumulate_sgd": from_optax(accumulate.format("sgd(0.1)"), {"every": 4, "lr": 0.1}, times=DENSE,
                                     note="the mean of four gradients, every fourth step"),
        "accumulate_adam": from_optax(accumulate.format("adam(0.01)"), {"every": 4, **adam, "lr": 0.01}, times=DENSE,
                                      note="the mean of four gradients; Adam counts updates, not gradients"),
        "apply_every_sgd": from_optax("optax.chain(optax.sgd(0.01), optax.apply_every(4))", {"every": 4, "lr": 0.01},
                                      times=DENSE, note="the sum of four updates, every fourth step"),
        "ema_adam": from_torch("Adam(params, lr=0.01)", {**adam, "lr": 0.01, "decay": 0.9},
                               average=f"{swa}AveragedModel(module, multi_avg_fn={swa}get_ema_multi_avg_fn(0.9))",
                               note="eval: the average; it starts as the parameters after step 1"),
        "swa_adam": from_torch("Adam(params, lr=0.01)", {**adam, "lr": 0.01}, average=f"{swa}AveragedModel(module)",
                               note="eval: the plain mean of the parameters after steps 1..t"),
    }


if __name__ == "__main__":
    entries = sgd_family() | adam_family() | divisor_family() | newer_family()
    entries |= layer_family() | wrappers() | formulas()
    gradients = {str(t): tape_gradient(t).tolist() for t in TIMES}
    write("rules_extra.json", {
        "problem": {"start": X0, "gradient": "g_i(t) = cos(0.7 t i) 10^(i - 2) + 0.1 i, i = 1..4, t from 1",
                    "gradients": gradients, "shapes": "one tensor of four numbers; where an entry has shapes, the same four "
                                                      "numbers as tensors of these shapes, row-major, one after the other"},
        "entries": entries,
        "rosenbrock": {"problem": "steps on (1 - x)^2 + 100 (y - x^2)^2 from (-1.2, 1)", "entries": rosenbrock_entries()},
    }, width=2000)
