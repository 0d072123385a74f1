"""Tokens of a grid in windows: cutting and joining, the shift and its mask, relative positions, and pruning.

Source: Liu et al. 2021 (Swin), section 3.2; pruning by activation after Chen et al. 2023 (SparseViT), section 3.1.
B batch, N = G*G tokens of a grid G, W windows of M*M tokens, C channels.
"""

from __future__ import annotations

import math
from functools import lru_cache

import torch
from torch import Tensor

MASKED = -100.0


def partition(x: Tensor, grid: int, window: int) -> Tensor:
    """Tokens [B, N, C] to windows [B, W, M*M, C], windows and their tokens row by row."""
    batch, _, channels = x.shape
    side = grid // window
    cut = x.reshape(batch, side, window, side, window, channels)
    return cut.permute(0, 1, 3, 2, 4, 5).reshape(batch, side**2, window**2, channels)


def join(windows: Tensor, grid: int, window: int) -> Tensor:
    """Windows [B, W, M*M, C] to tokens [B, N, C]: the inverse of partition."""
    side, channels = grid // window, windows.shape[-1]
    cut = windows.reshape(len(windows), side, side, window, window, channels)
    return cut.permute(0, 1, 3, 2, 4, 5).reshape(len(windows), grid**2, channels)


def roll(x: Tensor, grid: int, shift: int) -> Tensor:
    """Tokens [B, N, C] moved down and right by `shift`, what leaves at an edge coming in at the other."""
    if shift == 0:
        return x
    return x.reshape(len(x), grid, grid, -1).roll((shift, shift), (1, 2)).reshape(x.shape)


@lru_cache(maxsize=64)
def shift_mask(grid: int, window: int, shift: int) -> Tensor:
    """float32 [W, M*M, M*M]: -100 where two tokens of a window were no neighbours before the grid was rolled by -shift.

    Rolled so, the last `shift` rows and columns come from the other side: with the strip before them they make up to
    nine regions, and only tokens of one region see each other.
    """
    with torch.inference_mode(False):  # what is kept serves training as well, whoever asks first
        line = torch.zeros(grid, dtype=torch.long)
        line[-window:-shift] = 1
        line[-shift:] = 2
        region = (3 * line[:, None] + line[None, :]).reshape(1, grid**2, 1)
        inside = partition(region, grid, window)[0, :, :, 0]
        return torch.where(inside[:, :, None] == inside[:, None, :], 0.0, MASKED)


@lru_cache(maxsize=64)
def relative_index(window: int, table: int) -> Tensor:
    """int64 [M*M, M*M]: the row of a table for windows of `table` that holds the offset between two tokens.

    Offset (dy, dx) = query minus key lies in row (dy + table-1)(2 table-1) + dx + table-1.
    """
    with torch.inference_mode(False):  # as above
        line = torch.arange(window)
        at = torch.stack(torch.meshgrid(line, line, indexing="ij")).flatten(1)
        offset = at[:, :, None] - at[:, None, :] + table - 1
        return offset[0] * (2 * table - 1) + offset[1]


def window_scores(x: Tensor, grid: int, window: int, shift: int) -> Tensor:
    """How active each window is, float32 [B, W]: the L2 norm over its tokens of the mean |x| over channels.

    x [B, N, C]; with a shift the windows are those of the grid rolled by -shift.
    """
    size = x.float().abs().mean(-1, keepdim=True)
    inside = partition(roll(size, grid, -shift), grid, window)
    scores: Tensor = torch.linalg.vector_norm(inside[..., 0], dim=-1)
    return scores


def keep_most_active(scores: Tensor, ratio: float) -> Tensor:
    """Scores [B, W] to 0 or 1: the floor(ratio * W) windows with the lowest scores are pruned."""
    kept = torch.ones_like(scores)
    count = math.floor(ratio * scores.shape[1])
    return kept.scatter(1, scores.argsort(dim=1, stable=True)[:, :count], 0.0) if count else kept


def token_gate(kept: Tensor, grid: int, window: int, shift: int) -> Tensor:
    """Windows kept, [W] or [B, W], to the same for each token, [B or 1, N, 1], in the grid's order."""
    inside = kept.reshape(-1, (grid // window) ** 2, 1, 1).expand(-1, -1, window**2, 1)
    return roll(join(inside, grid, window), grid, shift)
