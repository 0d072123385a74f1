"""From codes of small scales to what a generator reads at the next: what they add up to, averaged to its side."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from training.models.vq import Quantizer


def averaged(found: Tensor, side: int) -> Tensor:
    """Latents [B, E, g, g] averaged to `side`, row by row: [B, side², E]."""
    small = found if side == found.shape[-1] else F.adaptive_avg_pool2d(found, (side, side))
    return small.flatten(2).transpose(1, 2)


def add_scale(quantizer: Quantizer, found: Tensor, codes: Tensor, scale: int) -> Tensor:
    """`found` [B, E, g, g], what smaller scales add up to, with the codes [B, s²] of scale number `scale`."""
    entries = quantizer.look_up(codes, quantizer.cfg.sides[scale])
    return found + quantizer.bring(entries, scale, None)


def nothing(quantizer: Quantizer, batch: int) -> Tensor:
    """The sum before the first scale, zeros [B, E, g, g]."""
    cfg = quantizer.cfg
    return torch.zeros(batch, cfg.latent, cfg.grid, cfg.grid, device=quantizer.embedding.weight.device)


def sums_of(quantizer: Quantizer, codes: Tensor) -> Tensor:
    """Codes [B, N] of all scales to what a generator reads for every scale but the first, [B, N - 1, E]."""
    sides = quantizer.cfg.sides
    found, read = nothing(quantizer, len(codes)), []
    parts = torch.split(codes, [side * side for side in sides], 1)
    for scale, side in enumerate(sides[1:]):
        found = add_scale(quantizer, found, parts[scale], scale)
        read.append(averaged(found, side))
    return torch.cat(read, 1)
