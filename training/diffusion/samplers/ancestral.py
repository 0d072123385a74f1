"""DDPM and DDIM (as src/lib/diffusion/math/samplers/ancestral.ts)."""

from __future__ import annotations

import math

from training.diffusion.forward import posterior, posterior_mean
from training.diffusion.process import require_vp
from training.diffusion.samplers.step import Sampler, SamplerOptions, Stretch, draw, march
from training.diffusion.values import Values


def ddpm(options: SamplerOptions[Values], variance: str = "small") -> Sampler[Values]:
    """Ancestral sampling: x_s = posterior mean(x0, x_t) + sqrt(variance) z, over any grid.

    variance: `small` is beta tilde, right for data that is one point; `large` is beta, right for
    white data. Neighbouring indices give DDPM's own chain. A step that arrives at t = 0 draws no
    noise. Source: Ho et al. 2020, algorithm 2 and section 3.2; coarse grids: Nichol & Dhariwal
    2021, section 4.
    Raises ValueError for a process without alpha_bar, an unknown variance, or no noise source.
    """
    process = require_vp(options.process, "DDPM")
    if variance not in ("small", "large"):
        raise ValueError(f"There is no DDPM variance called '{variance}'; use small or large.")

    def advance(at: Stretch[Values]) -> Values:
        q = posterior(process, at.start, at.end)
        mean = posterior_mean(q, at.x0, at.x)
        if at.end == 0:
            return mean
        power = q.variance if variance == "small" else q.beta
        return mean + math.sqrt(power) * draw(options, "DDPM", at.x)

    return march(options, advance)


def ddim(options: SamplerOptions[Values], eta: float = 0.0) -> Sampler[Values]:
    """x_s = signal_rate(s) x0 + sqrt(noise_rate(s)^2 - sigma^2) eps + sigma z.

    sigma^2 = eta^2 (1 - ab_s)/(1 - ab_t) (1 - ab_t/ab_s); noise is drawn only where sigma > 0.
    eta in [0, 1]: 0 adds no noise, 1 is DDPM with the small variance. With eta = 0 it runs on any
    process, and on rectified flow it is the Euler step.
    Source: Song, Meng & Ermon 2021, equations 12 and 16.
    Raises ValueError for eta outside [0, 1], eta > 0 on a process without alpha_bar or without a
    noise source.
    """
    process = options.process
    if not 0 <= eta <= 1:
        raise ValueError(f"The eta is {eta}; it must lie between 0 and 1.")
    if eta > 0:
        require_vp(process, "DDIM with eta above 0")

    def advance(at: Stretch[Values]) -> Values:
        power = eta * eta * posterior(process, at.start, at.end).variance if eta > 0 else 0.0
        # At eta = 1 and a tiny stretch the difference may round below 0.
        direction = math.sqrt(max(0.0, process.noise_rate(at.end) ** 2 - power))
        x = process.signal_rate(at.end) * at.x0 + direction * at.eps
        return x + math.sqrt(power) * draw(options, "DDIM", at.x) if power > 0 else x

    return march(options, advance)
