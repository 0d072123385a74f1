"""Lesson 6: schedules, one jump against the chain, the walkers, distances to the normal distribution, the posterior."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from training.diffusion.forward import add_noise, chain_step, posterior
from training.diffusion.noise import normals
from training.diffusion.process import VariancePreserving, process, require_vp
from training.diffusion.schedules import Schedule, from_betas, schedule
from training.measure.gallery import small_picture
from training.references.common import Reference

PICTURE = "golden-retriever"
SEED = 1
STEPS = 1000
SIDE = 32
WALKERS = 1000
#: Row and column of the chosen pixel; its channel is the first.
PIXEL = (11, 16)
#: Streams of the seed, as lessons/06-noise/noise-streams.ts has them.
STREAMS = {"small": 0, "links": 2, "jump": 3, "walkers": 4, "walk-jumps": 5}
NAMES = ("linear", "cosine", "vp", "scaled-linear")


def table(name: str) -> Schedule:
    """The schedule of T steps; the continuous process cut into as many."""
    if name != "vp":
        return schedule(name, STEPS)
    vp = require_vp(process("vp"), "The reference")
    logs = np.array([vp.log_alpha_bar(n / STEPS) for n in range(STEPS + 1)])
    return from_betas("vp", -np.expm1(np.diff(logs)))


def draw(stream: str, count: int, k: int = 0) -> Tensor:
    """Draw number k of `count` normals, float64."""
    return torch.from_numpy(normals(SEED, k * count, count, STREAMS[stream]))


def decibels(alpha_bar: float) -> float:
    """10 log10 of the signal-to-noise ratio."""
    return 10 * math.log10(alpha_bar / (1 - alpha_bar))


def ks(values: Tensor) -> float:
    """Largest gap between the values' distribution function and the standard normal one."""
    ordered = values.flatten().sort().values
    share = torch.special.ndtr(ordered)
    n = len(ordered)
    below = torch.arange(n, dtype=torch.float64) / n
    return float(torch.maximum(share - below, below + 1 / n - share).max())


def moments(values: Tensor) -> list[float]:
    """Mean and unbiased variance."""
    return [float(values.mean()), float(values.var())]


def put_schedules(out: Reference) -> None:
    """Per schedule: signal power and SNR at a few indices, the first index with SNR at most 1."""
    at = [0, 249, 499, 749, 999]
    out.put("at", [float(t) for t in at], "indices of the schedule tables")
    for name in NAMES:
        bars = table(name).alphas_cumprod
        out.put(f"beta-{name}", [float(table(name).betas[t]) for t in at], "beta")
        out.put(f"abar-{name}", [float(bars[t]) for t in at], "signal power")
        out.put(f"db-{name}", [decibels(float(bars[t])) for t in at], "SNR in decibels")
        out.put(f"half-{name}", float(np.argmax(bars <= 0.5)), "first index with SNR at most 1")


def put_chain(out: Reference, linear: Schedule, x0: Tensor, t: int) -> None:
    """The chain's links up to index t, the same noise folded, a fresh jump: what is left beside the faded picture."""
    x = x0.flatten()
    folded = torch.zeros_like(x)
    for n in range(t + 1):
        eps = draw("links", len(x), n)
        x = chain_step(linear, n, x, eps)
        before = 1.0 if n == 0 else float(linear.alphas_cumprod[n - 1])
        beta, after = float(linear.betas[n]), float(linear.alphas_cumprod[n])
        folded = (math.sqrt((1 - beta) * (1 - before)) * folded + math.sqrt(beta) * eps) / math.sqrt(1 - after)
    bar = float(linear.alphas_cumprod[t])
    signal, noise = math.sqrt(bar), math.sqrt(1 - bar)
    assert float((signal * x0.flatten() + noise * folded - x).abs().max()) < 1e-12
    fresh = signal * x0.flatten() + noise * draw("jump", len(x), t)
    out.put("chain", moments(x - signal * x0.flatten()), f"mean and variance beside the faded picture, {t + 1} links")
    out.put("jump", moments(fresh - signal * x0.flatten()), "the same of one jump with fresh noise")
    out.put("folded-deviation", float(folded.std()), "deviation of the folded noise")


def put_walk(out: Reference, linear: Schedule, start: float, t: int) -> None:
    """A thousand walkers from one value, and as many jumps."""
    for key, again in (("walk", False), ("walk-same", True)):
        x = torch.full((WALKERS,), start, dtype=torch.float64)
        for n in range(t + 1):
            x = chain_step(linear, n, x, draw("walkers", WALKERS, 0 if again else n))
        out.put(key, moments(x), f"mean and variance of the walkers after index {t}")
    bar = float(linear.alphas_cumprod[t])
    jumps = math.sqrt(bar) * start + math.sqrt(1 - bar) * draw("walk-jumps", WALKERS, t)
    out.put("walk-jump", moments(jumps), "the same of one jump each")


def put_posterior(out: Reference, vp: VariancePreserving, x0: Tensor, x: Tensor, t: int) -> None:
    """Mean and deviation of the chosen value some steps earlier, with the weights of the mean."""
    for back in (1, 10, 100):
        late, early = (t + 1) / STEPS, (t + 1 - back) / STEPS
        p = posterior(vp, late, early)
        mean = p.from_x0 * x0[0, *PIXEL] + p.from_x * x[0, *PIXEL]
        out.put(f"back-{back}", [float(mean), math.sqrt(p.variance)], "mean and deviation")
        out.put(f"back-weights-{back}", [p.from_x0, p.from_x, p.variance, p.beta], "weights, variance, beta")


def reference() -> Reference:
    """Numbers of the gallery picture at 32 x 32 with seed 1 and the linear schedule."""
    out = Reference()
    linear = table("linear")
    vp = require_vp(process("linear", STEPS), "The reference")
    x0 = small_picture(PICTURE)
    eps = draw("small", x0.numel()).reshape(x0.shape)
    put_schedules(out)
    out.put("mean", float(x0.mean()), "mean of the picture")
    for t in (0, 249, 749, 999):
        x = add_noise(vp, (t + 1) / STEPS, x0, eps)
        out.put(f"pixel-{t}", x[:, *PIXEL], "the chosen pixel of x_t")
        out.put(f"values-{t}", [float(x.mean()), float(x.std()), ks(x)], "mean, deviation, KS distance of x_t")
    unfaded = x0 + math.sqrt(1 - float(linear.alphas_cumprod[999])) * eps
    out.put("unfaded-999", [float(unfaded.mean()), float(unfaded.std()), ks(unfaded)], "with the picture not faded")
    out.put("noise-pixel", eps[:, *PIXEL], "the chosen pixel of the noise")
    out.put("picture-pixel", x0[:, *PIXEL], "the chosen pixel of the picture")
    put_chain(out, linear, x0, 249)
    put_walk(out, linear, float(x0[0, *PIXEL]), 499)
    put_posterior(out, vp, x0, add_noise(vp, 250 / STEPS, x0, eps), 249)
    return out
