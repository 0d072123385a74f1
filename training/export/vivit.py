"""A video transformer's folder: config, weights and golden tensors, those of one synthetic clip under `g/<tensor>`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.config import Config
from training.data.pictures import Label
from training.export.golden import RULE, Arrays, golden_picture, store
from training.export.read import load_any
from training.export.write import preprocessing, write_model
from training.models.vivit import ViViT
from training.models.vivit_config import ViViTConfig


def golden_clip(frames: int, side: int, channels: int = 3) -> np.ndarray:
    """The golden input of a video transformer, float32 [1, F, C, side, side]: the golden picture, moving to the right
    by an eighth of its side a frame and coming in again at the left.
    """
    picture = golden_picture(side, channels)[0]
    return np.stack([np.roll(picture, frame * max(1, side // 8), axis=-1) for frame in range(frames)])[None]


def export_vivit(
    folder: Path, config: Config, weights: dict[str, Tensor], labels: list[Label], whole: bool, bits: int = 16
) -> None:
    """Write the folder; `whole`: golden tensors in full, else sampled. `bits`: see write_model."""
    cfg = config.model
    assert isinstance(cfg, ViViTConfig)
    values = {
        "name": config.name,
        "architecture": "vivit",
        "config": cfg.to_json(),
        "preprocessing": preprocessing(cfg.image, "crop"),
        "labels": [vars(label) for label in labels],
    }

    def golden() -> tuple[Arrays, dict[str, str]]:
        model = load_any(folder)
        assert isinstance(model, ViViT)
        capture: dict[str, Tensor] = {}
        with torch.inference_mode():
            model(torch.from_numpy(golden_clip(cfg.frames, cfg.image, cfg.channels)), capture)
        tensors: Arrays = {}
        meta = {"sample": "full" if whole else RULE}
        for name, value in capture.items():
            store(tensors, meta, f"g/{name}", value.contiguous(), whole or name in ("x", "logits"))
        return tensors, meta

    write_model(folder, values, weights, golden, bits)
