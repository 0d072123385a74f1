"""A DETR's folder: config, weights and golden tensors, those of one synthetic picture under `g/<tensor>`."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from training.config import Config
from training.data.pictures import Label
from training.export.golden import RULE, Arrays, golden_picture, store
from training.export.read import load_any
from training.export.write import preprocessing, write_model
from training.models.detr import DETR
from training.models.detr_config import DETRConfig

IN_FULL = ("x", "logits", "boxes", "probs")


def export_detr(
    folder: Path, config: Config, weights: dict[str, Tensor], labels: list[Label], whole: bool, bits: int = 16
) -> None:
    """Write the folder; `whole`: golden tensors in full, else sampled. `bits`: see write_model."""
    cfg = config.model
    assert isinstance(cfg, DETRConfig)
    values = {
        "name": config.name,
        "architecture": "detr",
        "config": cfg.to_json(),
        "preprocessing": preprocessing(cfg.image, "squash"),
        "labels": [vars(label) for label in labels],
    }

    def golden() -> tuple[Arrays, dict[str, str]]:
        model = load_any(folder)
        assert isinstance(model, DETR)
        capture: dict[str, Tensor] = {}
        with torch.inference_mode():
            model(torch.from_numpy(golden_picture(cfg.image, cfg.channels)), capture)
        tensors: Arrays = {}
        meta = {"sample": "full" if whole else RULE}
        for name, value in capture.items():
            store(tensors, meta, f"g/{name}", value.contiguous(), whole or name in IN_FULL)
        return tensors, meta

    write_model(folder, values, weights, golden, bits)
