# Trains a model of the shape that the first argument describes with PyTorch's AdamW, eagerly, and says how long steps take.
# Arguments: the model as JSON, threads. A line with a number asks for so many steps; the answer is a line of JSON.
import json, math, resource, sys, time

import torch
from torch import nn
from torch.nn import functional as F

spec, threads = json.loads(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(threads)
torch.manual_seed(0)


class RmsNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * self.weight


class Attention(nn.Module):
    def __init__(self, width, heads, context):
        super().__init__()
        self.heads, self.each = heads, width // heads
        self.query, self.key, self.value, self.output = (nn.Linear(width, width, bias=False) for _ in range(4))
        angles = torch.outer(torch.arange(context), 10000.0 ** (-torch.arange(0, self.each, 2) / self.each))
        self.register_buffer("cosine", torch.cat([angles.cos(), angles.cos()], -1))
        self.register_buffer("sine", torch.cat([angles.sin(), angles.sin()], -1))
        self.register_buffer("future", torch.triu(torch.ones(context, context, dtype=torch.bool), 1))

    def turned(self, x):
        first, second = x.chunk(2, -1)
        return x * self.cosine + torch.cat([-second, first], -1) * self.sine

    def forward(self, x):
        batch, time, width = x.shape
        q, k, v = (f(x).view(batch, time, self.heads, self.each).transpose(1, 2) for f in (self.query, self.key, self.value))
        q, k = self.turned(q), self.turned(k)
        if hasattr(F, "scaled_dot_product_attention"):
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            y = (q @ k.transpose(-2, -1) / math.sqrt(self.each)).masked_fill(self.future, -math.inf).softmax(-1) @ v
        return self.output(y.transpose(1, 2).reshape(batch, time, width))


class SwiGlu(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.gate, self.up, self.down = nn.Linear(width, hidden, bias=False), nn.Linear(width, hidden, bias=False), nn.Linear(hidden, width, bias=False)

    def forward(self, x):
        return self.down(F.silu(self.gate(x)) * self.up(x))


class Decoder(nn.Module):
    def __init__(self, width, heads, hidden, context):
        super().__init__()
        self.norm1, self.attention = RmsNorm(width), Attention(width, heads, context)
        self.norm2, self.fed = RmsNorm(width), SwiGlu(width, hidden)

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.fed(self.norm2(x))


class Transformer(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.embedding = nn.Embedding(s["vocabulary"], s["width"])
        self.blocks = nn.Sequential(*(Decoder(s["width"], s["heads"], s["hidden"], s["context"]) for _ in range(s["layers"])))
        self.norm = RmsNorm(s["width"])
        self.head = nn.Linear(s["width"], s["vocabulary"], bias=False)
        if s["tiedHead"]:
            self.head.weight = self.embedding.weight

    def forward(self, x):
        return self.head(self.norm(self.blocks(self.embedding(x)))).flatten(0, 1)


class Residual(nn.Module):
    def __init__(self, channels, filters, stride):
        super().__init__()
        self.first, self.norm1 = nn.Conv2d(channels, filters, 3, stride, 1, bias=False), nn.BatchNorm2d(filters)
        self.second, self.norm2 = nn.Conv2d(filters, filters, 3, 1, 1, bias=False), nn.BatchNorm2d(filters)
        same = stride == 1 and channels == filters
        self.shortcut = nn.Identity() if same else nn.Sequential(nn.Conv2d(channels, filters, 1, stride, bias=False), nn.BatchNorm2d(filters))

    def forward(self, x):
        h = self.norm2(self.second(F.relu(self.norm1(self.first(x)))))
        return F.relu(h + self.shortcut(x))


def network(s):
    layers, before = [nn.Conv2d(s["channels"], s["filters"], 3, 1, 1, bias=False), nn.BatchNorm2d(s["filters"]), nn.ReLU()], s["filters"]
    for stage in range(3):
        for block in range(s["blocks"]):
            layers.append(Residual(before, s["filters"] << stage, 2 if stage > 0 and block == 0 else 1))
            before = s["filters"] << stage
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(before, s["classes"]))


def perceptron(s):
    layers = []
    for inputs, outputs in zip(s["widths"], s["widths"][1:]):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


rows = 1000
if spec["kind"] == "transformer":
    model = Transformer(spec)
    data = torch.randint(spec["vocabulary"], (rows * spec["context"],))
elif spec["kind"] == "resnet":
    model = network(spec)
    data, labels = torch.rand(rows, spec["channels"], spec["height"], spec["width"]), torch.randint(spec["classes"], (rows,))
else:
    model = perceptron(spec)
    data, labels = torch.rand(rows, spec["widths"][0]), torch.randint(spec["widths"][-1], (rows,))

optimizer = torch.optim.AdamW(model.parameters(), lr=spec["rate"], weight_decay=0.01)


def batch():
    if spec["kind"] != "transformer":
        chosen = torch.randint(rows, (spec["batch"],))
        return data[chosen], labels[chosen]
    places = torch.randint(len(data) - spec["context"], (spec["batch"], 1)) + torch.arange(spec["context"] + 1)
    windows = data[places]
    return windows[:, :-1], windows[:, 1:].flatten()


def step():
    x, y = batch()
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    if spec.get("clipNorm"):
        nn.utils.clip_grad_norm_(model.parameters(), spec["clipNorm"])
    optimizer.step()
    return loss.item()


for line in sys.stdin:
    times = []
    for _ in range(int(line)):
        start = time.perf_counter_ns()
        step()
        times.append((time.perf_counter_ns() - start) / 1e6)
    print(json.dumps({
        "version": torch.__version__,
        "parameters": sum(p.numel() for p in model.parameters()),
        "milliseconds": times,
        "peakResidentBytes": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}), flush=True)
