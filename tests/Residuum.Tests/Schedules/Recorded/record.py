#!/usr/bin/python3
"""Records learning rates (and momenta) of PyTorch's schedulers, one line of JSON per case, for ScheduleRecordedTests.

Usage: /usr/bin/python3 record.py > pytorch.jsonl      (needs torch; recorded with 1.13)
"""
import json
import math

import torch
from torch.optim import lr_scheduler as s

BASE = 0.1


def run(make, steps, metrics=None):
    weight = torch.nn.Parameter(torch.zeros(1))
    other = torch.nn.Parameter(torch.zeros(1))
    # Two groups: the second at another rate, to catch schedulers that confuse groups with phases.
    optimizer = torch.optim.SGD([{"params": [weight], "lr": BASE}, {"params": [other], "lr": BASE / 4}], lr=BASE, momentum=0.9)
    schedule = make(optimizer)
    rates, momenta = [], []
    for t in range(steps):
        rates.append([group["lr"] for group in optimizer.param_groups])
        momenta.append(optimizer.param_groups[0]["momentum"])
        optimizer.step()
        schedule.step(metrics[t]) if metrics else schedule.step()
    return rates, momenta


def emit(name, text, make, steps, **kinds):
    rates, momenta = run(make, steps, metrics=kinds.get("metrics"))
    case = {"name": name, "schedule": text, "base": [BASE, BASE / 4], "rates": rates}
    if kinds.get("momentum"):
        case["momenta"] = momenta
    if "metrics" in kinds:
        case["metrics"] = ["NaN" if math.isnan(m) else m for m in kinds["metrics"]]
    print(json.dumps(case))


emit("constant", "constant:factor=0.25,steps=5", lambda o: s.ConstantLR(o, factor=0.25, total_iters=5), 12)
emit("linear", "linear:start=0.2,end=0.9,steps=10", lambda o: s.LinearLR(o, 0.2, 0.9, total_iters=10), 15)
emit("step", "step:size=4,gamma=0.3", lambda o: s.StepLR(o, 4, 0.3), 15)
emit("multi-step", "multi-step:milestones=2/7/7/9,gamma=0.5", lambda o: s.MultiStepLR(o, [2, 7, 7, 9], 0.5), 15)
emit("exponential", "exponential:gamma=0.9", lambda o: s.ExponentialLR(o, 0.9), 30)
emit("polynomial", "polynomial:steps=10,power=1.5", lambda o: s.PolynomialLR(o, total_iters=10, power=1.5), 15)
emit("cosine", "cosine:steps=12,min=0.001,periodic=true", lambda o: s.CosineAnnealingLR(o, 12, 0.001), 50)
emit("cosine-restarts", "cosine-restarts:period=5,multiplier=2,min=0.002", lambda o: s.CosineAnnealingWarmRestarts(o, 5, 2, 0.002), 80)
emit("cosine-restarts-1", "cosine-restarts:period=7", lambda o: s.CosineAnnealingWarmRestarts(o, 7), 40)
for mode in ("triangular", "triangular2", "exp_range"):
    for up, down in ((5, 5), (3, 8)):
        emit(
            f"cyclic-{mode}-{up}-{down}",
            f"cyclic:max=0.5,up={up},down={down},mode={mode.replace('_', '-')},gamma=0.97",
            lambda o: s.CyclicLR(o, [BASE, BASE / 4], 0.5, up, down, mode=mode, gamma=0.97, base_momentum=0.8, max_momentum=0.95),
            60,
            momentum=True,
        )
for anneal in ("cos", "linear"):
    for three in (False, True):
        emit(
            f"one-cycle-{anneal}-{three}",
            f"one-cycle:steps=40,shape={'cosine' if anneal == 'cos' else 'linear'},threePhases={str(three).lower()}",
            lambda o: s.OneCycleLR(o, [BASE, BASE / 4], total_steps=40, anneal_strategy=anneal, three_phase=three),
            40,
            momentum=True,
        )
emit(
    "one-cycle-other",
    "one-cycle:steps=57,peakFraction=0.45,startDivisor=10,endDivisor=100",
    lambda o: s.OneCycleLR(o, [BASE, BASE / 4], total_steps=57, pct_start=0.45, div_factor=10, final_div_factor=100),
    57,
)
emit(
    "sequential",
    "linear:start=0.1,end=1,steps=6@6;constant@12;exponential:gamma=0.8",
    lambda o: s.SequentialLR(o, [s.LinearLR(o, 0.1, 1, 6), s.ConstantLR(o, 1.0, 1), s.ExponentialLR(o, 0.8)], [6, 12]),
    25,
)
emit("lambda", "", lambda o: s.LambdaLR(o, lambda t: 1 / (1 + t)), 20)
emit("multiplicative", "", lambda o: s.MultiplicativeLR(o, lambda t: 1 - 1 / (t + 2)), 20)

metrics = [1 / (1 + 0.3 * t) if t < 12 else 0.2 + 0.05 * math.sin(t) for t in range(60)]
metrics[30] = float("nan")
for name, options in {
    "plateau-min-rel": dict(factor=0.5, patience=2, cooldown=1, threshold=0.01, min_lr=0.004),
    "plateau-min-abs": dict(factor=0.3, patience=3, threshold=0.05, threshold_mode="abs", eps=0.01),
    "plateau-max-rel": dict(mode="max", factor=0.5, patience=4, cooldown=3),
    "plateau-max-abs": dict(mode="max", factor=0.7, patience=0, threshold=0.02, threshold_mode="abs"),
}.items():
    emit(name, "", lambda o: s.ReduceLROnPlateau(o, **options), 60, metrics=metrics)
