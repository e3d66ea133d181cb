"""Records outputs and gradients of PyTorch layers, against which the engine's layers are tested.

Run with Debian's python3-torch 1.13 (/usr/bin/python3 record.py); writes one JSON file per case beside this file.
Everything is computed in float64 from inputs rounded to float32, so the recorded values are exact to the digits shown.
Images are recorded channels last, filters as [filters, row, column, channel]. The loss is the sum of the output times `weights`.
RMSNorm, rotary positions, SwiGLU and causal attention are written out from their formulas: PyTorch 1.13 has no modules for them.
"""

import json
import math
import os

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(20261122)


def normal(*shape, scale=1.0):
    """Random numbers that float32 holds exactly."""
    return (scale * torch.randn(*shape, generator=generator)).to(torch.float32).to(torch.float64).requires_grad_()


def numbers(tensor):
    return {"shape": list(tensor.shape), "values": [float(f"{v:.10g}") for v in tensor.detach().reshape(-1).tolist()]}


def record(name, inputs, function, layouts=None, integers=None, extra=None):
    """Runs `function` on `inputs` (a dictionary of leaves) and writes inputs, output, weights and gradients."""
    layouts = layouts or {}
    output = function(**inputs)
    weights = torch.randn(output.shape, generator=generator).to(torch.float32).to(torch.float64)
    (output * weights).sum().backward()
    last = {"image": lambda t: t.permute(0, 2, 3, 1)}
    convert = lambda key, t: last[layouts[key]](t) if key in layouts else t
    case = {
        "inputs": {key: numbers(convert(key, t)) for key, t in inputs.items()},
        "integers": integers or {},
        "output": numbers(convert("output", output)),
        "weights": numbers(convert("output", weights)),
        "gradients": {key: numbers(convert(key, t.grad)) for key, t in inputs.items() if t.grad is not None},
        "extra": {key: numbers(t) for key, t in (extra or {}).items()},
    }
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".json")
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        json.dump(case, file, separators=(",", ":"))
        file.write("\n")


def rms_norm(x, weight, epsilon=1e-5):
    return weight * x / torch.sqrt((x * x).mean(-1, keepdim=True) + epsilon)


def rotate(x, heads, first=0, base=10000.0):
    """x: [batch, time, heads * width]; entry i of a head is paired with entry i + width / 2."""
    batch, time, columns = x.shape
    width = columns // heads
    angle = torch.arange(first, first + time)[:, None] * base ** (-2.0 * torch.arange(width // 2) / width)[None, :]
    cosine, sine = angle.cos()[None, :, None, :], angle.sin()[None, :, None, :]
    a, b = x.reshape(batch, time, heads, width).split(width // 2, dim=-1)
    return torch.cat([a * cosine - b * sine, b * cosine + a * sine], dim=-1).reshape(batch, time, columns)


def attention(query, key, value, heads):
    batch, queries, columns = query.shape
    keys = key.shape[1]
    split = lambda t: t.reshape(batch, -1, heads, columns // heads).transpose(1, 2)
    scores = split(query) @ split(key).transpose(-1, -2) / math.sqrt(columns // heads)
    hidden = torch.ones(queries, keys, dtype=torch.bool).triu(keys - queries + 1)
    probabilities = scores.masked_fill(hidden, float("-inf")).softmax(-1)
    return (probabilities @ split(value)).transpose(1, 2).reshape(batch, queries, columns)


def swiglu(gate, up):
    return gate * torch.sigmoid(gate) * up


record("linear", {"x": normal(5, 7), "weight": normal(3, 7), "bias": normal(3)}, lambda x, weight, bias: F.linear(x, weight, bias))
record("relu", {"x": normal(4, 9)}, lambda x: F.relu(x))
record("tanh", {"x": normal(4, 9, scale=2)}, lambda x: torch.tanh(x))
record("add", {"x": normal(4, 5), "y": normal(4, 5)}, lambda x, y: x + y)

for name, kernel, stride, padding in [("convolution", 3, 1, 1), ("convolution-stride2", 3, 2, 1), ("convolution-1x1-stride2", 1, 2, 0)]:
    record(name, {"x": normal(2, 3, 6, 5), "weight": normal(4, 3, kernel, kernel)},
           lambda x, weight: F.conv2d(x, weight, stride=stride, padding=padding),
           layouts={"x": "image", "weight": "image", "output": "image"}, integers={"stride": [stride], "padding": [padding]})

mean, variance = torch.full((3,), 0.5), torch.full((3,), 2.0)
record("batch-norm", {"x": normal(4, 3, 3, 2), "gamma": normal(3), "beta": normal(3)},
       lambda x, gamma, beta: F.batch_norm(x, mean, variance, gamma, beta, training=True, momentum=0.1, eps=1e-5),
       layouts={"x": "image", "output": "image"}, extra={"runningMean": mean, "runningVariance": variance})

record("batch-norm-evaluation", {"x": normal(4, 3, 3, 2), "gamma": normal(3), "beta": normal(3)},
       lambda x, gamma, beta: F.batch_norm(x, torch.tensor([0.5, -1.0, 0.0]), torch.tensor([2.0, 1.0, 0.5]), gamma, beta, training=False, eps=1e-5),
       layouts={"x": "image", "output": "image"})

record("batch-norm-residual-relu", {"x": normal(4, 3, 3, 2), "gamma": normal(3), "beta": normal(3), "residual": normal(4, 3, 3, 2)},
       lambda x, gamma, beta, residual: F.relu(F.batch_norm(x, None, None, gamma, beta, training=True, eps=1e-5) + residual),
       layouts={"x": "image", "residual": "image", "output": "image"})

record("global-average-pool", {"x": normal(2, 3, 4, 5)}, lambda x: F.adaptive_avg_pool2d(x, 1).flatten(1), layouts={"x": "image"})

labels = [3, 0, -1, 6, 2]
record("cross-entropy", {"x": normal(5, 7, scale=3)},
       lambda x: F.cross_entropy(x, torch.tensor(labels), ignore_index=-1).reshape(()), integers={"labels": labels})

tokens = [4, 0, 4, 2, 2, 5, 1]
record("embedding", {"table": normal(6, 4)}, lambda table: F.embedding(torch.tensor(tokens), table), integers={"tokens": tokens})

offsets = [0, 3, 3, 6]
record("embedding-bag", {"table": normal(6, 4)},
       lambda table: F.embedding_bag(torch.tensor(tokens), table, torch.tensor(offsets), mode="mean"),
       integers={"tokens": tokens, "offsets": offsets + [len(tokens)]})

record("rms-norm", {"x": normal(4, 9), "weight": normal(9)}, rms_norm)
record("rotary", {"x": normal(2, 4, 12)}, lambda x: rotate(x, heads=2, first=3), integers={"first": [3], "width": [6]})
record("swiglu", {"gate": normal(4, 9, scale=2), "up": normal(4, 9)}, swiglu)
record("attention", {"query": normal(2, 5, 12), "key": normal(2, 5, 12), "value": normal(2, 5, 12)},
       lambda query, key, value: attention(query, key, value, heads=3), integers={"heads": [3]})
record("attention-more-keys", {"query": normal(1, 2, 8), "key": normal(1, 5, 8), "value": normal(1, 5, 8)},
       lambda query, key, value: attention(query, key, value, heads=2), integers={"heads": [2]})


def transformer(tokens, heads, **p):
    p = {key.replace("__", "."): value for key, value in p.items()}
    h = F.embedding(torch.tensor(tokens), p["embedding.weight"])
    for block in range(2):
        at = lambda name: p[f"blocks.{block}.{name}.weight"]
        x = rms_norm(h, at("attentionNorm"))
        query, key = (rotate(F.linear(x, at(f"attention.{name}")), heads) for name in ("query", "key"))
        h = h + F.linear(attention(query, key, F.linear(x, at("attention.value")), heads), at("attention.output"))
        x = rms_norm(h, at("feedForwardNorm"))
        h = h + F.linear(swiglu(F.linear(x, at("feedForward.gate")), F.linear(x, at("feedForward.up"))), at("feedForward.down"))
    return F.linear(rms_norm(h, p["norm.weight"]), p["head.weight"])


width, hidden, vocabulary = 8, 12, 11
shapes = {"embedding.weight": (vocabulary, width)}
for block in range(2):
    shapes[f"blocks.{block}.attentionNorm.weight"] = (width,)
    for name in ("query", "key", "value", "output"):
        shapes[f"blocks.{block}.attention.{name}.weight"] = (width, width)
    shapes[f"blocks.{block}.feedForwardNorm.weight"] = (width,)
    shapes[f"blocks.{block}.feedForward.gate.weight"] = (hidden, width)
    shapes[f"blocks.{block}.feedForward.up.weight"] = (hidden, width)
    shapes[f"blocks.{block}.feedForward.down.weight"] = (width, hidden)
shapes["norm.weight"] = (width,)
shapes["head.weight"] = (vocabulary, width)
text = [[1, 2, 3, 10, 0, 5], [4, 4, 1, 2, 9, 8]]
parameters = {key.replace(".", "__"): normal(*shape, scale=0.5) for key, shape in shapes.items()}
record("transformer", parameters, lambda **p: transformer(text, 2, **p), integers={"tokens": sum(text, [])})
