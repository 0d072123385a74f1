"""A plain Vision Transformer with timm's parameter names and every intermediate on request.

Source: Dosovitskiy et al., "An Image Is Worth 16x16 Words" (2021), section 3.1; patch-size
changes as in FlexiViT (see resize.py). B batch, T tokens, D width, h heads, d = D/h, M = MLP width.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.models.blocks import Block, Capture, check_choice, check_sizes, from_json, keep, patchify, to_json
from training.models.resize import pi_resize, resize_positions


@dataclass(frozen=True)
class ViTConfig:
    """Sizes and options; `patch` is the stored kernel's size, image / patch the stored grid."""

    image: int = 224
    channels: int = 3
    patch: int = 16
    dim: int = 192
    depth: int = 12
    heads: int = 3
    mlp_ratio: float = 4
    classes: int = 1000
    qkv_bias: bool = True
    pool: str = "cls"
    norm_eps: float = 1e-6
    gelu: str = "erf"
    positions: str = "learned"
    cls_position: bool = True
    pre_norm: bool = False
    registers: int = 0
    layer_scale: bool = False

    def __post_init__(self) -> None:
        check_sizes(self.image, self.patch, self.dim, self.heads)
        check_choice("pool", self.pool, ("cls", "gap"))
        check_choice("gelu", self.gelu, ("erf", "tanh"))
        check_choice("positions", self.positions, ("learned", "none"))

    @property
    def grid(self) -> int:
        """Side of the stored position grid."""
        return self.image // self.patch

    @property
    def mlp(self) -> int:
        """Width M of the MLP."""
        return int(self.dim * self.mlp_ratio)

    def to_json(self) -> dict[str, Any]:
        """The `config` object of a model folder's config.json."""
        return to_json(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> ViTConfig:
        """Inverse of to_json; raises TrainingError for a key that does not exist."""
        return from_json(cls, values, "ViT")


class PatchEmbed(nn.Module):
    """The linear projection of flattened patches, stored as a convolution kernel."""

    def __init__(self, cfg: ViTConfig) -> None:
        super().__init__()
        self.proj = nn.Conv2d(cfg.channels, cfg.dim, cfg.patch, cfg.patch)

    def forward(self, x: Tensor, patch: int, capture: Capture | None) -> Tensor:
        """x [B, C, H, W] to patch_embed [B, N, D]; what does not fill a patch is dropped."""
        patches = keep(capture, "patches", patchify(x, patch))
        weight = pi_resize(self.proj.weight.float(), patch)
        return keep(capture, "patch_embed", F.linear(patches, weight.flatten(1), self.proj.bias))


class ViT(nn.Module):
    """The classifier. Parameter names are timm's; `drop_path` grows linearly over the blocks."""

    def __init__(self, cfg: ViTConfig, drop_path: float = 0.0) -> None:
        super().__init__()
        self.cfg = cfg
        self.patch_embed = PatchEmbed(cfg)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, cfg.dim)) if cfg.pool == "cls" else None
        self.reg_token = nn.Parameter(torch.zeros(1, cfg.registers, cfg.dim)) if cfg.registers else None
        count = cfg.grid**2 + int(cfg.cls_position and cfg.pool == "cls")
        self.pos_embed = nn.Parameter(torch.zeros(1, count, cfg.dim)) if cfg.positions == "learned" else None
        self.norm_pre = nn.LayerNorm(cfg.dim, eps=cfg.norm_eps) if cfg.pre_norm else None
        rates = [drop_path * i / max(cfg.depth - 1, 1) for i in range(cfg.depth)]
        self.blocks = nn.ModuleList(Block(cfg, rate) for rate in rates)
        self.norm = nn.LayerNorm(cfg.dim, eps=cfg.norm_eps)
        self.head = nn.Linear(cfg.dim, cfg.classes)
        self._initialise()

    def _initialise(self) -> None:
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.trunc_normal_(module.weight, std=0.02)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
        for token in (self.cls_token, self.reg_token, self.pos_embed):
            if token is not None:
                nn.init.trunc_normal_(token, std=0.02)

    def embed(self, x: Tensor, patch: int, capture: Capture | None = None) -> Tensor:
        """x [B, C, H, W] to tokens [B, T, D]: [CLS, registers, patches]."""
        tokens = self.patch_embed(x, patch, capture)
        batch, count, _ = tokens.shape
        grid = round(count**0.5)
        pos, cls = self.pos_embed, self.cls_token
        has_cls = self.cfg.cls_position and cls is not None
        cls_pos: Tensor | float = 0.0
        grid_pos: Tensor | float = 0.0
        if pos is not None:
            grid_pos = resize_positions(pos[:, 1:] if has_cls else pos, grid)
            cls_pos = pos[:, :1] if has_cls else 0.0
        if not has_cls:
            tokens = keep(capture, "pos_added", tokens + grid_pos)
        if cls is not None:
            tokens = torch.cat([cls.to(tokens.dtype).expand(batch, -1, -1), tokens], dim=1)
            keep(capture, "cls_cat", tokens)
            if has_cls:
                tokens = torch.cat([tokens[:, :1] + cls_pos, tokens[:, 1:] + grid_pos], dim=1)
        if self.reg_token is not None:
            registers = self.reg_token.to(tokens.dtype).expand(batch, -1, -1)
            split = int(cls is not None)
            tokens = torch.cat([tokens[:, :split], registers, tokens[:, split:]], dim=1)
        if self.norm_pre is not None:
            tokens = keep(capture, "norm_pre", self.norm_pre(tokens))
        return keep(capture, "tokens", tokens)

    def features(self, x: Tensor, patch: int | None = None, capture: Capture | None = None) -> Tensor:
        """Tokens after the final LayerNorm, `norm` [B, T, D]."""
        x = self.embed(x, patch or self.cfg.patch, capture)
        for index, block in enumerate(self.blocks):
            x = block(x, capture, f"blocks.{index}")
        return keep(capture, "norm", self.norm(x))

    def pool(self, tokens: Tensor) -> Tensor:
        """[B, T, D] to [B, D]: the CLS token, or the mean of the patch tokens."""
        if self.cfg.pool == "cls":
            return tokens[:, 0]
        return tokens[:, self.cfg.registers :].mean(1)

    def forward(self, x: Tensor, patch: int | None = None, capture: Capture | None = None) -> Tensor:
        """Logits [B, K] of pictures [B, C, H, W].

        `patch` is the patch size to run at (the stored one by default). With `capture`, a dict,
        every tensor that the browser's graph names is put in it, with the leading batch dimension.
        """
        keep(capture, "x", x)
        pooled = keep(capture, "pooled", self.pool(self.features(x, patch, capture)))
        logits = keep(capture, "logits", self.head(pooled))
        keep(capture, "probs", logits.softmax(-1))
        return logits
