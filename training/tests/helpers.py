"""Shared pieces of the tests: small configurations and synthetic data; nothing here needs ../shared/data."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from training.config import Config, parse_config
from training.data.pictures import Label, PictureSet
from training.models.vit import ViTConfig


def small_config(**train: Any) -> Config:
    """A 2-block, 32-wide ViT on 32x32 pictures of four classes."""
    values = {
        "name": "small",
        "seed": 3,
        "model": {
            "image": 32, "patch": 8, "dim": 32, "depth": 2, "heads": 2, "classes": 4, "cls_position": False,
        },
        "data": {"set": "synthetic"},
        "augment": {"scale_min": 0.9, "aspect": 1.05, "whole": 0.5, "flip": 0.0, "colour": 0.0},
        "train": {
            "steps": 12, "batch": 16, "lr": 3e-3, "warmup": 2, "label_smoothing": 0.0, "bf16": False,
            "patch_sizes": [4, 8, 16], "patch_shares": [1, 1, 1], **train,
        },
    }  # fmt: skip
    return parse_config(values, "small.toml")


def small_model() -> ViTConfig:
    """The model of small_config."""
    model = small_config().model
    assert isinstance(model, ViTConfig)
    return model


def synthetic(count: int = 16, side: int = 40, classes: int = 4) -> PictureSet:
    """Pictures whose class is a colour and a direction of stripes, with noise."""
    rng = np.random.default_rng(0)
    labels = np.arange(count) % classes
    y, x = np.meshgrid(np.arange(side), np.arange(side), indexing="ij")
    images = np.zeros((count, side, side, 3))
    for i, label in enumerate(labels):
        wave = np.sin((x if label % 2 else y) * (0.4 + 0.2 * label))
        images[i] = 128 + 60 * wave[..., None] + 40 * np.eye(3)[label % 3]
    images += rng.normal(0, 20, images.shape)
    sizes = np.full((count, 2), side)
    names = [f"train/{label}/{i}" for i, label in enumerate(labels)]
    return PictureSet(images.clip(0, 255).astype(np.uint8), labels, sizes, names)


LABELS = [Label(f"c{i}", f"class {i}", f"类 {i}", "shape") for i in range(4)]


def picture_bytes(size: tuple[int, int] = (40, 30), mode: str = "RGB") -> bytes:
    """An encoded WebP (RGB) or PNG (other modes) of noise."""
    rng = np.random.default_rng(1)
    shape = (size[1], size[0]) if mode == "L" else (size[1], size[0], 3)
    image = Image.fromarray(rng.integers(0, 255, shape, dtype=np.uint8))
    buffer = io.BytesIO()
    image.save(buffer, "PNG" if mode == "L" else "WEBP")
    return buffer.getvalue()


def write_shard(path: Path, files: dict[str, bytes]) -> Path:
    """A tar shard with the given members."""
    with tarfile.open(path, "w") as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return path
