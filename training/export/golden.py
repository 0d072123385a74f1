"""What golden files are made of: a synthetic picture, and tensors stored whole or sampled."""

from __future__ import annotations

import numpy as np
from torch import Tensor

SAMPLES = 1024
# How a tensor that is too large for a golden file is thinned out (see docs/adding-a-model.md).
RULE = f"floor(k*n/S), S=min(n,{SAMPLES})"
Arrays = dict[str, np.ndarray]


def golden_picture(side: int, channels: int = 3) -> np.ndarray:
    """The golden input: a synthetic picture in [-1, 1], float32 [1, C, side, side].

    Waves, a disc and seeded noise, so that no data-set photo enters the project.
    """
    rng = np.random.default_rng(20260)
    grid = (np.arange(side) + 0.5) / side
    y, x = np.meshgrid(grid, grid, indexing="ij")
    planes = []
    for c in range(channels):
        waves = np.sin(2 * np.pi * ((2 + c) * x + (1 + 2 * c) * y)) * 0.4
        disc = np.where((x - 0.4 - 0.1 * c) ** 2 + (y - 0.55) ** 2 < 0.06, 0.5, -0.2)
        planes.append(waves + disc + rng.normal(0, 0.1, (side, side)))
    return np.clip(np.stack(planes)[None], -1, 1).astype(np.float32)


def sample(values: np.ndarray, count: int = SAMPLES) -> np.ndarray:
    """S = min(n, count) elements; number k is flat element floor(k * n / S)."""
    flat = values.reshape(-1)
    size = min(flat.size, count)
    return np.ascontiguousarray(flat[np.arange(size) * flat.size // size])


def store(tensors: Arrays, meta: dict[str, str], key: str, value: Tensor, whole: bool) -> None:
    """Put a tensor into a golden file, whole or as `sample` with `stat/<key>` beside it."""
    array = value.detach().cpu().numpy().astype(np.float32)
    meta[key] = ",".join(map(str, array.shape))
    if whole:
        tensors[key] = np.ascontiguousarray(array)
        return
    tensors[key] = sample(array)
    stats = [array.min(), array.max(), array.mean(dtype=np.float64), np.abs(array).mean(dtype=np.float64)]
    tensors[f"stat/{key}"] = np.array(stats, dtype=np.float32)
