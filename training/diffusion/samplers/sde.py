"""Euler-Maruyama on the reverse SDE (as src/lib/diffusion/math/samplers/sde.ts)."""

from __future__ import annotations

import math

from training.diffusion.process import require_vp
from training.diffusion.samplers.step import Sampler, SamplerOptions, Stretch, draw, march
from training.diffusion.values import Values


def reverse_sde(options: SamplerOptions[Values]) -> Sampler[Values]:
    """Euler-Maruyama on dx = [-beta x/2 - beta score] dt + sqrt(beta) dw, score = -eps/noise_rate.

    x <- x + (beta x/2 - beta eps/noise_rate) dt + sqrt(beta dt) z, dt > 0. A step that arrives at
    t = 0 draws no noise. U-ViT's 1000-step sampler is this on time_grid(vp, 1000).
    Source: Song et al. 2021 (score SDE), equation 6.
    Raises ValueError for a process without alpha_bar, or no noise source.
    """
    vp = require_vp(options.process, "The reverse SDE")

    def advance(at: Stretch[Values]) -> Values:
        power = vp.beta(at.start) * (at.start - at.end)
        drift: Values = (1 + 0.5 * power) * at.x - (power / vp.noise_rate(at.start)) * at.eps
        if at.end == 0:
            return drift
        z = draw(options, "The reverse SDE", at.x)
        noisy: Values = drift + math.sqrt(power) * z
        return noisy

    return march(options, advance)
