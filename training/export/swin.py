"""A Swin pyramid's folder: config, weights and golden tensors.

Keys of golden.safetensors: `g/<tensor>` for the golden picture at the configuration's side, `i<side>/<tensor>` at the
other sides it was trained at, `k/<tensor>` with pruned windows, the masks among them.
"""

from __future__ import annotations

import re
from pathlib import Path

import torch
from torch import Tensor

from training.config import Config
from training.data.pictures import Label
from training.export.golden import RULE, Arrays, golden_picture, store
from training.export.read import load_any
from training.export.write import preprocessing, write_model
from training.models.swin import Swin
from training.models.swin_config import SwinConfig

BRIEF = re.compile(r"x|layers\.\d+(\.blocks\.\d+|\.\w*window_scores|\.\w*keep)|logits")
"""What is kept of the further passes: what goes in, what each block gives, and the answer."""


def export_swin(
    folder: Path, config: Config, weights: dict[str, Tensor], labels: list[Label], whole: bool, bits: int = 16
) -> None:
    """Write the folder; `whole`: golden tensors of the first pass in full, else sampled. `bits`: see write_model."""
    cfg = config.model
    assert isinstance(cfg, SwinConfig)
    sides = sorted(config.train.resolutions or [cfg.image])
    values = {
        "name": config.name,
        "architecture": "swin",
        "config": cfg.to_json(),
        "imageSizes": sides,
        "preprocessing": preprocessing(cfg.image, "squash" if cfg.image <= 32 else config.data.fit),
        "labels": [vars(label) for label in labels],
    }

    def golden() -> tuple[Arrays, dict[str, str]]:
        model = load_any(folder)
        assert isinstance(model, Swin)
        others = [2 * cfg.image] if whole else [side for side in sides if side != cfg.image]
        return swin_golden(model, others, whole)

    write_model(folder, values, weights, golden, bits)


def golden_masks(cfg: SwinConfig) -> dict[str, Tensor]:
    """Masks of windows for every partition of `image` pixels: every third window is pruned, the second or the third."""
    masks = {}
    for s, depth in enumerate(cfg.depths):
        grid = cfg.grid // 2**s
        for block in range(min(depth, 2)):
            window, shift = cfg.window_of(grid, block)
            if window:
                place = torch.arange((grid // window) ** 2)
                name = f"layers.{s}.{'shifted_' if shift else ''}keep"
                masks[name] = (place % 3 != (2 if shift else 1)).float()
    return masks


def swin_golden(model: Swin, others: list[int], whole: bool) -> tuple[Arrays, dict[str, str]]:
    """Every tensor of the golden picture, and in brief those of other sides and of pruned windows."""
    cfg = model.cfg
    tensors: Arrays = {}
    meta = {"sample": "full" if whole else RULE}

    def add(prefix: str, side: int, masks: dict[str, Tensor] | None = None) -> None:
        capture: dict[str, Tensor] = {}
        with torch.inference_mode():
            model(torch.from_numpy(golden_picture(side, cfg.channels)), capture, masks)
        for name, value in (capture | (masks or {})).items():
            if prefix == "g" or BRIEF.fullmatch(name):
                small = whole or name in ("x", "logits") or name in (masks or {})
                store(tensors, meta, f"{prefix}/{name}", value.contiguous(), small)

    add("g", cfg.image)
    for side in others:
        add(f"i{side}", side)
    masks = golden_masks(cfg)
    if masks:
        add("k", cfg.image, masks)
    return tensors, meta
