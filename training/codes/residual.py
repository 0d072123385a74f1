"""The residual of codes, drawn by denoising each place from noise, told what the generator made of it (HART)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from training.diffusion import finish, process, sample
from training.diffusion.generate import Recipe
from training.diffusion.noise import SeededNoise
from training.errors import TrainingError
from training.models.residual_mlp import ResidualMLP


def to_places(x: Tensor) -> Tensor:
    """Maps [B, E, g, g] to rows [B, g², E], row by row."""
    return x.flatten(2).transpose(1, 2)


def to_map(rows: Tensor) -> Tensor:
    """Inverse of to_places."""
    side = round(rows.shape[1] ** 0.5)
    return rows.transpose(1, 2).reshape(len(rows), -1, side, side)


def told(model: ResidualMLP, hidden: Tensor, codes: Tensor) -> Callable[[Tensor, float], Tensor]:
    """(x [B, E, g, g], network time) to the prediction, for the hidden [B, N, H] and codes [B, N] of a picture each."""

    def call(x: Tensor, time: float) -> Tensor:
        t = torch.full((len(x),), float(time), device=x.device)
        return to_map(model(to_places(x), t, hidden, codes)).float()

    return call


@torch.inference_mode()
def sample_residual(
    model: ResidualMLP,
    diffusion: dict[str, Any],
    recipe: Recipe,
    x: Tensor,
    hidden: Tensor,
    codes: Tensor,
    noise: SeededNoise | None = None,
) -> Tensor:
    """Residuals [B, E, g, g], as they are to be added to the sum of the codes, from noise x [B, E, g, g].

    `diffusion`: the object of config.json; `recipe`: sampler and steps, its guidance is not used. Raises TrainingError
    for a sampler that does not go with the process.
    """
    made = process(diffusion["process"], diffusion.get("steps", 1000))
    try:
        last = finish(
            sample(
                recipe.sampler, made, told(model, hidden, codes), diffusion["prediction"], x, recipe.steps,
                spacing=recipe.spacing, start=recipe.start, time=diffusion["time"], clip=None, noise=noise,
                **recipe.own(),
            )
        )  # fmt: skip
    except ValueError as error:
        raise TrainingError(f"Sampling with {recipe.sampler} failed: {error}") from error
    return last.x / model.cfg.residual_scale
