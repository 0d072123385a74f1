"""The folders of both autoencoders: config, weights and golden tensors, those of one synthetic picture under
`g/<tensor>`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training.config import Config
from training.export.golden import RULE, Arrays, golden_picture, store
from training.export.read import load_any
from training.export.write import preprocessing, write_model
from training.models.autoencoder import AutoencoderConfig
from training.models.vq import VQConfig

IN_FULL = ("x", "z", "codes", "reconstruction")


def export_autoencoder(
    folder: Path, config: Config, weights: dict[str, Tensor], scaling_factor: float, whole: bool, bits: int = 16
) -> None:
    """Write the folder; `whole`: golden tensors in full, else sampled. `bits`: see write_model.

    `scaling_factor` goes into the config of Gaussian latents; codes have none.
    """
    cfg: Any = config.model
    assert isinstance(cfg, AutoencoderConfig | VQConfig)
    if isinstance(cfg, AutoencoderConfig):
        cfg = replace(cfg, scaling_factor=scaling_factor)
    values = {
        "name": config.name,
        "architecture": config.architecture,
        "config": cfg.to_json(),
        "preprocessing": preprocessing(cfg.image, "squash" if cfg.image <= 32 else config.data.fit),
        "labels": [],
    }

    def golden() -> tuple[Arrays, dict[str, str]]:
        capture: dict[str, Tensor] = {}
        with torch.inference_mode():
            load_any(folder)(torch.from_numpy(golden_picture(cfg.image, cfg.channels)), capture)
        tensors: Arrays = {}
        meta = {"sample": "full" if whole else RULE}
        for name, value in capture.items():
            store(tensors, meta, f"g/{name}", value.contiguous(), whole or name in IN_FULL)
        return tensors, meta

    write_model(folder, values, weights, golden, bits)
