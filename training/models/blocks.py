"""What all the transformers here share: attention, MLP, block, sinusoids, and their JSON configurations.

Parameter and tensor names are timm's. B batch, T tokens, D width, h heads, d = D/h, M = MLP width.
"""

from __future__ import annotations

import math
import re
from dataclasses import fields
from typing import Any, Protocol, TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.errors import TrainingError

Capture = dict[str, Tensor]


class BlockShape(Protocol):
    """What a block must know of its model's configuration."""

    @property
    def dim(self) -> int: ...
    @property
    def heads(self) -> int: ...
    @property
    def mlp(self) -> int: ...
    @property
    def qkv_bias(self) -> bool: ...
    @property
    def norm_eps(self) -> float: ...
    @property
    def gelu(self) -> str: ...
    @property
    def layer_scale(self) -> bool: ...


C = TypeVar("C")


def camel(name: str) -> str:
    """mlp_ratio to mlpRatio: the keys of config.json."""
    return re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), name)


def to_json(cfg: Any) -> dict[str, Any]:
    """The `config` object of a model folder's config.json."""
    return {camel(f.name): getattr(cfg, f.name) for f in fields(cfg)}


def from_json(kind: type[C], values: dict[str, Any], what: str) -> C:
    """Inverse of to_json; raises TrainingError for a key that does not exist."""
    names = {camel(f.name): f.name for f in fields(kind)}  # type: ignore[arg-type]
    unknown = sorted(set(values) - set(names))
    if unknown:
        raise TrainingError(
            f"config.json has the key '{unknown[0]}', which a {what} does not know; "
            f"remove it (known: {', '.join(sorted(names))})."
        )
    return kind(**{names[key]: value for key, value in values.items()})


def check_sizes(image: int, patch: int, dim: int, heads: int) -> None:
    """Raises TrainingError unless heads divide dim and the patch divides the image."""
    if dim % heads:
        raise TrainingError(f"dim {dim} is not divisible by heads {heads}; choose heads that divide it.")
    if image % patch:
        raise TrainingError(
            f"image {image} is not divisible by patch {patch}; choose a stored patch size that divides it."
        )


def check_choice(key: str, value: str, allowed: tuple[str, ...]) -> None:
    """Raises TrainingError unless `value` is one of `allowed`."""
    if value not in allowed:
        raise TrainingError(f"model key '{key}' is '{value}'; use one of {', '.join(allowed)}.")


def keep(capture: Capture | None, name: str, value: Tensor) -> Tensor:
    """Puts the tensor under its name where tensors are wanted, and gives it back."""
    if capture is not None:
        capture[name] = value
    return value


def patchify(x: Tensor, patch: int) -> Tensor:
    """x [B, C, H, W] to patches [B, N, C p p] (channel, row, column); what fills no patch is dropped."""
    batch, channels, height, width = x.shape
    rows, cols = height // patch, width // patch
    x = x[:, :, : rows * patch, : cols * patch]
    patches = x.reshape(batch, channels, rows, patch, cols, patch)
    return patches.permute(0, 2, 4, 1, 3, 5).reshape(batch, rows * cols, channels * patch * patch)


def unpatchify(patches: Tensor, patch: int, channels: int) -> Tensor:
    """Patches [B, N, p p C] (row, column, channel) of a square grid to [B, C, H, W]."""
    batch, count, _ = patches.shape
    side = math.isqrt(count)
    x = patches.reshape(batch, side, side, patch, patch, channels)
    return x.permute(0, 5, 1, 3, 2, 4).reshape(batch, channels, side * patch, side * patch)


def sinusoid(t: Tensor, dim: int) -> Tensor:
    """[cos(t f), sin(t f)] with f_i = 10000^(-i / (dim/2)): t [B] to float32 [B, dim].

    Source: Vaswani et al. 2017, section 3.5, in the order of U-ViT and DiT (cosines first).
    """
    half = dim // 2
    rates = torch.exp(torch.arange(half, dtype=torch.float32, device=t.device) * (-math.log(10000) / half))
    angles = t.float()[:, None] * rates
    return torch.cat([angles.cos(), angles.sin()], dim=-1)


def sincos2d(grid: int, dim: int) -> Tensor:
    """The fixed 2-D position table float32 [grid*grid, dim] (MAE, DiT); dim divisible by 4.

    The first half of a row encodes the column, the second the row; each half is [sin, cos] of
    position x 10000^(-k / (dim/4)).
    """
    quarter = dim // 4
    rates = 10000.0 ** (-torch.arange(quarter, dtype=torch.float64) / quarter)
    angles = torch.arange(grid, dtype=torch.float64)[:, None] * rates
    wave = torch.cat([angles.sin(), angles.cos()], dim=1)
    cols = wave[None, :, :].expand(grid, -1, -1)
    rows = wave[:, None, :].expand(-1, grid, -1)
    return torch.cat([cols, rows], dim=-1).reshape(grid * grid, dim).float()


class Attention(nn.Module):
    """Multi-head self-attention; qkv rows are query, key, value, each head-major (timm).

    `causal`: a token attends to itself and those before it; the scores of the others are minus infinity. Captured are
    the scores before that.
    """

    def __init__(self, cfg: BlockShape, causal: bool = False) -> None:
        super().__init__()
        self.heads, self.causal = cfg.heads, causal
        self.qkv = nn.Linear(cfg.dim, 3 * cfg.dim, bias=cfg.qkv_bias)
        self.proj = nn.Linear(cfg.dim, cfg.dim)

    def forward(self, x: Tensor, capture: Capture | None, name: str) -> Tensor:
        """x [B, T, D] to [B, T, D]. Without capture the fused kernel runs, but where a CPU learns:
        its backward pass takes six times as long there as the plain products (64 tokens, bfloat16).
        """
        batch, tokens, dim = x.shape
        qkv = keep(capture, f"{name}.qkv", self.qkv(x))
        q, k, v = qkv.reshape(batch, tokens, 3, self.heads, dim // self.heads).permute(2, 0, 3, 1, 4)
        if capture is None and (x.device.type != "cpu" or not torch.is_grad_enabled()):
            out = F.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
        elif capture is None:
            out = self.hidden(q * (dim // self.heads) ** -0.5 @ k.transpose(-2, -1)).softmax(-1).to(v.dtype) @ v
        else:
            scores = q @ k.transpose(-2, -1) * (dim // self.heads) ** -0.5
            probs = self.hidden(scores).softmax(-1)
            out = probs @ v
            for key, value in zip(
                ("q", "k", "v", "scores", "probs", "out"), (q, k, v, scores, probs, out), strict=True
            ):
                capture[f"{name}.{key}"] = value
        merged = keep(capture, f"{name}.merged", out.transpose(1, 2).reshape(batch, tokens, dim))
        return keep(capture, f"{name}.proj", self.proj(merged))

    def hidden(self, scores: Tensor) -> Tensor:
        """Scores [B, h, T, T] with what a causal token must not see at minus infinity."""
        if not self.causal:
            return scores
        later = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).triu(1)
        return scores.masked_fill(later, float("-inf"))


class Mlp(nn.Module):
    """Two linear layers with a GELU between them."""

    def __init__(self, cfg: BlockShape) -> None:
        super().__init__()
        self.fc1 = nn.Linear(cfg.dim, cfg.mlp)
        self.fc2 = nn.Linear(cfg.mlp, cfg.dim)
        self.approximate = "tanh" if cfg.gelu == "tanh" else "none"

    def forward(self, x: Tensor, capture: Capture | None, name: str) -> Tensor:
        """x [B, T, D] to [B, T, D] through [B, T, M]."""
        hidden = keep(capture, f"{name}.fc1", self.fc1(x))
        hidden = keep(capture, f"{name}.gelu", F.gelu(hidden, approximate=self.approximate))
        return keep(capture, f"{name}.fc2", self.fc2(hidden))


class LayerScale(nn.Module):
    """A learned factor per channel on a branch (timm's `ls1`, `ls2`)."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.full((dim,), 1e-5))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.gamma


class Block(nn.Module):
    """x + Attention(LN(x)), then x + MLP(LN(x)); `causal`: see Attention."""

    def __init__(self, cfg: BlockShape, drop_path: float = 0.0, causal: bool = False) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(cfg.dim, eps=cfg.norm_eps)
        self.attn = Attention(cfg, causal)
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
        normed = keep(capture, f"{name}.norm1", self.norm1(x))
        x = x + self._drop(self.ls1(self.attn(normed, capture, f"{name}.attn")))
        keep(capture, f"{name}.attn.residual", x)
        normed = keep(capture, f"{name}.norm2", self.norm2(x))
        x = x + self._drop(self.ls2(self.mlp(normed, capture, f"{name}.mlp")))
        return keep(capture, name, x)
