"""Writing a model folder: weights, config and golden tensors for the parity tests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file
from torch import Tensor

from training.errors import TrainingError
from training.export.eight_bits import pack
from training.export.golden import Arrays
from training.export.weights_file import save_weights

FILES = ("model.safetensors", "golden.safetensors")


def preprocessing(size: int, fit: str) -> dict[str, Any]:
    """What the page does to a picture before the model sees it; pixels end in [-1, 1]."""
    return {
        "size": size,
        "fit": fit,
        "interpolation": "bilinear",
        "antialias": True,
        "mean": [0.5, 0.5, 0.5],
        "std": [0.5, 0.5, 0.5],
    }


def digest(path: Path) -> dict[str, Any]:
    """`{bytes, sha256}` of a file."""
    data = path.read_bytes()
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def half_weights(weights: dict[str, Tensor]) -> dict[str, np.ndarray]:
    """float16 arrays; a value that float16 cannot hold is a TrainingError."""
    half: dict[str, np.ndarray] = {}
    for key, value in weights.items():
        array = value.detach().cpu().float().numpy()
        if not np.abs(array).max() <= np.finfo(np.float16).max:
            raise TrainingError(f"{key} has values that float16 cannot hold; train with a smaller lr.")
        half[key] = array.astype(np.float16, order="C")
    return half


def write_model(
    folder: Path,
    config: dict[str, Any],
    weights: dict[str, Tensor],
    make_golden: Callable[[], tuple[Arrays, dict[str, str]]],
    bits: int = 16,
) -> None:
    """Write model.safetensors, golden.safetensors and config.json, which gets schema and files.

    `bits` a value: 16, all in float16, or 8, see eight_bits.py. `make_golden` is called when the weights and the config
    stand, so that it can load the model as exported. Raises TrainingError when a weight does not fit into float16 or
    the disk is full.
    """
    half = half_weights(weights)
    config = {"schema": "patchwork-model/1", **config}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        save_weights(pack(half) if bits == 8 else half, folder / "model.safetensors")
        write_json(folder / "config.json", config)
        tensors, meta = make_golden()
        save_file(tensors, folder / "golden.safetensors", metadata=meta)
        for name in FILES:
            (folder / name).chmod(0o644)
        config["files"] = {name: digest(folder / name) for name in FILES}
        write_json(folder / "config.json", config)
    except OSError as error:
        raise TrainingError(f"{folder} could not be written ({error}); free some space and export again.") from error


def write_json(path: Path, value: Any) -> None:
    """Indented UTF-8 JSON with a final newline; the folder is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n")
