"""Many small pictures on one sheet."""

from __future__ import annotations

import numpy as np
from torch import Tensor


def sheet(pictures: Tensor, columns: int, gap: int = 1) -> np.ndarray:
    """uint8 [n, 3, S, S] side by side on white: uint8 [H, W, 3]."""
    count, _, side, _ = pictures.shape
    rows = -(-count // columns)
    out = np.full((rows * (side + gap) - gap, columns * (side + gap) - gap, 3), 255, dtype=np.uint8)
    for k in range(count):
        top, left = (k // columns) * (side + gap), (k % columns) * (side + gap)
        out[top : top + side, left : left + side] = pictures[k].permute(1, 2, 0).numpy()
    return out
