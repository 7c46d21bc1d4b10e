"""Known answers on the gradient tape for what rules.json lacks, from PyTorch, optax and a few formulas.

Writes rules_extra.json."""

from common import TIMES, X0, tape_gradient, write
from formulas import formulas, rosenbrock_entries
from rules_classic import adam_family, divisor_family, sgd_family
from rules_conventions import conventions, falling
from rules_modern import layer_family, newer_family
from rules_wrappers import wrappers

if __name__ == "__main__":
    entries = sgd_family() | adam_family() | divisor_family() | newer_family()
    entries |= layer_family() | wrappers() | formulas() | conventions() | falling()
    gradients = {str(t): tape_gradient(t).tolist() for t in TIMES}
    write(
        "rules_extra.json",
        {
            "problem": {
                "start": X0,
                "gradient": "g_i(t) = cos(0.7 t i) 10^(i - 2) + 0.1 i, i = 1..4, t from 1",
                "gradients": gradients,
                "shapes": "one tensor of four numbers; where an entry has shapes, the same four "
                "numbers as tensors of these shapes, row-major, one after the other",
            },
            "entries": entries,
            "rosenbrock": {
                "problem": "steps on (1 - x)^2 + 100 (y - x^2)^2 from (-1.2, 1)",
                "entries": rosenbrock_entries(),
            },
        },
        width=2000,
    )
