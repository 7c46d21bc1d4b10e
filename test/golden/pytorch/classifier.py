"""What Fall Line trains on moons: batch 8, 12 steps, seed 5.

data.safetensors     x [rows, features] as the network sees it, y, and rows [steps, batch]: which rows each step takes.
start.safetensors    the start of this seed. Without it PyTorch draws its own: the same law, other numbers.
Both come from Fall Line's export. With both, the losses are those of Fall Line up to rounding.
"""
import json
import os
import struct

import torch
from torch import nn

BATCH, STEPS, SEED = 8, 12, 5


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
y = data["y"].long()

class Residual(nn.Module):
    """x + layers(x), which PyTorch has no module for."""

    def __init__(self, *layers):
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return x + self.layers(x)


model = nn.Sequential(
    nn.Linear(2, 6),
    nn.Tanh(),
    Residual(
        nn.Linear(6, 6),
        nn.GELU(approximate="tanh"),
    ),
    nn.Linear(6, 2),
)
# nn.Linear starts uniform in +-1 / sqrt(in), weights and biases, as Fall Line's linear does.
if os.path.exists("start.safetensors"):
    model.load_state_dict(tensors("start.safetensors"))

criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.AdamW(model.parameters(), lr=0.03125, betas=(0.875, 0.96875), eps=9.5367431640625e-7, weight_decay=0.0625)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=12, eta_min=0)


def batches():
    """Rows by rows: those of the file, else a permutation an epoch, its last partial batch dropped."""
    if "rows" in data:
        yield from data["rows"].long()
        return
    while True:
        order = torch.randperm(len(x))
        yield from order[: len(x) // BATCH * BATCH].split(BATCH)


losses = []
for step, rows in zip(range(STEPS), batches()):
    loss = criterion(model(x[rows]), y[rows])
    losses.append(loss.item())
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 0.5)
    optimizer.step()
    schedule.step()
    if step % max(1, STEPS // 20) == 0:
        print(step, losses[-1])

model.eval()
torch.save(model.state_dict(), "trained.pt")
