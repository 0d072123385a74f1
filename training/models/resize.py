"""Resizing of patch kernels and position grids, as FlexiViT does it.

Source: Beyer et al., "FlexiViT: One Model for All Patch Sizes", section 3.3 and 3.4.
Bilinear with half-pixel centres and no antialiasing, so that the TypeScript side can
build the same matrices from three lines of arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor


@lru_cache(maxsize=256)
def bilinear_matrix(source: int, target: int) -> np.ndarray:
    """The matrix of a 1-D bilinear resize, half-pixel centres, edges clamped, no antialias.

    Returns float64 [target, source]; each row sums to 1. Raises ValueError for a size below 1.
    """
    if source < 1 or target < 1:
        raise ValueError(f"sizes must be at least 1, not {source} -> {target}")
    matrix = np.zeros((target, source))
    for row in range(target):
        centre = max((row + 0.5) * source / target - 0.5, 0.0)
        low = min(int(np.floor(centre)), source - 1)
        high = min(low + 1, source - 1)
        share = centre - low
        matrix[row, low] += 1 - share
        matrix[row, high] += share
    return matrix


@lru_cache(maxsize=256)
def pi_matrix(source: int, target: int) -> np.ndarray:
    """(B^T)^+ of the 1-D resize: float64 [target, source].

    The 2-D pseudo-inverse of a Kronecker product is the Kronecker product of the 1-D ones, so
    a kernel is resized by this matrix from the left and its transpose from the right.
    """
    return np.linalg.pinv(bilinear_matrix(source, target).T)


@torch.compiler.disable  # type: ignore[untyped-decorator]
def _matrix(kind: Callable[[int, int], np.ndarray], source: int, target: int, like: Tensor) -> Tensor:
    """A resize's matrix as a tensor; torch.compile leaves it to NumPy, or it would be made anew each step."""
    return torch.from_numpy(kind(source, target)).to(device=like.device, dtype=like.dtype)


def pi_resize(weight: Tensor, patch: int) -> Tensor:
    """Resize kernels [D, C, p, p] to [D, C, patch, patch] so that tokens are preserved.

    With B the bilinear resize of an image patch, the result w' = (B^T)^+ w gives
    <Bx, w'> = <x, w> exactly when patch >= p, and the least-squares answer for white x below.
    """
    source = weight.shape[-1]
    if source == patch:
        return weight
    matrix: Tensor = _matrix(pi_matrix, source, patch, weight)
    with torch.autocast(weight.device.type, enabled=False):
        return matrix @ weight @ matrix.T


def resize_positions(positions: Tensor, grid: int) -> Tensor:
    """Bilinear resize of learned positions [1, n*n, D] to [1, grid*grid, D] (row-major)."""
    source = round(positions.shape[1] ** 0.5)
    if source * source != positions.shape[1]:
        raise ValueError(f"{positions.shape[1]} positions are not a square grid")
    if source == grid:
        return positions
    matrix = _matrix(bilinear_matrix, source, grid, positions)
    table = positions.reshape(source, source, -1)
    with torch.autocast(positions.device.type, enabled=False):
        table = torch.einsum("ar,rcd->acd", matrix, table)
        table = torch.einsum("bc,acd->abd", matrix, table)
    return table.reshape(1, grid * grid, -1)
