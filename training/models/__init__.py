"""Architectures, one file each, with timm's parameter names."""

from training.models.vit import ViT, ViTConfig

__all__ = ["ViT", "ViTConfig"]
