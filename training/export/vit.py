"""A Vision Transformer's folder: config, weights and golden tensors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.data.pictures import Label
from training.export.golden import RULE, Arrays, golden_picture, store
from training.export.read import load_model
from training.export.write import preprocessing, write_model
from training.models.vit import ViT, ViTConfig


def export_vit(
    folder: Path,
    name: str,
    weights: dict[str, Tensor],
    cfg: ViTConfig,
    labels: list[Label],
    patch_sizes: list[int],
    fit: str,
    full: list[int] | None = None,
    sampled: list[int] | None = None,
    bits: int = 16,
) -> None:
    """Write a ViT's folder; see write_model for `bits`, and vit_golden for `full` and `sampled`."""
    config = {
        "name": name,
        "architecture": "vit",
        "config": cfg.to_json(),
        "patchSizes": patch_sizes,
        "patchResize": "pi-bilinear",
        "preprocessing": preprocessing(cfg.image, fit),
        "labels": [vars(label) for label in labels],
    }

    def golden() -> tuple[Arrays, dict[str, str]]:
        return vit_golden(load_model(folder), patch_sizes, full or [], sampled or [])

    write_model(folder, config, weights, golden, bits)


def vit_golden(
    model: ViT, patch_sizes: list[int], full: list[int], sampled: list[int]
) -> tuple[Arrays, dict[str, str]]:
    """Tensors and metadata of golden.safetensors, computed in float32.

    `full`: patch sizes whose tensors are stored whole; `sampled`: stored as `sample` plus
    `stat/p<patch>/<name>` = min, max, mean, mean of absolute values. Logits of all patch sizes.
    """
    x = golden_picture(model.cfg.image, model.cfg.channels)
    tensors: dict[str, np.ndarray] = {"x": x}
    meta = {"sample": "full" if full else RULE}
    with torch.inference_mode():
        for patch in patch_sizes:
            capture: dict[str, Tensor] = {}
            logits = model(torch.from_numpy(x), patch, capture)
            tensors[f"p{patch}/logits"] = logits.numpy()
            meta[f"p{patch}/logits"] = ",".join(map(str, logits.shape))
            if patch not in full + sampled:
                continue
            for name, value in capture.items():
                store(tensors, meta, f"p{patch}/{name}", value, patch in full or name == "logits")
    return tensors, meta
