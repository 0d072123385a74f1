"""The forward process and its posterior (as src/lib/diffusion/math/forward.ts)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from training.diffusion.noise import NoiseSource
from training.diffusion.process import Process, require_vp
from training.diffusion.schedules import Schedule
from training.diffusion.values import Values, as_kind


def add_noise(process: Process, t: float, x0: Values, eps: Values) -> Values:
    """x_t = signal_rate(t) x0 + noise_rate(t) eps in one jump. Source: Ho et al. 2020, equation 4."""
    return process.signal_rate(t) * x0 + process.noise_rate(t) * eps


def chain_step(schedule: Schedule, n: int, x: Values, eps: Values) -> Values:
    """One link: x_n = sqrt(1 - beta_n) x_{n-1} + sqrt(beta_n) eps. Source: Ho et al. 2020, equation 2.

    Raises ValueError if the schedule has no index n.
    """
    if not isinstance(n, int) or n < 0 or n >= schedule.steps:
        raise ValueError(f"The index is {n}; it must be a whole number from 0 to {schedule.steps - 1}.")
    beta = float(schedule.betas[n])
    return math.sqrt(1 - beta) * x + math.sqrt(beta) * eps


def chain(schedule: Schedule, x0: Values, noise: NoiseSource) -> Iterator[tuple[int, Values]]:
    """The whole chain, link by link: (n, x_n) for n = 0 ... T-1, one draw of noise a link."""
    x = x0
    for n in range(schedule.steps):
        x = chain_step(schedule, n, x, as_kind(x, noise.normal(tuple(x.shape))))
        yield n, x


@dataclass(frozen=True)
class Posterior:
    """q(x_s | x_t, x0) = N(from_x0 x0 + from_x x_t, variance), and beta of the stretch s to t.

    variance is beta tilde, 0 at s = 0; beta = 1 - alpha_bar_t / alpha_bar_s is the larger choice
    of variance for a reverse step.
    """

    from_x0: float
    from_x: float
    variance: float
    beta: float


def posterior(process: Process, t: float, s: float) -> Posterior:
    """The posterior of an earlier state, for any 0 <= s < t <= 1 (s = t - 1/T gives DDPM's own).

    Source: Ho et al. 2020, equations 6 and 7, with alpha_t -> alpha_bar_t / alpha_bar_s
    (Nichol & Dhariwal 2021, section 4).
    Raises ValueError unless s < t, or for a process without alpha_bar.
    """
    vp = require_vp(process, "The posterior")
    if not s < t:
        raise ValueError(f"The posterior goes from t = {t} to s = {s}; time must fall.")
    stretch = vp.log_alpha_bar(t) - vp.log_alpha_bar(s)
    beta = -math.expm1(stretch)
    before, after = vp.noise_rate(s) ** 2, vp.noise_rate(t) ** 2
    return Posterior(
        from_x0=vp.signal_rate(s) * beta / after,
        from_x=math.exp(0.5 * stretch) * before / after,
        variance=beta * before / after,
        beta=beta,
    )


def posterior_mean(p: Posterior, x0: Values, x: Values) -> Values:
    """Mean of q(x_s | x_t, x0), shaped as x."""
    return p.from_x0 * x0 + p.from_x * x
