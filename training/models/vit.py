"""A plain Vision Transformer with timm's parameter names and every intermediate on request.

Source: Dosovitskiy et al., "An Image Is Worth 16x16 Words" (2021), section 3.1; patch-size
changes as in FlexiViT (see resize.py). B batch, T tokens, D width, h heads, d = D/h, M = MLP width.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.errors import TrainingError
from training.models.resize import pi_resize, resize_positions

Capture = dict[str, Tensor]

_JSON_NAMES = {
    "mlp_ratio": "mlpRatio",
    "qkv_bias": "qkvBias",
    "norm_eps": "normEps",
    "cls_position": "clsPosition",
    "pre_norm": "preNorm",
    "layer_scale": "layerScale",
}


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
        if self.dim % self.heads:
            raise TrainingError(f"dim {self.dim} is not divisible by heads {self.heads}; choose heads that divide it.")
        if self.image % self.patch:
            raise TrainingError(
                f"image {self.image} is not divisible by patch {self.patch}; "
                "choose a stored patch size that divides it."
            )
        allowed = {"pool": ("cls", "gap"), "gelu": ("erf", "tanh"), "positions": ("learned", "none")}
        for key, values in allowed.items():
            if getattr(self, key) not in values:
                raise TrainingError(f"model key '{key}' is '{getattr(self, key)}'; use one of {', '.join(values)}.")

    @property
    def grid(self) -> int:
        """Side of the stored position grid."""
        return self.image // self.patch

    @property
    def hidden(self) -> int:
        """Width M of the MLP."""
        return int(self.dim * self.mlp_ratio)

    def to_json(self) -> dict[str, Any]:
        """The `config` object of a model folder's config.json."""
        return {_JSON_NAMES.get(f.name, f.name): getattr(self, f.name) for f in fields(self)}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> ViTConfig:
        """Inverse of to_json; raises TrainingError for a key that does not exist."""
        names = {_JSON_NAMES.get(f.name, f.name): f.name for f in fields(cls)}
        unknown = sorted(set(values) - set(names))
        if unknown:
            raise TrainingError(
                f"config.json has the key '{unknown[0]}', which a ViT does not know; "
                f"remove it (known: {', '.join(sorted(names))})."
            )
        return cls(**{names[key]: value for key, value in values.items()})


def _keep(capture: Capture | None, name: str, value: Tensor) -> Tensor:
    if capture is not None:
        capture[name] = value
    return value


class PatchEmbed(nn.Module):
    """The linear projection of flattened patches, stored as a convolution kernel."""

    def __init__(self, cfg: ViTConfig) -> None:
        super().__init__()
        self.proj = nn.Conv2d(cfg.channels, cfg.dim, cfg.patch, cfg.patch)

    def forward(self, x: Tensor, patch: int, capture: Capture | None) -> Tensor:
        """x [B, C, H, W] to patch_embed [B, N, D]; what does not fill a patch is dropped."""
        batch, channels, height, width = x.shape
        rows, cols = height // patch, width // patch
        x = x[:, :, : rows * patch, : cols * patch]
        patches = x.reshape(batch, channels, rows, patch, cols, patch)
        patches = patches.permute(0, 2, 4, 1, 3, 5).reshape(batch, rows * cols, channels * patch * patch)
        _keep(capture, "patches", patches)
        weight = pi_resize(self.proj.weight.float(), patch)
        return _keep(capture, "patch_embed", F.linear(patches, weight.flatten(1), self.proj.bias))


class Attention(nn.Module):
    """Multi-head self-attention; qkv rows are query, key, value, each head-major (timm)."""

    def __init__(self, cfg: ViTConfig) -> None:
        super().__init__()
        self.heads = cfg.heads
        self.qkv = nn.Linear(cfg.dim, 3 * cfg.dim, bias=cfg.qkv_bias)
        self.proj = nn.Linear(cfg.dim, cfg.dim)

    def forward(self, x: Tensor, capture: Capture | None, name: str) -> Tensor:
        """x [B, T, D] to [B, T, D]. Without capture the fused kernel runs."""
        batch, tokens, dim = x.shape
        qkv = _keep(capture, f"{name}.qkv", self.qkv(x))
        q, k, v = qkv.reshape(batch, tokens, 3, self.heads, dim // self.heads).permute(2, 0, 3, 1, 4)
        if capture is None:
            out = F.scaled_dot_product_attention(q, k, v)
        else:
            scores = q @ k.transpose(-2, -1) * (dim // self.heads) ** -0.5
            probs = scores.softmax(-1)
            out = probs @ v
            for key, value in zip(
                ("q", "k", "v", "scores", "probs", "out"), (q, k, v, scores, probs, out), strict=True
            ):
                capture[f"{name}.{key}"] = value
        merged = _keep(capture, f"{name}.merged", out.transpose(1, 2).reshape(batch, tokens, dim))
        return _keep(capture, f"{name}.proj", self.proj(merged))


class Mlp(nn.Module):
    """Two linear layers with a GELU between them."""

    def __init__(self, cfg: ViTConfig) -> None:
        super().__init__()
        self.fc1 = nn.Linear(cfg.dim, cfg.hidden)
        self.fc2 = nn.Linear(cfg.hidden, cfg.dim)
        self.approximate = "tanh" if cfg.gelu == "tanh" else "none"

    def forward(self, x: Tensor, capture: Capture | None, name: str) -> Tensor:
        """x [B, T, D] to [B, T, D] through [B, T, M]."""
        hidden = _keep(capture, f"{name}.fc1", self.fc1(x))
        hidden = _keep(capture, f"{name}.gelu", F.gelu(hidden, approximate=self.approximate))
        return _keep(capture, f"{name}.fc2", self.fc2(hidden))


class LayerScale(nn.Module):
    """A learned factor per channel on a branch (timm's `ls1`, `ls2`)."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.full((dim,), 1e-5))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.gamma


class Block(nn.Module):
    """x + Attention(LN(x)), then x + MLP(LN(x))."""

    def __init__(self, cfg: ViTConfig, drop_path: float = 0.0) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(cfg.dim, eps=cfg.norm_eps)
        self.attn = Attention(cfg)
        self.ls1 = LayerScale(cfg.dim) if cfg.layer_scale else nn.Identity()
        self.norm2 = nn.LayerNorm(cfg.dim, eps=cfg.norm_eps)
        self.mlp = Mlp(cfg)
        self.ls2 = LayerScale(cfg.dim) if cfg.layer_scale else nn.Identity()
        self.drop_path = drop_path

    def _drop(self, branch: Tensor) -> Tensor:
        if not self.training or self.drop_path == 0.0:
            return branch
        keep = 1 - self.drop_path
        mask = torch.empty(branch.shape[0], 1, 1, device=branch.device).bernoulli_(keep) / keep
        return branch * mask.to(branch.dtype)

    def forward(self, x: Tensor, capture: Capture | None = None, name: str = "") -> Tensor:
        """x [B, T, D] to [B, T, D]; `name` is the prefix of the captured tensors."""
        normed = _keep(capture, f"{name}.norm1", self.norm1(x))
        x = x + self._drop(self.ls1(self.attn(normed, capture, f"{name}.attn")))
        _keep(capture, f"{name}.attn.residual", x)
        normed = _keep(capture, f"{name}.norm2", self.norm2(x))
        x = x + self._drop(self.ls2(self.mlp(normed, capture, f"{name}.mlp")))
        return _keep(capture, name, x)


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
            tokens = _keep(capture, "pos_added", tokens + grid_pos)
        if cls is not None:
            tokens = torch.cat([cls.to(tokens.dtype).expand(batch, -1, -1), tokens], dim=1)
            _keep(capture, "cls_cat", tokens)
            if has_cls:
                tokens = torch.cat([tokens[:, :1] + cls_pos, tokens[:, 1:] + grid_pos], dim=1)
        if self.reg_token is not None:
            registers = self.reg_token.to(tokens.dtype).expand(batch, -1, -1)
            split = int(cls is not None)
            tokens = torch.cat([tokens[:, :split], registers, tokens[:, split:]], dim=1)
        if self.norm_pre is not None:
            tokens = _keep(capture, "norm_pre", self.norm_pre(tokens))
        return _keep(capture, "tokens", tokens)

    def features(self, x: Tensor, patch: int | None = None, capture: Capture | None = None) -> Tensor:
        """Tokens after the final LayerNorm, `norm` [B, T, D]."""
        x = self.embed(x, patch or self.cfg.patch, capture)
        for index, block in enumerate(self.blocks):
            x = block(x, capture, f"blocks.{index}")
        return _keep(capture, "norm", self.norm(x))

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
        _keep(capture, "x", x)
        pooled = _keep(capture, "pooled", self.pool(self.features(x, patch, capture)))
        logits = _keep(capture, "logits", self.head(pooled))
        _keep(capture, "probs", logits.softmax(-1))
        return logits
