"""The samplers by name (as src/lib/diffusion/math/samplers/index.ts)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from training.diffusion.noise import NoiseSource
from training.diffusion.process import Process
from training.diffusion.samplers.ancestral import ddim, ddpm
from training.diffusion.samplers.dpm import dpm_solver_2m
from training.diffusion.samplers.ode import euler, heun
from training.diffusion.samplers.sde import reverse_sde
from training.diffusion.samplers.step import Sampler, SamplerOptions
from training.diffusion.timesteps import time_grid
from training.diffusion.values import Values

SAMPLERS = ("ddpm", "ddim", "euler", "heun", "dpmpp-2m", "sde")

# The grid each sampler gets when nothing is said.
DEFAULT_SPACING = {
    "ddpm": "uniform",
    "ddim": "uniform",
    "euler": "uniform",
    "heun": "quadratic",
    "dpmpp-2m": "lambda",
    "sde": "uniform",
}

_RUN: dict[str, Callable[..., Any]] = {
    "ddpm": ddpm,
    "ddim": ddim,
    "euler": euler,
    "heun": heun,
    "dpmpp-2m": dpm_solver_2m,
    "sde": reverse_sde,
}


def sample(
    name: str,
    process: Process,
    model: Callable[[Values, float], Values],
    predicts: str,
    x: Values,
    steps: int,
    *,
    spacing: str | None = None,
    start: float = 1.0,
    end: float = 0.0,
    closest: float = 1e-3,
    snap: bool = False,
    time: str = "unit",
    clip: tuple[float, float] | None = None,
    noise: NoiseSource | None = None,
    **own: Any,
) -> Sampler[Values]:
    """A sampler by name over a grid of `steps` steps; see SamplerOptions and time_grid for the arguments.

    own: the sampler's own arguments (variance, eta, variable, last_order).
    Raises ValueError for an unknown name, and as time_grid and the sampler do.
    """
    if name not in _RUN:
        known = ", ".join(SAMPLERS)
        raise ValueError(f"There is no sampler called '{name}'; use one of {known}.")
    grid = time_grid(process, steps, spacing or DEFAULT_SPACING[name], start, end, closest, snap)
    options = SamplerOptions(process, model, predicts, x, grid, time, clip, noise)
    sampler: Sampler[Values] = _RUN[name](options, **own)
    return sampler
