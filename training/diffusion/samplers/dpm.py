"""DPM-Solver++(2M) (as src/lib/diffusion/math/samplers/dpm.ts)."""

from __future__ import annotations

import math

from training.diffusion.samplers.step import Sampler, SamplerOptions, Stretch, march
from training.diffusion.values import Values

# Steps up to which the last one is first-order unless told otherwise.
FEW_STEPS = 20


def dpm_solver_2m(options: SamplerOptions[Values], last_order: int | None = None) -> Sampler[Values]:
    """DPM-Solver++(2M): second order, one call of the model a step.

    With h = lambda_s - lambda_t and r = h_before/h: D = (1 + 1/2r) x0 - (1/2r) x0_before and
    x_s = (noise_s/noise_t) x - signal_s (e^-h - 1) D. The first step uses D = x0 (a DDIM step),
    and so does the last one where last_order is 1: by default up to FEW_STEPS steps, and always
    when it arrives at t = 0. Use `lambda` or `quadratic` spacing: with few steps even in t, the
    second order makes the last, longest stretches of lambda worse than DDIM.
    Source: Lu et al. 2022 (DPM-Solver++), algorithm 2.
    Raises ValueError for another last_order.
    """
    process = options.process
    last = len(options.times) - 1
    if last_order is None:
        last_order = 1 if last <= FEW_STEPS else 2
    if last_order not in (1, 2):
        raise ValueError(f"The order of the last step is {last_order}; it must be 1 or 2.")
    before: tuple[Values, float] | None = None

    def advance(at: Stretch[Values]) -> Values:
        nonlocal before
        h = process.half_log_snr(at.end) - process.half_log_snr(at.start)
        first = (at.step == last and last_order == 1) or process.noise_rate(at.end) == 0
        scale = -process.signal_rate(at.end) * math.expm1(-h)
        x = (process.noise_rate(at.end) / process.noise_rate(at.start)) * at.x
        if before is None or first:
            x = x + scale * at.x0
        else:
            half = h / (2 * before[1])
            x = x + (scale * (1 + half)) * at.x0 - (scale * half) * before[0]
        before = (at.x0, h)
        return x

    return march(options, advance)
