"""A CNN's folder: config, weights and golden tensors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training.config import Config
from training.data.pictures import Label
from training.export.golden import RULE, Arrays, golden_picture, store
from training.export.read import load_any
from training.export.write import preprocessing, write_model
from training.models.cnn import Cnn


def export_cnn(folder: Path, config: Config, weights: dict[str, Tensor], labels: list[Label], whole: bool) -> None:
    """Write a CNN's folder; its batch-norm counters are left out. `whole`: golden tensors in full, else sampled."""
    cfg: Any = config.model
    values = {
        "name": config.name,
        "architecture": "cnn",
        "config": cfg.to_json(),
        "preprocessing": preprocessing(cfg.image, "squash"),
        "labels": [vars(label) for label in labels],
    }

    def golden() -> tuple[Arrays, dict[str, str]]:
        model = load_any(folder)
        assert isinstance(model, Cnn)
        return cnn_golden(model, whole)

    kept = {key: value for key, value in weights.items() if value.is_floating_point()}
    write_model(folder, values, kept, golden)


def cnn_golden(model: Cnn, whole: bool) -> tuple[Arrays, dict[str, str]]:
    """Every tensor of the golden picture."""
    cfg = model.cfg
    tensors: Arrays = {}
    meta = {"sample": "full" if whole else RULE}
    capture: dict[str, Tensor] = {}
    with torch.inference_mode():
        model(torch.from_numpy(golden_picture(cfg.image, cfg.channels)), capture)
    for name, value in capture.items():
        store(tensors, meta, f"g/{name}", value.contiguous(), whole or name == "x")
    return tensors, meta
