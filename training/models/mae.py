"""MAE: a masked autoencoder; the encoder sees the visible patches alone, a light decoder paints the rest.

Source: He et al. 2021, "Masked Autoencoders Are Scalable Vision Learners" (arXiv 2111.06377), section 3;
parameter names are those of the authors' checkpoints. B batch, N patches, V visible, D and E widths.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from training.models.blocks import (
    Block,
    Capture,
    check_choice,
    check_sizes,
    from_json,
    keep,
    patchify,
    sincos2d,
    to_json,
    unpatchify,
)
from training.models.uvit import PatchEmbed


@dataclass(frozen=True)
class MAEConfig:
    """Sizes and options; V = floor(N (1 - mask_ratio)); `norm_pixels` concerns the training target."""

    image: int = 224
    channels: int = 3
    patch: int = 16
    dim: int = 192
    depth: int = 12
    heads: int = 3
    mlp_ratio: float = 4
    decoder_dim: int = 192
    decoder_depth: int = 4
    decoder_heads: int = 3
    mask_ratio: float = 0.75
    qkv_bias: bool = True
    norm_eps: float = 1e-6
    gelu: str = "erf"
    norm_pixels: bool = False

    def __post_init__(self) -> None:
        check_sizes(self.image, self.patch, self.dim, self.heads)
        check_sizes(self.image, self.patch, self.decoder_dim, self.decoder_heads)
        check_choice("gelu", self.gelu, ("erf", "tanh"))

    @property
    def grid(self) -> int:
        """Patches along a side."""
        return self.image // self.patch

    @property
    def visible(self) -> int:
        """V: patches the encoder sees."""
        return int(self.grid**2 * (1 - self.mask_ratio))

    @property
    def mlp(self) -> int:
        """Width M of the encoder's MLP."""
        return int(self.dim * self.mlp_ratio)

    @property
    def layer_scale(self) -> bool:
        """Never; blocks ask."""
        return False

    def to_json(self) -> dict[str, Any]:
        """The `config` object of a model folder's config.json."""
        return to_json(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> MAEConfig:
        """Inverse of to_json; raises TrainingError for a key that does not exist."""
        return from_json(cls, values, "MAE")


@dataclass(frozen=True)
class DecoderShape:
    """The decoder's sizes, as its blocks ask for them."""

    dim: int
    heads: int
    mlp: int
    qkv_bias: bool
    norm_eps: float
    gelu: str
    layer_scale: bool = False


def gather(tokens: Tensor, ids: Tensor) -> Tensor:
    """Rows `ids` [V] (one choice for the batch) or [B, V] of tokens [B, N, D]: [B, V, D]."""
    ids = ids.long()
    if ids.ndim == 1:
        ids = ids.expand(tokens.shape[0], -1)
    return tokens.gather(1, ids[..., None].expand(-1, -1, tokens.shape[2]))


def masking(noise: Tensor, visible: int) -> tuple[Tensor, Tensor]:
    """(ids_keep [..., V], ids_restore [..., N]) from uniform noise [..., N]: the V smallest stay."""
    order = noise.argsort(dim=-1)
    return order[..., :visible], order.argsort(dim=-1)


def normalised(patches: Tensor) -> Tensor:
    """Each patch [..., P] minus its mean, over the root of its (unbiased) variance + 1e-6."""
    mean, var = patches.mean(-1, keepdim=True), patches.var(-1, keepdim=True)
    return (patches - mean) / (var + 1e-6).sqrt()


def pixel_order(x: Tensor, patch: int) -> Tensor:
    """The target of the decoder: x [B, C, H, W] to [B, N, p p C] (row, column, channel)."""
    patches = patchify(x, patch)
    batch, count, _ = patches.shape
    return patches.reshape(batch, count, -1, patch * patch).transpose(2, 3).reshape(batch, count, -1)


class MAE(nn.Module):
    """The autoencoder; positions are fixed sines and cosines, the class token's is zero."""

    def __init__(self, cfg: MAEConfig, drop_path: float = 0.0) -> None:
        super().__init__()
        self.cfg = cfg
        self.patch_embed = PatchEmbed(cfg.channels, cfg.dim, cfg.patch)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, cfg.dim))
        self.positions: Tensor
        self.decoder_positions: Tensor
        self.register_buffer("positions", sincos2d(cfg.grid, cfg.dim)[None], persistent=False)
        rates = [drop_path * i / max(cfg.depth - 1, 1) for i in range(cfg.depth)]
        self.blocks = nn.ModuleList(Block(cfg, rate) for rate in rates)
        self.norm = nn.LayerNorm(cfg.dim, eps=cfg.norm_eps)
        wide = cfg.decoder_dim
        self.decoder_embed = nn.Linear(cfg.dim, wide)
        self.mask_token = nn.Parameter(torch.zeros(1, 1, wide))
        table = torch.cat([torch.zeros(1, wide), sincos2d(cfg.grid, wide)])
        self.register_buffer("decoder_positions", table[None], persistent=False)
        shape = DecoderShape(wide, cfg.decoder_heads, int(wide * cfg.mlp_ratio), cfg.qkv_bias, cfg.norm_eps, cfg.gelu)
        self.decoder_blocks = nn.ModuleList(Block(shape) for _ in range(cfg.decoder_depth))
        self.decoder_norm = nn.LayerNorm(wide, eps=cfg.norm_eps)
        self.decoder_pred = nn.Linear(wide, cfg.patch**2 * cfg.channels)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias) if module.bias is not None else None
        nn.init.xavier_uniform_(self.patch_embed.proj.weight.data.view(cfg.dim, -1))
        for token in (self.cls_token, self.mask_token):
            nn.init.normal_(token, std=0.02)

    def encode(self, x: Tensor, ids_keep: Tensor, capture: Capture | None = None) -> Tensor:
        """x [B, C, H, W], ids_keep [V] or [B, V] to `norm` [B, V + 1, D], class token first."""
        patches = self.patch_embed(x, capture)
        patches = keep(capture, "pos_added", patches + self.positions)
        visible = keep(capture, "visible", gather(patches, ids_keep))
        cls = self.cls_token.to(visible.dtype).expand(len(x), -1, -1)
        tokens = keep(capture, "tokens", torch.cat([cls, visible], dim=1))
        for index, block in enumerate(self.blocks):
            tokens = block(tokens, capture, f"blocks.{index}")
        return keep(capture, "norm", self.norm(tokens))

    def decode(self, tokens: Tensor, ids_restore: Tensor, capture: Capture | None = None) -> Tensor:
        """Encoder tokens [B, V + 1, D] to `patch_pred` [B, N, p p C] (row, column, channel)."""
        embedded = keep(capture, "decoder_embed", self.decoder_embed(tokens))
        batch, seen, _ = embedded.shape
        masks = self.mask_token.to(embedded.dtype).expand(batch, self.cfg.grid**2 - (seen - 1), -1)
        full = keep(capture, "unshuffled", gather(torch.cat([embedded[:, 1:], masks], dim=1), ids_restore))
        decoded = torch.cat([embedded[:, :1], full], dim=1) + self.decoder_positions
        keep(capture, "decoder_tokens", decoded)
        for index, block in enumerate(self.decoder_blocks):
            decoded = block(decoded, capture, f"decoder_blocks.{index}")
        decoded = keep(capture, "decoder_norm", self.decoder_norm(decoded))
        values = keep(capture, "decoder_pred", self.decoder_pred(decoded))
        return keep(capture, "patch_pred", values[:, 1:])

    def forward(self, x: Tensor, ids_keep: Tensor, ids_restore: Tensor, capture: Capture | None = None) -> Tensor:
        """`reconstruction` [B, C, H, W] of pictures x [B, C, H, W].

        ids_keep [V] or [B, V], the visible patches in the order of the shuffle; ids_restore [N] or
        [B, N]: patch n is row ids_restore[n] of [visible ..., mask ...].
        """
        for name, value in (("x", x), ("ids_keep", ids_keep), ("ids_restore", ids_restore)):
            keep(capture, name, value.float())
        values = self.decode(self.encode(x, ids_keep, capture), ids_restore, capture)
        return keep(capture, "reconstruction", unpatchify(values, self.cfg.patch, self.cfg.channels))

    def loss(self, x: Tensor, ids_keep: Tensor, ids_restore: Tensor) -> Tensor:
        """Mean square error per patch, averaged over the masked patches alone (section 3)."""
        return self.error(self.decode(self.encode(x, ids_keep), ids_restore), x, ids_keep, ids_restore)

    def error(self, values: Tensor, x: Tensor, ids_keep: Tensor, ids_restore: Tensor) -> Tensor:
        """The same of what was decoded, `patch_pred` [B, N, p p C]."""
        target = pixel_order(x, self.cfg.patch)
        if self.cfg.norm_pixels:
            target = normalised(target)
        error = (values.float() - target).square().mean(-1)
        hidden = (ids_restore.expand(len(x), -1) >= ids_keep.shape[-1]).float()
        return (error * hidden).sum() / hidden.sum()
