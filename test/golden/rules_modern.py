"""Newer rules, and those that look at a whole tensor: its norm, its rows and columns, or its singular values."""

import numpy as np

from entries import from_optax, from_torch
from replay import COLUMN, MATRIX, TWO

F32_EPS = float(np.finfo(np.float32).eps)
DECAY_RATE = "decay_rate_fn=lambda i, rate: 1.0 - (i + 1.0) ** (-rate)"


def newer_family():
    adan = {"lr": 0.001, "beta1": 0.98, "beta2": 0.92, "beta3": 0.99, "eps": 1e-8, "epsRoot": 1e-8}
    mix = {"lr": 0.001, "beta1": 0.9, "beta2": 0.999, "beta3": 0.9999, "alpha": 5.0, "eps": 1e-8}
    adopt = {"lr": 0.001, "beta1": 0.9, "beta2": 0.9999, "eps": 1e-6}
    return {
        "adan_optax_bug": from_optax(
            "optax.adan(0.001)",
            {**adan, "weightDecay": 0.0},
            note="a known fault: the factor of the difference is 1 - beta2 where the paper's "
            "code has beta2; adan_decay and rules.json have it right",
        ),
        "adopt": from_optax("optax.contrib.adopt(0.001)", adopt, note="clips to (t - 1)^(1/4); t = 1 only seeds v"),
        "adopt_unclipped": from_optax("optax.contrib.adopt(0.001, use_clipping=False)", adopt),
        "ademamix": from_optax("optax.contrib.ademamix(0.001)", mix),
        "ademamix_decay": from_optax(
            "optax.contrib.ademamix(0.001, weight_decay=0.1, alpha=8.0)", {**mix, "alpha": 8.0, "weightDecay": 0.1}
        ),
        "simplified_ademamix": from_optax(
            "optax.contrib.simplified_ademamix(0.001, alpha=2.0)",
            {"lr": 0.001, "beta1": 0.99, "beta2": 0.95, "alpha": 2.0, "eps": 1e-8},
        ),
        "prodigy": from_optax(
            "optax.contrib.prodigy(1.0)",
            {"lr": 1.0, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "d0": 1e-6, "dCoefficient": 1.0},
        ),
        "prodigy_two_tensors": from_optax(
            "optax.contrib.prodigy(1.0)",
            {"lr": 1.0, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "d0": 1e-6, "dCoefficient": 1.0},
            TWO,
            note="one estimate over both tensors: equals prodigy",
        ),
        "prodigy_quick": from_optax(
            "optax.contrib.prodigy(1.0, estim_lr0=0.01, estim_lr_coef=2.0, weight_decay=0.01)",
            {
                "lr": 1.0,
                "beta1": 0.9,
                "beta2": 0.999,
                "eps": 1e-8,
                "d0": 0.01,
                "dCoefficient": 2.0,
                "weightDecay": 0.01,
            },
            note="the estimate grows early here",
        ),
        "dadapt_adamw": from_optax(
            "optax.contrib.dadapt_adamw(1.0)", {"lr": 1.0, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "d0": 1e-6}
        ),
        "dog": from_optax("optax.contrib.dog(1.0)", {"lr": 1.0, "initial": 1e-6, "eps": 1e-8}),
        "dowg": from_optax("optax.contrib.dowg(1.0)", {"lr": 1.0, "eps": 1e-4}),
        "cocob": from_optax("optax.contrib.cocob()", {"alpha": 100.0, "eps": 1e-8}),
    }


def layer_family():
    lamb = {"lr": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-6, "weightDecay": 0.01}
    lars = {"lr": 1.0, "momentum": 0.9, "trust": 0.001, "weightDecay": 0.01, "eps": 0.0}
    novo = {"lr": 0.01, "beta1": 0.9, "beta2": 0.25, "eps": 1e-6, "weightDecay": 0.01}
    muon = {
        "lr": 0.01,
        "momentum": 0.95,
        "nesterov": True,
        "steps": 5,
        "coefficients": [3.4445, -4.775, 2.0315],
        "eps": 1e-8,
    }
    factor = f"optax.scale_by_factored_rms(min_dim_size_to_factor=2, {DECAY_RATE})"
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
        "lamb_two_tensors": from_optax(
            "optax.lamb(0.001, weight_decay=0.01)", lamb, TWO, note="a ratio for each tensor"
        ),
        "novograd": from_optax("optax.novograd(0.01, weight_decay=0.01)", novo, note="the tape is one tensor"),
        "novograd_two_tensors": from_optax("optax.novograd(0.01, weight_decay=0.01)", novo, TWO),
        "sm3_matrix": from_optax(
            "optax.sm3(0.1)",
            {"lr": 0.1, "momentum": 0.9, "eps": 1e-8},
            MATRIX,
            note="the smaller of the row's and the column's accumulator, eps under the root",
        ),
        "adafactor_torch": from_torch(torch_ada, torch_hyper, MATRIX, note=torch_note),
        "adafactor_torch_vector": from_torch(torch_ada, torch_hyper, note=torch_note + "; a vector is not factored"),
        "adafactor_torch_decay": from_torch(
            torch_ada[:-1] + ", weight_decay=0.1)", {**torch_hyper, "weightDecay": 0.1}, MATRIX, note=torch_note
        ),
        "adafactor_torch_relative": from_torch(
            torch_ada.replace("lr=0.01", "lr=0.5"),
            {**torch_hyper, "lr": 0.5},
            MATRIX,
            note=torch_note + "; from step 5 on the step is 1 / sqrt(t)",
        ),
        "adafactor_optax": from_optax(
            f"optax.chain({factor}, {tail}",
            {**ada, "eps": 1e-30, "minRms": 0.001},
            MATRIX,
            note="optax.adafactor(0.01, min_dim_size_to_factor=2), with its decay rate computed in "
            "float64 rather than float32",
        ),
        "muon": from_optax(
            "optax.contrib.muon(0.01)",
            muon,
            MATRIX,
            note="momentum = 0.95 m + 0.05 g, debiased; scale sqrt(max(1, cols / rows))",
        ),
        "muon_column": from_optax(
            "optax.contrib.muon(0.01)", muon, COLUMN, note="shape [4, 1]: shows the scale's orientation"
        ),
        "muon_row": from_optax("optax.contrib.muon(0.01)", muon, [(1, 4)], note="shape [1, 4]"),
        "muon_plain": from_optax(
            "optax.contrib.muon(0.01, nesterov=False, weight_decay=0.1)",
            {**muon, "nesterov": False, "weightDecay": 0.1},
            MATRIX,
            note="decoupled decay",
        ),
        "muon_consistent": from_optax(
            "optax.contrib.muon(0.01, consistent_rms=0.2)",
            {**muon, "consistentRms": 0.2},
            MATRIX,
            note="scale 0.2 sqrt(max(rows, cols))",
        ),
        "agc_sgd": from_optax(
            "optax.chain(optax.adaptive_grad_clip(0.01), optax.sgd(0.1))",
            {"clip": 0.01, "eps": 0.001, "lr": 0.1},
            MATRIX,
            note="norms over axis 0: a unit is a column of an [in, out] matrix",
        ),
        "agc_sgd_vector": from_optax(
            "optax.chain(optax.adaptive_grad_clip(0.01), optax.sgd(0.1))",
            {"clip": 0.01, "eps": 0.001, "lr": 0.1},
            note="a vector is one unit",
        ),
        "clip_rms_sgd": from_optax(
            "optax.chain(optax.clip_by_block_rms(1.0), optax.sgd(0.1))", {"rms": 1.0, "lr": 0.1}
        ),
        "centralize_sgd": from_optax(
            "optax.chain(optax.centralize(), optax.sgd(0.01))",
            {"lr": 0.01},
            MATRIX,
            note="subtracts each row's mean: the convention of [out, in] matrices",
        ),
    }
