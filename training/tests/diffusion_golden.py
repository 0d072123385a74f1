"""The numbers that training/diffusion and src/lib/diffusion/math must both give.

    python -m training.tests.diffusion_golden        (from the repository's root)

writes training/tests/golden/diffusion.json. test_diffusion.py computes the same numbers again and
compares them with the file; src/lib/diffusion/math/golden.test.ts compares its own with the file.
Keys are spelled as in TypeScript.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from training.diffusion import (
    PROCESSES,
    SCHEDULES,
    TIME_CONVENTIONS,
    WEIGHTINGS,
    VpProcess,
    guide,
    guide_by_scale,
    logit_normal_time,
    loss_weight,
    network_time,
    posterior,
    process,
    sample,
    schedule,
    split,
    target,
    time_grid,
)
from training.diffusion.noise import SeededNoise, normals, philox
from training.diffusion.process import VariancePreserving

PATH = Path(__file__).parent / "golden" / "diffusion.json"
INDICES = (0, 99, 249, 499, 749, 999)
TIMES = (0.001, 0.0503, 0.25, 0.5, 0.7777, 0.999)
LENGTH, STEPS, SEED = 12, 8, 2026

# Philox: the three known answers of the Random123 distribution have these counters and keys.
BLOCKS = (
    ((0, 0, 0, 0), (0, 0)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF, 0xFFFFFFFF)),
    ((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0)),
)
# seed, stream, from, count
STRETCHES = (
    (0, 0, 0, 10),
    (7, 0, 0, 6),
    (7, 0, 3, 6),
    (7, 1, 0, 4),
    (2**40 + 5, 4294967295, 2**36 + 2, 5),
)
GRIDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("linear", {"steps": 10}),
    ("linear", {"steps": 7, "snap": True}),
    ("linear", {"steps": 60, "spacing": "quadratic", "snap": True}),
    ("cosine", {"steps": 8, "spacing": "lambda"}),
    ("scaled-linear", {"steps": 8, "spacing": "lambda", "end": 0.001, "snap": True}),
    ("vp", {"steps": 8, "spacing": "lambda", "closest": 0.0001}),
    ("vp", {"steps": 5, "spacing": "quadratic", "start": 0.9, "end": 0.1}),
    ("rectified-flow", {"steps": 4, "spacing": "lambda", "start": 0.98}),
)
# sampler, process, predicts, options of `sample`
RUNS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("ddpm", "linear", "eps", {"time": "index", "clip": [-1, 1], "snap": True}),
    ("ddpm", "vp", "v", {"variance": "large", "time": "999t"}),
    ("ddpm", "cosine", "x0", {"time": "1000t"}),
    ("ddim", "vp", "eps", {"time": "999t", "clip": [-1, 1]}),
    ("ddim", "scaled-linear", "v", {"eta": 0.5, "time": "count"}),
    ("ddim", "cosine", "v", {"eta": 1, "spacing": "quadratic", "end": 0.01}),
    ("ddim", "rectified-flow", "u", {"time": "1000t"}),
    ("euler", "vp", "v", {"time": "999t"}),
    ("euler", "linear", "x0", {"variable": "sigma"}),
    ("euler", "rectified-flow", "u", {}),
    ("heun", "vp", "v", {"time": "999t"}),
    ("heun", "scaled-linear", "v", {"variable": "sigma", "spacing": "lambda"}),
    ("heun", "rectified-flow", "u", {"clip": [-1, 1], "end": 0.02}),
    ("dpmpp-2m", "vp", "v", {"time": "999t", "clip": [-1, 1]}),
    ("dpmpp-2m", "linear", "eps", {"end": 0.001, "lastOrder": 2, "time": "index", "clip": [-2, 2]}),
    ("dpmpp-2m", "cosine", "x0", {"spacing": "quadratic"}),
    ("dpmpp-2m", "rectified-flow", "u", {"spacing": "uniform"}),
    ("sde", "vp", "eps", {"time": "999t", "clip": [-1, 1]}),
    ("sde", "linear", "v", {"spacing": "quadratic", "end": 0.001}),
)
SNAKE = {"lastOrder": "last_order"}


def network(x: np.ndarray, time: float) -> np.ndarray:
    """A stand-in that is neither linear nor the same for every element; the TypeScript test has it too."""
    ripple = np.sin(np.arange(x.shape[0])).astype(x.dtype)
    gain = float(0.6 + 0.3 * np.cos(0.005 * time))
    return np.tanh(gain * x) + 0.1 * ripple


def _noise() -> dict[str, Any]:
    blocks = [
        {
            "counter": list(counter),
            "key": list(key),
            "words": philox(np.array([counter], dtype=np.uint64), key)[0].tolist(),
        }
        for counter, key in BLOCKS
    ]
    stretches = [
        {"seed": s, "stream": k, "from": f, "count": n, "values": normals(s, f, n, k).tolist()}
        for s, k, f, n in STRETCHES
    ]
    return {"blocks": blocks, "stretches": stretches}


def _schedules() -> dict[str, Any]:
    tables = {name: schedule(name) for name in SCHEDULES}
    return {
        name: {
            "betas": [float(t.betas[n]) for n in INDICES],
            "alphasCumprod": [float(t.alphas_cumprod[n]) for n in INDICES],
        }
        for name, t in tables.items()
    }


def _process(name: str) -> dict[str, Any]:
    p = process(name)
    out: dict[str, Any] = {
        "signalRate": [p.signal_rate(t) for t in TIMES],
        "noiseRate": [p.noise_rate(t) for t in TIMES],
        "slopes": [list(p.rate_slopes(t)) for t in TIMES],
        "halfLogSnr": [p.half_log_snr(t) for t in TIMES],
        "timeAt": [p.time_at(p.half_log_snr(t)) for t in TIMES],
    }
    if isinstance(p, VariancePreserving):
        q = posterior(p, 0.5, 0.25)
        out["beta"] = [p.beta(t) for t in TIMES]
        out["posterior"] = [q.from_x0, q.from_x, q.variance, q.beta]
    if p.schedule is not None:
        out["networkTime"] = [network_time(c, 0.25, p) for c in TIME_CONVENTIONS]
    return out


def _conversions() -> list[dict[str, Any]]:
    x, prediction = normals(3, 0, 4), normals(3, 4, 4)
    out = []
    for name in ("vp", "rectified-flow"):
        for kind in ("x0", "eps", "v", "u"):
            p = process(name)
            x0, eps = split(kind, p, 0.3, x, prediction, (-1, 1))
            goal = target(kind, p, 0.3, x, prediction)
            row = {"process": name, "predicts": kind}
            out.append({**row, "x0": x0.tolist(), "eps": eps.tolist(), "target": goal.tolist()})
    return out


def run(case: tuple[str, str, str, dict[str, Any]], dtype: type[np.floating[Any]]) -> list[Any]:
    """One sampler run: x_T and every later draw come from one stream, x_T first."""
    name, process_name, predicts, options = case
    noise = SeededNoise(SEED)
    x = noise.normal(LENGTH).astype(dtype)
    own = {SNAKE.get(key, key): value for key, value in options.items()}
    model: Callable[[np.ndarray, float], np.ndarray] = network
    return list(sample(name, process(process_name), model, predicts, x, STEPS, noise=noise, **own))


def _runs() -> list[dict[str, Any]]:
    out = []
    for case in RUNS:
        steps = run(case, np.float64)
        out.append(
            {
                "sampler": case[0],
                "process": case[1],
                "predicts": case[2],
                "options": case[3],
                "first": steps[0].x.tolist(),
                "x0": steps[STEPS // 2].x0.tolist(),
                "eps": steps[STEPS // 2].eps.tolist(),
                "last": steps[-1].x.tolist(),
                "last32": [float(f"{v:.9g}") for v in run(case, np.float32)[-1].x],
            }
        )
    return out


def golden() -> dict[str, Any]:
    """Everything that the file holds."""
    snrs = (0.01, 1.0, 5.0, 80.0)
    cond, uncond = normals(4, 0, 3), normals(4, 3, 3)
    return {
        "command": "python -m training.tests.diffusion_golden",
        "indices": list(INDICES),
        "times": list(TIMES),
        "length": LENGTH,
        "steps": STEPS,
        "seed": SEED,
        "noise": _noise(),
        "schedules": _schedules(),
        "processes": {name: _process(name) for name in PROCESSES},
        "grids": [{"process": name, "options": o, "times": time_grid(process(name), **o)} for name, o in GRIDS],
        "conversions": _conversions(),
        "guidance": {
            "weight": guide(cond, uncond, 2.5).tolist(),
            "scale": guide_by_scale(cond, uncond, 0.4).tolist(),
        },
        "lossWeights": [
            [[loss_weight(w, kind, snr) for snr in snrs] for kind in ("x0", "eps", "v")] for w in WEIGHTINGS
        ],
        "logitNormal": [logit_normal_time(n, 0.2, 1.5) for n in (-2.0, 0.0, 1.0)],
        "vpAlphaBar": [VpProcess().alpha_bar(t) for t in TIMES],
        "runs": _runs(),
    }


def main() -> None:
    """Writes the file."""
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(json.dumps(golden(), indent=1) + "\n", encoding="utf-8")
    print(f"wrote {PATH.name}, {PATH.stat().st_size} bytes")


if __name__ == "__main__":
    main()
