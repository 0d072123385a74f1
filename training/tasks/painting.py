"""What a painted picture may be held to beside the square error of its pixels: edges, and a classifier's features.

Neither is in He et al. 2021; both are tried because a mean square error is smallest for the mean of all that may be
hidden, which is soft. Pictures are in [-1, 1], [B, C, S, S].
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from training.models.vit import ViT


def edge_error(painted: Tensor, x: Tensor, hidden: Tensor) -> Tensor:
    """Mean absolute error of the differences of neighbouring pixels of which one at least is hidden.

    `hidden`: bool [B, 1, S, S]. Differences across the edge of a patch are among them.
    """
    total, count = painted.new_zeros(()), painted.new_zeros(())
    for dim in (2, 3):
        side = x.shape[dim]
        either = hidden.narrow(dim, 1, side - 1) | hidden.narrow(dim, 0, side - 1)
        error = (painted.diff(dim=dim) - x.diff(dim=dim)).abs().mean(1, keepdim=True)
        total, count = total + (error * either).sum(), count + either.sum()
    return total / count.clamp(min=1)


def block_features(judge: ViT, x: Tensor, patch: int, blocks: list[int]) -> list[Tensor]:
    """The residual stream [B, T, D] after each of the `blocks` (counted from 1), each token with mean 0, variance 1."""
    tokens, found = judge.embed(x, patch), []
    for index, block in enumerate(judge.blocks, start=1):
        tokens = block(tokens)
        if index in blocks:
            found.append(F.layer_norm(tokens.float(), tokens.shape[-1:]))
        if index >= max(blocks):
            break
    return found


def feature_error(
    judge: ViT, painted: Tensor, x: Tensor, patch: int, blocks: list[int], shift: tuple[int, int] = (0, 0)
) -> Tensor:
    """Mean square error of those features between a painted picture and the true one; gradients reach the painted one.

    `shift`: both are rolled by so many rows and columns first. Where it changes from step to step, the edges of the
    judge's patches do not show in what is painted. Source of the idea: Johnson et al. 2016, "Perceptual Losses for
    Real-Time Style Transfer" (arXiv 1603.08155), section 3; there with VGG, here with a ViT.
    """
    painted, x = (picture.roll(shift, (2, 3)) for picture in (painted, x))
    with torch.no_grad():
        wanted = block_features(judge, x, patch, blocks)
    found = block_features(judge, painted, patch, blocks)
    return torch.stack([(a - b).square().mean() for a, b in zip(found, wanted, strict=True)]).mean()
