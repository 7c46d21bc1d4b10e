// The PyTorch script that trains what a recipe says: layers, loss, optimizer and schedule as PyTorch has them.
import type { Layer, Loss } from "../nn/index.ts";
import type { Optimizer } from "../optim/index.ts";
import type { Order } from "../ops/batch.ts";
import { lossLine, modelLines, startLines } from "./pytorch_model.ts";
import { torchOptimizer } from "./pytorch_optimizer.ts";
import { scheduleLines } from "./pytorch_schedule.ts";

export interface ScriptOptions {
  readonly model: readonly Layer[];
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly batch: number;
  readonly steps: number;
  readonly seed: number;
  readonly order?: Order;
  /** Numbers in one example. */
  readonly features: number;
  /** Whether y holds labels (integers) or targets. */
  readonly labels: boolean;
  /** Whether rows have weights: PyTorch's losses have none for rows. */
  readonly weighted?: boolean;
  /** For the header: the data's name, the recipe's hash. */
  readonly data: string;
  readonly recipeHash?: string;
}

const READER = `def tensors(path):
    """A safetensors file: u64 header length, JSON header, bytes."""
    raw = open(path, "rb").read()
    (length,) = struct.unpack("<Q", raw[:8])
    header, body = json.loads(raw[8 : 8 + length]), raw[8 + length :]
    header.pop("__metadata__", None)
    types = {"F32": torch.float32, "I32": torch.int32, "U8": torch.uint8}
    return {
        name: torch.frombuffer(bytearray(body[slice(*at["data_offsets"])]), dtype=types[at["dtype"]]).reshape(at["shape"])
        for name, at in header.items()
    }`;

const ORDERS: Readonly<Record<Order, string>> = {
  permutation: "torch.randperm(len(x))",
  replacement: "torch.randint(len(x), (len(x),))",
  sequential: "torch.arange(len(x))",
};

const header = ({
  data,
  recipeHash,
  batch,
  steps,
  seed,
}: ScriptOptions): string => `"""What Fall Line trains on ${data}: batch ${batch}, ${steps} steps, seed ${seed}${recipeHash ? `, recipe ${recipeHash}` : ""}.

data.safetensors     x [rows, features] as the network sees it, y, and rows [steps, batch]: which rows each step takes.
start.safetensors    the start of this seed. Without it PyTorch draws its own: the same law, other numbers.
Both come from Fall Line's export. With both, the losses are those of Fall Line up to rounding.
"""`;

/** Steps of the loop, indented by four. */
function loop(before: readonly string[], { lines, hears }: { lines: readonly string[]; hears: boolean }): string {
  const after = hears
    ? [
        "heard.append(loss.item())",
        "if len(heard) == hear_every:",
        "    schedule.step(sum(heard) / hear_every)",
        "    heard.clear()",
      ]
    : lines.length > 0
      ? ["schedule.step()"]
      : [];
  return ["optimizer.zero_grad()", "loss.backward()", ...before, "optimizer.step()", ...after]
    .map((line) => `    ${line}`)
    .join("\n");
}

/**
 * A Python script for PyTorch 2 that trains the same: printed losses are those before each update, as here. What PyTorch lacks
 * is said in a comment where it would stand. With the exported data and start its losses are the same up to rounding, but for
 * dropout, whose masks are PyTorch's own.
 */
export function pytorchScript(options: ScriptOptions): string {
  const { model, features, loss, optimizer, batch, steps, seed, labels, order = "permutation" } = options;
  const by = torchOptimizer(optimizer);
  const schedule = scheduleLines(by.lr, steps);
  const y = labels ? 'data["y"].long()' : 'data["y"].to(x.dtype)';
  return `${header(options)}
import json
import os
import struct

import torch
from torch import nn

BATCH, STEPS, SEED = ${batch}, ${steps}, ${seed}


${READER}


torch.manual_seed(SEED)
data = tensors("data.safetensors")
x = data["x"].to(torch.get_default_dtype())
y = ${y}

${modelLines(model, features)}
${startLines(model, features)}
if os.path.exists("start.safetensors"):
    model.load_state_dict(tensors("start.safetensors"))

${options.weighted ? "# The rows have weights in Fall Line, PyTorch's losses have none for rows: here they all count alike.\n" : ""}${lossLine(loss)}
${by.lines.join("\n")}
${schedule.lines.length > 0 ? `${schedule.lines.join("\n")}\n` : ""}

def batches():
    """Rows by rows: those of the file, else ${order === "permutation" ? "a permutation an epoch, its last partial batch dropped" : order}."""
    if "rows" in data:
        yield from data["rows"].long()
        return
    while True:
        order = ${ORDERS[order]}
        yield from order[: len(x) // BATCH * BATCH].split(BATCH)


losses = []
for step, rows in zip(range(STEPS), batches()):
    loss = criterion(model(x[rows]), y[rows])
    losses.append(loss.item())
${loop(by.before, schedule)}
    if step % max(1, STEPS // 20) == 0:
        print(step, losses[-1])

model.eval()
torch.save(model.state_dict(), "trained.pt")
`;
}
