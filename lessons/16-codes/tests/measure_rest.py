"""What codes leave over of pictures, and how much of it the residual network of lesson 16 gives back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training.codes.residual import sample_residual
from training.codes.scales import sums_of
from training.diffusion.generate import Recipe
from training.diffusion.noise import SeededNoise
from training.measure.painters import APART, CodePainter
from training.measure.words import Judge


def rms(a: Tensor) -> float:
    """Root mean square of all numbers."""
    return round(float(a.square().mean().sqrt()), 4)


def psnr(a: Tensor, b: Tensor) -> float:
    """Peak signal-to-noise ratio in dB of pictures in -1 ... 1, the mean over the pictures; clamped first."""
    square = (a.clamp(-1, 1) - b.clamp(-1, 1)).square().mean((1, 2, 3))
    return round(float((10 * torch.log10(4 / square)).mean()), 2)


@torch.inference_mode()
def rest(painter: CodePainter, judge: Judge, rows: np.ndarray, seed: int, steps: Sequence[int]) -> dict[str, Any]:
    """Pictures of these signs through their own codes: without the rest, with what is painted of it, with all of it.

    `latents`: root mean square of what is missing from the encoder's latents; `psnr`: of the decoded picture against
    the sign itself; `near`: of the decoded picture against the one decoded of the encoder's latents.
    """
    assert painter.residual is not None and painter.diffusion is not None
    coder, model = painter.coder, painter.model
    x = torch.from_numpy(judge.emoji.images[rows]).permute(0, 3, 1, 2).float() / 127.5 - 1
    whole = coder.features(x).float()
    found = coder.quantize(whole)
    codes = torch.cat(found.codes, 1)
    left = whole - found.latents
    hidden = model.hidden(
        sums_of(coder.quantize, codes),
        painter.reader(judge.names(rows, "en")),
        torch.from_numpy(judge.emoji.style_index[rows]),
    )
    places = painter.residual.cfg.places
    noise = np.stack(
        [SeededNoise(seed * APART + k, stream=0xFFFFFFFF).normal(tuple(whole.shape[1:])) for k in range(len(rows))]
    )
    start = torch.from_numpy(noise).float()
    best = coder.decode(whole)

    def said(latents: Tensor) -> dict[str, float]:
        picture = coder.decode(latents)
        return {"latents": rms(whole - latents), "psnr": psnr(picture, x), "near": psnr(picture, best)}

    result: dict[str, Any] = {
        "pictures": len(rows),
        "spread": rms(whole),
        "rest": rms(left),
        "without": said(found.latents),
        "all": {"latents": 0.0, "psnr": psnr(best, x)},
        "painted": {},
    }
    for count in steps:
        recipe = Recipe("ddim", count, 1.0)
        painted = sample_residual(
            painter.residual, painter.diffusion, recipe, start, hidden[:, -places:], codes[:, -places:]
        )
        result["painted"][str(count)] = {**said(found.latents + painted), "rms": rms(painted)}
    return result
