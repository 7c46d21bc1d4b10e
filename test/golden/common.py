"""What the scripts of this folder share: the gradient tape, and a JSON writer that keeps every bit of a float64."""

import json
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
TIMES = (1, 2, 3, 10, 100)
X0 = (1.0, -2.0, 3.0, 0.5)


def tape_gradient(t):
    """g_i(t) = cos(0.7 t i) 10^(i - 2) + 0.1 i for i = 1..4; t counts from 1. Float64, shape [4]."""
    i = np.arange(1, 5, dtype=np.float64)
    return np.cos(0.7 * t * i) * 10.0 ** (i - 2) + 0.1 * i


def plain(value):
    """Arrays, tensors, tuples and their nestings as what JSON knows; numbers that are floats stay floats."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    return np.asarray(value).tolist() if hasattr(value, "shape") else value


def lines(value, width, indent=0):
    """JSON text in which whatever fits into `width` characters stands on one line."""
    flat = json.dumps(value, allow_nan=False, separators=(", ", ": "))
    if indent > 0 and len(flat) <= width or not isinstance(value, (dict, list)):
        return flat
    pad = " " * (indent + 1)
    if isinstance(value, dict):
        parts = [f"{pad}{json.dumps(key)}: {lines(item, width, indent + 1)}" for key, item in value.items()]
        return "{\n" + ",\n".join(parts) + "\n" + " " * indent + "}"
    return "[\n" + ",\n".join(pad + lines(item, width, indent + 1) for item in value) + "\n" + " " * indent + "]"


def write(name, value, width=1000):
    """Writes `value` beside the scripts. Floats are printed as the shortest text that reads back to the same f64."""
    text = lines(plain(value), width) + "\n"
    assert json.loads(text) == plain(value), name
    (HERE / name).write_text(text)
    print(f"{name}: {len(text)} bytes")
