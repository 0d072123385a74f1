"""The folder of the CNN whose features measure samples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training.config import Config
from training.export.golden import Arrays, golden_picture
from training.export.read import load_any
from training.export.write import preprocessing, write_model


def export_cnn(folder: Path, config: Config, weights: dict[str, Tensor]) -> None:
    """Write the evaluator CNN's folder; its batch-norm counters are left out. Golden: logits of one picture."""
    cfg: Any = config.model
    values = {
        "name": config.name,
        "architecture": "cnn",
        "config": cfg.to_json(),
        "preprocessing": preprocessing(cfg.image, "squash"),
    }

    def golden() -> tuple[Arrays, dict[str, str]]:
        x = torch.from_numpy(golden_picture(cfg.image, cfg.channels))
        with torch.inference_mode():
            return {"x": x.numpy(), "logits": load_any(folder)(x).numpy()}, {}

    kept = {key: value for key, value in weights.items() if value.is_floating_point()}
    write_model(folder, values, kept, golden)
