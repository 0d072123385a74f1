"""A safetensors file with its tensors in a chosen order: what a page can show first comes first."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from training.errors import TrainingError

FIRST = ("patch_embed.", "x_embedder.", "pos_embed", "cls_token")
"""Beginnings of names in the order of the file; all others follow as the network lists them."""
LAST = ("logit_scale",)
"""A single number in two bytes, behind which no scale of four could begin."""

DTYPES = {"float32": "F32", "float16": "F16", "int8": "I8"}


def in_order(names: list[str]) -> list[str]:
    """The patch kernel, then positions and class token, then the rest in the order given; `LAST` closes.

    In a CLIP they are its picture tower's.
    """

    def place(name: str) -> int:
        if name in LAST:
            return len(FIRST) + 1
        return next((i for i, start in enumerate(FIRST) if name.removeprefix("visual.").startswith(start)), len(FIRST))

    return sorted(names, key=place)


def save_weights(tensors: dict[str, np.ndarray], path: Path) -> None:
    """Write tensors as `in_order` has them; the library's own writer sorts them by type and name.

    Every tensor begins at a multiple of its element's size, as readers that map the file need it.
    Format: https://huggingface.co/docs/safetensors, section "Format".
    """
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    end = 0
    names = in_order(list(tensors))
    for name in names:
        array = tensors[name]
        if array.dtype.name not in DTYPES or end % array.dtype.itemsize:
            raise TrainingError(f"{name} ({array.dtype}) cannot be stored at byte {end}; store it in float16.")
        span = [end, end + array.nbytes]
        header[name] = {"dtype": DTYPES[array.dtype.name], "shape": list(array.shape), "data_offsets": span}
        end += array.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for name in names:
            file.write(np.ascontiguousarray(tensors[name]).tobytes())
