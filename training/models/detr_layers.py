"""What a DETR is made of: attention with positions beside the values, its two kinds of layers, its sines.

Names are those of the published checkpoints. B batch, N tokens of the picture, Q queries, D width, h heads.
Source: Carion et al. 2020, section A.3 and figure 10.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.models.blocks import Capture, keep
from training.models.detr_config import DETRConfig


def sine_positions(grid: int, dim: int) -> Tensor:
    """The fixed positions of a square map, float32 [grid * grid, dim]: the row's half, then the column's.

    A coordinate counts from 1 and becomes y / (grid + 1e-6) * 2 pi; entry 2k of a half is its sine at
    10000^(-2k / (dim / 2)), entry 2k + 1 its cosine (Carion et al.'s PositionEmbeddingSine, normalised).
    """
    at = torch.arange(1, grid + 1, dtype=torch.float64) / (grid + 1e-6)
    return sines(at.repeat_interleave(grid), at.repeat(grid), dim)


def sines(y: Tensor, x: Tensor, dim: int) -> Tensor:
    """The sines of any places, y and x float64 [n] in sides of the picture, float32 [n, dim]."""
    half = dim // 2
    rates = 10000.0 ** (-2 * (torch.arange(half, dtype=torch.float64) // 2) / half)
    angles = torch.stack([y, x], 1)[..., None] * 2 * math.pi * rates
    wave = torch.stack([angles[..., 0::2].sin(), angles[..., 1::2].cos()], -1)
    return wave.reshape(len(y), dim).float()


class MultiheadAttention(nn.Module):
    """Attention whose queries, keys and values come from three inputs; weights as in torch.nn.MultiheadAttention."""

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.in_proj_weight = nn.Parameter(torch.empty(3 * dim, dim))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * dim))
        self.out_proj = nn.Linear(dim, dim)

    def split(self, x: Tensor, part: int) -> Tensor:
        """x [B, T, D] projected by third `part` of the weights, as [B, h, T, D / h]."""
        dim = x.shape[-1]
        rows = slice(part * dim, (part + 1) * dim)
        out = F.linear(x, self.in_proj_weight[rows], self.in_proj_bias[rows])
        return out.reshape(len(x), -1, self.heads, dim // self.heads).transpose(1, 2)

    def forward(self, q: Tensor, k: Tensor, v: Tensor, capture: Capture | None, name: str) -> Tensor:
        """q [B, T, D], k and v [B, S, D] to [B, T, D]."""
        q, k, v = self.split(q, 0), self.split(k, 1), self.split(v, 2)
        scores = q * q.shape[-1] ** -0.5 @ k.transpose(-2, -1)
        probs = scores.softmax(-1).to(v.dtype)
        out = probs @ v
        for key, value in (("q", q), ("k", k), ("v", v), ("scores", scores), ("probs", probs), ("out", out)):
            keep(capture, f"{name}.{key}", value)
        merged = keep(capture, f"{name}.merged", out.transpose(1, 2).flatten(2))
        return keep(capture, f"{name}.out_proj", self.out_proj(merged))


class FeedForward(nn.Module):
    """What both kinds of layers have behind their attention: two linear layers with a ReLU between them."""

    def __init__(self, cfg: DETRConfig) -> None:
        super().__init__()
        self.linear1 = nn.Linear(cfg.dim, cfg.ffn)
        self.linear2 = nn.Linear(cfg.ffn, cfg.dim)

    def feed(self, x: Tensor, capture: Capture | None, name: str) -> Tensor:
        """x [B, T, D] to [B, T, D]."""
        hidden = keep(capture, f"{name}.linear1", self.linear1(x))
        hidden = keep(capture, f"{name}.relu", F.relu(hidden))
        return keep(capture, f"{name}.linear2", self.linear2(hidden))


class EncoderLayer(FeedForward):
    """Self-attention among the picture's tokens, then the feed-forward; each is added and then normalised."""

    def __init__(self, cfg: DETRConfig) -> None:
        super().__init__(cfg)
        self.self_attn = MultiheadAttention(cfg.dim, cfg.heads)
        self.norm1 = nn.LayerNorm(cfg.dim, eps=cfg.norm_eps)
        self.norm2 = nn.LayerNorm(cfg.dim, eps=cfg.norm_eps)

    def forward(self, x: Tensor, pos: Tensor, capture: Capture | None, name: str) -> Tensor:
        """x [B, N, D] and positions [N, D] to [B, N, D]."""
        placed = keep(capture, f"{name}.with_pos", x + pos)
        out = self.self_attn(placed, placed, x, capture, f"{name}.self_attn")
        x = keep(capture, f"{name}.norm1", self.norm1(keep(capture, f"{name}.self_attn.residual", x + out)))
        out = keep(capture, f"{name}.residual", x + self.feed(x, capture, name))
        return keep(capture, name, self.norm2(out))


class DecoderLayer(FeedForward):
    """Self-attention among the queries, attention from them to the picture's tokens, then the feed-forward."""

    def __init__(self, cfg: DETRConfig) -> None:
        super().__init__(cfg)
        self.self_attn = MultiheadAttention(cfg.dim, cfg.heads)
        self.multihead_attn = MultiheadAttention(cfg.dim, cfg.heads)
        self.norm1 = nn.LayerNorm(cfg.dim, eps=cfg.norm_eps)
        self.norm2 = nn.LayerNorm(cfg.dim, eps=cfg.norm_eps)
        self.norm3 = nn.LayerNorm(cfg.dim, eps=cfg.norm_eps)

    def among(self, x: Tensor, query: Tensor, groups: int, capture: Capture | None, name: str) -> Tensor:
        """The self-attention of x [B, G Q, D], each of `groups` by itself."""
        batch, count, dim = x.shape
        placed = keep(capture, f"{name}.with_query", x + query)
        placed, x = (t.reshape(batch * groups, count // groups, dim) for t in (placed, x))
        out: Tensor = self.self_attn(placed, placed, x, capture, f"{name}.self_attn")
        return out.reshape(batch, count, dim)

    def forward(
        self,
        x: Tensor,
        query: Tensor,
        memory: Tensor,
        keys: Tensor,
        capture: Capture | None,
        name: str,
        groups: int = 1,
        self_attention: bool = True,
    ) -> Tensor:
        """x [B, G Q, D], its positions `query` [G Q, D], the picture's tokens and these with positions [B, N, D].

        Without `self_attention` nothing is added in its place: the queries do not know of one another.
        """
        if self_attention:
            out = self.among(x, query, groups, capture, name)
            x = keep(capture, f"{name}.self_attn.residual", x + out)
        x = keep(capture, f"{name}.norm1", self.norm1(x))
        asked = keep(capture, f"{name}.norm1.with_query", x + query)
        out = self.multihead_attn(asked, keys, memory, capture, f"{name}.multihead_attn")
        x = keep(capture, f"{name}.norm2", self.norm2(keep(capture, f"{name}.multihead_attn.residual", x + out)))
        out = keep(capture, f"{name}.residual", x + self.feed(x, capture, name))
        return keep(capture, name, self.norm3(out))
