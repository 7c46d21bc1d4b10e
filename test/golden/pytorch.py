"""Runs the PyTorch scripts that Fall Line writes (pytorch/*.py) with the data and the start it exports. Writes pytorch.json.

The scripts, and the files beside them in base64, are what test/node/export.pytorch.test.ts makes today: it compares them.
They run in float64 on the exported float32 numbers. The trained weights go back as safetensors, written here.
"""

import base64
import json
import os
import runpy
import struct
import tempfile

import torch

from common import HERE, write

torch.set_num_threads(1)


def safetensors(tensors):
    """A file of float32 tensors by the format's specification, in the order they come."""
    header, body = {}, b""
    for name, tensor in tensors.items():
        data = tensor.detach().to(torch.float32).numpy().tobytes()
        offsets = [len(body), len(body) + len(data)]
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": offsets}
        body += data
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def play(name):
    folder = HERE / "pytorch"
    torch.set_default_dtype(torch.float64)
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        for part in ("data", "start"):
            file = folder / f"{name}.{part}.b64"
            open(f"{part}.safetensors", "wb").write(base64.b64decode(file.read_text()))
        ran = runpy.run_path(str(folder / f"{name}.py"))
        os.chdir(HERE)
    model, x = ran["model"], ran["x"]
    trained = {key: value.to(torch.float32) for key, value in model.state_dict().items()}
    model.load_state_dict(trained)
    return {
        "losses": ran["losses"],
        "outputs": model(x[:4]),
        "trained": base64.b64encode(safetensors(trained)).decode(),
    }


if __name__ == "__main__":
    write(
        "pytorch.json",
        {
            "source": f"PyTorch {torch.__version__}, float64",
            "notes": [
                "losses[t] is the loss before update t, as the script collects it.",
                "trained: the weights after the last step, rounded to float32, as safetensors; outputs are theirs, in "
                "float64, for the first four rows of x.",
            ],
            "classifier": play("classifier"),
            "regression": play("regression"),
        },
        width=200,
    )
