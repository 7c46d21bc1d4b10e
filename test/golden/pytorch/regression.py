"""What Fall Line trains on sine: batch 6, 12 steps, seed 9.

data.safetensors     x [rows, features] as the network sees it, y, and rows [steps, batch]: which rows each step takes.
start.safetensors    the start of this seed. Without it PyTorch draws its own: the same law, other numbers.
Both come from Fall Line's export. With both, the losses are those of Fall Line up to rounding.
"""
import json
import os
import struct

import torch
from torch import nn

BATCH, STEPS, SEED = 6, 12, 9


def tensors(path):
    """A safetensors file: u64 header length, JSON header, bytes."""
    raw = open(path, "rb").read()
    (length,) = struct.unpack("<Q", raw[:8])
    header, body = json.loads(raw[8 : 8 + length]), raw[8 + length :]
    header.pop("__metadata__", None)
    types = {"F32": torch.float32, "I32": torch.int32, "U8": torch.uint8}
    return {
        name: torch.frombuffer(bytearray(body[slice(*at["data_offsets"])]), dtype=types[at["dtype"]]).reshape(at["shape"])
        for name, at in header.items()
    }


torch.manual_seed(SEED)
data = tensors("data.safetensors")
x = data["x"].to(torch.get_default_dtype())
y = data["y"].to(x.dtype)

model = nn.Sequential(
    nn.Linear(1, 5),
    nn.Sigmoid(),
    nn.Linear(5, 1),
)
# What is not named here starts as PyTorch has it, which is the same law.
nn.init.normal_(model.get_parameter("0.weight"), 0.0, 1.4142135623730951)  # heNormal
nn.init.zeros_(model.get_parameter("0.bias"))
if os.path.exists("start.safetensors"):
    model.load_state_dict(tensors("start.safetensors"))

criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.0625, momentum=0.875, weight_decay=0.0078125, nesterov=True)
schedule = torch.optim.lr_scheduler.StepLR(optimizer, step_size=5, gamma=0.5)


def batches():
    """Rows by rows: those of the file, else replacement."""
    if "rows" in data:
        yield from data["rows"].long()
        return
    while True:
        order = torch.randint(len(x), (len(x),))
        yield from order[: len(x) // BATCH * BATCH].split(BATCH)


losses = []
for step, rows in zip(range(STEPS), batches()):
    loss = criterion(model(x[rows]), y[rows])
    losses.append(loss.item())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    schedule.step()
    if step % max(1, STEPS // 20) == 0:
        print(step, losses[-1])

model.eval()
torch.save(model.state_dict(), "trained.pt")
