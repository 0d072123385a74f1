"""Discrete noise schedules (as src/lib/diffusion/math/schedules.ts)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]

SCHEDULES = ("linear", "cosine", "scaled-linear")


@dataclass(frozen=True)
class Schedule:
    """A discrete noise schedule of T steps.

    Every table is float64 [T]; index n (0 ... T-1) is the n-th noising step, so alphas_cumprod[n]
    is the signal power left after n+1 steps. betas in (0, 1), alphas = 1 - betas,
    alphas_cumprod[n] = alphas[0] ... alphas[n].
    """

    name: str
    steps: int
    betas: Table
    alphas: Table
    alphas_cumprod: Table


def linear_betas(steps: int, start: float = 1e-4, end: float = 0.02) -> Table:
    """Beta from `start` to `end` in equal steps: [T].

    Source: Ho et al. 2020 (DDPM), section 4; 1e-4 to 0.02 with T = 1000.
    """
    check_steps(steps)
    betas: Table = start + _ramp(steps) * (end - start)
    return betas


def scaled_linear_betas(steps: int, start: float = 0.00085, end: float = 0.012) -> Table:
    """sqrt(beta) from sqrt(`start`) to sqrt(`end`) in equal steps: [T].

    Source: Rombach et al. 2022 (Stable Diffusion); 0.00085 to 0.012 with T = 1000.
    """
    check_steps(steps)
    low, high = math.sqrt(start), math.sqrt(end)
    betas: Table = np.square(low + _ramp(steps) * (high - low))
    return betas


def cosine_betas(steps: int, s: float = 0.008, clip: float = 0.999) -> Table:
    """beta_n = min(1 - f(n+1)/f(n), clip) with f(n) = cos^2(pi/2 (n/T + s)/(1 + s)): [T].

    Source: Nichol & Dhariwal 2021, equation 17; s = 0.008, clip 0.999.
    """
    check_steps(steps)
    n = np.arange(steps + 1, dtype=np.float64)
    f = np.cos(0.5 * math.pi * (n / steps + s) / (1 + s)) ** 2
    betas: Table = np.minimum(1 - f[1:] / f[:-1], clip)
    return betas


_BETAS: dict[str, Callable[[int], Table]] = {
    "linear": linear_betas,
    "cosine": cosine_betas,
    "scaled-linear": scaled_linear_betas,
}


def schedule(name: str, steps: int = 1000) -> Schedule:
    """The named schedule with its published constants (meant for T = 1000).

    Raises ValueError for an unknown name or steps < 1.
    """
    if name not in _BETAS:
        known = ", ".join(SCHEDULES)
        raise ValueError(f"There is no noise schedule called '{name}'; use one of {known}.")
    return from_betas(name, _BETAS[name](steps))


def from_betas(name: str, betas: Table) -> Schedule:
    """The tables that follow from beta: [T]. Raises ValueError if a beta is not inside (0, 1)."""
    for n, beta in enumerate(betas):
        if not 0 < beta < 1:
            raise ValueError(f"The beta at index {n} is {beta}; every beta must lie between 0 and 1.")
    alphas: Table = 1 - betas
    return Schedule(name, len(betas), betas, alphas, np.cumprod(alphas, dtype=np.float64))


def snr(alpha_bar: float) -> float:
    """Signal-to-noise ratio of a signal power in [0, 1); infinite at 1. Source: Kingma et al. 2021."""
    return math.inf if alpha_bar == 1 else alpha_bar / (1 - alpha_bar)


def half_log_snr(alpha_bar: float) -> float:
    """lambda = half the log of the SNR. Source: Lu et al. 2022 (DPM-Solver), section 2."""
    return 0.5 * (math.log(alpha_bar) - math.log1p(-alpha_bar))


def check_steps(steps: int) -> None:
    """Raises ValueError unless `steps` is a whole number >= 1."""
    if not isinstance(steps, int) or steps < 1:
        raise ValueError(f"The number of steps is {steps}; it must be a whole number of at least 1.")


def _ramp(steps: int) -> Table:
    return np.arange(steps, dtype=np.float64) / max(steps - 1, 1)
