"""PyTorch eager on the GPU of the native bench: steps a second of the bench's networks, f32 products, a copy.

python3 bench/native/pytorch.py [file.json]
"""
import json
import statistics
import sys
import time

import torch
from torch.nn import functional

ROUNDS = 5
ROWS = 2048
NETWORKS = [([784, 256, 10], 128), ([64, 32, 10], 32)]
SIZES = [1024, 2048, 4096]


def seconds(work, times):
    """Median seconds of one `work` over rounds of `times`, the GPU awaited at the end of each."""
    for _ in range(times // 10 + 1):
        work()
    torch.cuda.synchronize()
    found = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(times):
            work()
        torch.cuda.synchronize()
        found.append((time.perf_counter() - start) / times)
    return statistics.median(found)


def step_of(widths, batch, fused):
    """A training step with Adam: relu between the layers, cross entropy, batches cut from data that lie on the GPU."""
    torch.manual_seed(0)
    linear = [torch.nn.Linear(a, b) for a, b in zip(widths, widths[1:])]
    layers = [layer for each in linear for layer in (each, torch.nn.ReLU())][:-1]
    net = torch.nn.Sequential(*layers).cuda()
    optimizer = torch.optim.Adam(net.parameters(), fused=fused)
    x = torch.rand(ROWS, widths[0], device="cuda")
    y = torch.randint(0, widths[-1], (ROWS,), device="cuda")
    at = 0

    def step():
        nonlocal at
        rows = slice(at, at + batch)
        at = (at + batch) % (ROWS - ROWS % batch)
        optimizer.zero_grad(set_to_none=True)
        functional.cross_entropy(net(x[rows]), y[rows]).backward()
        optimizer.step()

    return step


def main():
    found = {"torch": torch.__version__, "gpu": torch.cuda.get_device_name(), "steps/s": {}, "GFLOP/s": {}}
    for widths, batch in NETWORKS:
        for fused in (False, True):
            name = f"{'-'.join(map(str, widths))}, batch {batch}, {'fused ' if fused else ''}Adam"
            found["steps/s"][name] = 1 / seconds(step_of(widths, batch, fused), 1000)
    torch.backends.cuda.matmul.allow_tf32 = False
    for size in SIZES:
        a, b = (torch.randn(size, size, device="cuda") for _ in range(2))
        found["GFLOP/s"][size] = 2e-9 * size**3 / seconds(lambda: a @ b, 50)
    x = torch.empty(2**28, device="cuda")
    y = torch.empty_like(x)
    found["copy GB/s"] = 2e-9 * x.numel() * x.element_size() / seconds(lambda: y.copy_(x), 20)
    text = json.dumps(found, indent=1)
    print(text)
    if len(sys.argv) > 1:
        with open(sys.argv[1], "w", encoding="utf8") as file:
            file.write(f"{text}\n")


main()
