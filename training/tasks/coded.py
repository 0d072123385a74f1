"""Signs as a frozen tokenizer says them: their codes, made once and kept in memory, and what the codes leave out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.config import Config
from training.data.emoji.pack import EmojiSet
from training.data.signs import draw_signs
from training.models.vq import VQ
from training.tasks.base import unit_range

AT_ONCE = 64
MEASURED_RESIDUALS = 1024


@dataclass(frozen=True)
class Coded:
    """Of n signs in V views, each mirrored, too: `codes` int16 [n, V, 2, N] and, where wanted, `rest` float16
    [n, V, 2, E, g, g], the latents less what the codes add up to.
    """

    codes: Tensor
    rest: Tensor | None

    def of(self, rows: Tensor, views: Tensor, mirrored: Tensor) -> Tensor:
        """Codes int64 [B, N] of the signs `rows` [B] in `views` [B], mirrored where `mirrored` [B] is 1."""
        return self.codes[rows, views, mirrored].long()

    def rest_of(self, rows: Tensor, views: Tensor, mirrored: Tensor) -> Tensor:
        """Their rest, float32 [B, E, g, g]."""
        assert self.rest is not None
        return self.rest[rows, views, mirrored].float()


def seen_as(images: np.ndarray, view: int, config: Config, first: int) -> Tensor:
    """uint8 [n, S, S, 3] as they are (view 0) or as `[contrast]` says: float32 [n, 3, S, S] in [-1, 1]. `first`: the
    number of the first sign, so that no two batches are moved alike."""
    if view == 0:
        return unit_range(torch.from_numpy(np.array(images)).permute(0, 3, 1, 2))
    return draw_signs(images, config.contrast, np.random.default_rng([config.seed, 5, view, first]))


def coded(
    tokenizer: VQ, emoji: EmojiSet, rows: np.ndarray, config: Config, device: torch.device, views: int, rest: bool
) -> Coded:
    """The signs `rows` of the pack through the tokenizer."""
    codes, left = [], []
    count = max(1, AT_ONCE // (2 * views))
    with torch.inference_mode():
        for start in range(0, len(rows), count):
            images = emoji.images[rows[start : start + count]]
            pictures = [seen_as(images, view, config, start).to(device) for view in range(views)]
            x = torch.stack([side for picture in pictures for side in (picture, picture.flip(-1))], 1)
            latents = tokenizer.features(x.flatten(0, 1)).float()
            found = tokenizer.quantize(latents)
            whole = torch.cat(found.codes, 1).to(torch.int16)
            codes.append(whole.reshape(len(images), views, 2, -1))
            if rest:
                left.append((latents - found.latents).half().reshape(len(images), views, 2, *latents.shape[1:]))
    # A clone is no inference tensor, so that autograd may meet it.
    return Coded(torch.cat(codes).clone(), torch.cat(left).clone() if rest else None)


def residual_scale(tokenizer: VQ, emoji: EmojiSet, config: Config, device: torch.device) -> float:
    """One over the deviation of what codes leave out of 1,024 signs that are trained on, 5 digits."""
    rows = np.sort(np.random.default_rng(0).permutation(emoji.rows("train"))[:MEASURED_RESIDUALS])
    rest = coded(tokenizer, emoji, rows, config, device, 1, True).rest
    assert rest is not None
    return float(f"{1 / float(rest[:, 0, 0].float().std()):.5g}")
