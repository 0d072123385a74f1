"""Weights in 8 bits a value, with one scale for each output channel.

`<name>` is int8 [out, ...] with values q in -127 ... 127, `<name>.scale` float32 [out]. The weight is q * scale,
multiplied in float32 and rounded to the nearest float16; the page rounds so too (src/lib/weights/eight-bit.ts).
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

SCALE = ".scale"


def fits(name: str, weight: np.ndarray) -> bool:
    """Whether a tensor is stored in 8 bits: the matrices and kernels inside the network.

    The head stays in float16, for its rows are the answers themselves; so do positions, tokens, biases and norms,
    which are few.
    """
    return name.endswith(".weight") and weight.ndim >= 2 and not name.startswith("head.")


def to_eight_bits(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int8 [out, ...] and float32 [out]: the largest value of each channel becomes 127 or -127."""
    rows = weight.astype(np.float32).reshape(len(weight), -1)
    scale = (np.abs(rows).max(1) / np.float32(127)).astype(np.float32)
    steps = rows / np.where(scale > 0, scale, np.float32(1))[:, None]
    return np.rint(steps).clip(-127, 127).astype(np.int8).reshape(weight.shape), scale


def pack(weights: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The weights as they are stored: each scale before its tensor, everything else as it is."""
    packed: dict[str, np.ndarray] = {}
    for name, weight in weights.items():
        if fits(name, weight):
            values, packed[name + SCALE] = to_eight_bits(weight)
            packed[name] = values
        else:
            packed[name] = weight
    return packed


def unpack(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Stored tensors as the network has them: those in 8 bits as float16, without their scales."""
    scaled = {name for name, value in tensors.items() if value.dtype == torch.int8 and name + SCALE in tensors}
    weights = {}
    for name, value in tensors.items():
        if name in scaled:
            scale = tensors[name + SCALE].float()
            value = (value.float() * scale.reshape(-1, *[1] * (value.dim() - 1))).half()
        if name.removesuffix(SCALE) not in scaled or name in scaled:
            weights[name] = value
    return weights
