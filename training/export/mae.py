"""A masked autoencoder's folder: config, weights and golden tensors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training.config import Config
from training.export.golden import RULE, Arrays, golden_picture, store
from training.export.read import load_any
from training.export.write import preprocessing, write_model
from training.models.mae import MAE, masking


def export_mae(folder: Path, config: Config, weights: dict[str, Tensor], whole: bool, bits: int = 16) -> None:
    """Write a masked autoencoder's folder; see write_model for `bits`."""
    cfg: Any = config.model
    values = {
        "name": config.name,
        "architecture": "mae",
        "config": cfg.to_json(),
        "preprocessing": preprocessing(cfg.image, "squash" if cfg.image <= 32 else config.data.fit),
        "labels": [],
    }

    def golden() -> tuple[Arrays, dict[str, str]]:
        model = load_any(folder)
        assert isinstance(model, MAE)
        return mae_golden(model, whole)

    write_model(folder, values, weights, golden, bits)


def mae_golden(model: MAE, whole: bool) -> tuple[Arrays, dict[str, str]]:
    """Every tensor of one masking of the golden picture."""
    cfg = model.cfg
    tensors: Arrays = {}
    meta = {"sample": "full" if whole else RULE}
    noise = torch.from_numpy(np.random.default_rng(5).random(cfg.grid**2))
    keep, restore = masking(noise, cfg.visible)
    capture: dict[str, Tensor] = {}
    with torch.inference_mode():
        model(torch.from_numpy(golden_picture(cfg.image, cfg.channels)), keep, restore, capture)
    for name, value in capture.items():
        store(tensors, meta, f"g/{name}", value, whole or name in ("x", "ids_keep", "ids_restore"))
    return tensors, meta
