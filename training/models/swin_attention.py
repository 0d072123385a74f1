"""Attention that costs less: inside of windows, and ReLU linear attention, alone or over two scales.

Sources: Liu et al. 2021 (Swin), section 3.2; Cai et al. 2023 (EfficientViT), section 3.1. Shapes as in blocks.py.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from training.models.blocks import Attention, Capture, keep
from training.models.swin_config import StageShape
from training.models.windows import relative_index, shift_mask

EPSILON = 1e-6
"""Added to the normaliser. The paper's code adds 1e-15, which float32 loses beside any sum."""


class WindowAttention(Attention):
    """Softmax attention among the tokens of a window, biased by offset where `table` is the window's side."""

    relative_position_bias_table: nn.Parameter | None

    def __init__(self, cfg: StageShape, table: int = 0) -> None:
        super().__init__(cfg)
        self.table = table
        rows = (2 * table - 1) ** 2
        self.relative_position_bias_table = nn.Parameter(torch.zeros(rows, cfg.heads)) if table else None

    def bias(self, window: int) -> Tensor | None:
        """[heads, M*M, M*M] for windows of that side."""
        table = self.relative_position_bias_table
        if table is None:
            return None
        index = relative_index(window, self.table).to(table.device)
        return table[index.reshape(-1)].reshape(window**2, window**2, self.heads).permute(2, 0, 1)

    def windows(self, x: Tensor, grid: int, window: int, shift: int, capture: Capture | None, name: str) -> Tensor:
        """x [B, W, M*M, D] to the same shape; the grid of tokens was rolled by -shift before it was cut."""
        batch, count, tokens, dim = x.shape
        qkv = keep(capture, f"{name}.qkv", self.qkv(x))
        q, k, v = qkv.reshape(batch, count, tokens, 3, self.heads, dim // self.heads).permute(3, 0, 1, 4, 2, 5)
        scale = (dim // self.heads) ** -0.5
        scores = keep(capture, f"{name}.scores", q @ k.transpose(-2, -1) * scale)
        bias = self.bias(window)
        if bias is not None:
            scores = keep(capture, f"{name}.biased", scores + bias.to(scores.dtype))
        if shift:
            mask = keep(capture, f"{name}.mask", shift_mask(grid, window, shift).to(x.device))
            scores = keep(capture, f"{name}.masked", scores + mask[:, None].to(scores.dtype))
        probs = keep(capture, f"{name}.probs", scores.softmax(-1).to(v.dtype))
        out = keep(capture, f"{name}.out", probs @ v)
        for key, value in zip(("q", "k", "v"), (q, k, v), strict=True):
            keep(capture, f"{name}.{key}", value)
        merged = keep(capture, f"{name}.merged", out.transpose(2, 3).reshape(x.shape))
        return keep(capture, f"{name}.proj", self.proj(merged))


def linear_attention(
    q: Tensor, k: Tensor, v: Tensor, capture: Capture | None = None, name: str = "", quadratic: bool = False
) -> Tensor:
    """ReLU(q) (ReLU(k)^T v) over its normaliser; q, k, v float32 [B, h, N, d] to [B, h, N, d].

    `quadratic` multiplies in the other order, (ReLU(q) ReLU(k)^T) v: the same values at a cost of N^2 d.
    """
    q, k = keep(capture, f"{name}.q_relu", q.relu()), keep(capture, f"{name}.k_relu", k.relu())
    if quadratic:
        weights = q @ k.transpose(-2, -1)
        return weights @ v / (weights.sum(-1, keepdim=True) + EPSILON)
    kv = keep(capture, f"{name}.kv", k.transpose(-2, -1) @ v)
    normaliser = keep(capture, f"{name}.normaliser", q @ k.sum(-2)[..., None] + EPSILON)
    return q @ kv / normaliser


class LinearAttention(nn.Module):
    """ReLU linear attention. Multi-scale: queries, keys and values are also taken after a depthwise 5x5 convolution and
    a 1x1 convolution for each head, and attend as further heads."""

    def __init__(self, cfg: StageShape, multi_scale: bool) -> None:
        super().__init__()
        self.heads = cfg.heads
        dim, three = cfg.dim, 3 * cfg.dim
        self.qkv = nn.Linear(dim, three, bias=cfg.qkv_bias)
        self.aggreg = None
        if multi_scale:
            self.aggreg = nn.Sequential(
                nn.Conv2d(three, three, 5, padding=2, groups=three, bias=False),
                nn.Conv2d(three, three, 1, groups=3 * cfg.heads, bias=False),
            )
        self.proj = nn.Linear(2 * dim if multi_scale else dim, dim)

    def scales(self, qkv: Tensor, grid: int, capture: Capture | None, name: str) -> list[Tensor]:
        """[B, N, 3D] as it is, and aggregated over neighbours.

        The 5x5 convolution is in float32: its backward pass takes a quarter of bfloat16's time on a CPU.
        """
        if self.aggreg is None:
            return [qkv]
        near, mix = self.aggreg
        with torch.autocast(qkv.device.type, enabled=False):
            x = near(qkv.float().reshape(len(qkv), grid, grid, -1).permute(0, 3, 1, 2))
        keep(capture, f"{name}.aggreg.0", x.permute(0, 2, 3, 1).reshape(qkv.shape))
        return [qkv, keep(capture, f"{name}.aggreg.1", mix(x).permute(0, 2, 3, 1).reshape(qkv.shape))]

    def forward(self, x: Tensor, grid: int, capture: Capture | None, name: str) -> Tensor:
        """x [B, N, D] to [B, N, D]; the attention itself in float32 whatever autocast says."""
        batch, tokens, dim = x.shape
        qkv = keep(capture, f"{name}.qkv", self.qkv(x))
        each = dim // self.heads
        parts = [s.reshape(batch, tokens, 3, self.heads, each) for s in self.scales(qkv, grid, capture, name)]
        with torch.autocast(x.device.type, enabled=False):
            q, k, v = torch.cat(parts, dim=3).float().permute(2, 0, 3, 1, 4)
            for key, value in zip(("q", "k", "v"), (q, k, v), strict=True):
                keep(capture, f"{name}.{key}", value)
            out = keep(capture, f"{name}.out", linear_attention(q, k, v, capture, name))
        merged = keep(capture, f"{name}.merged", out.transpose(1, 2).reshape(batch, tokens, -1))
        return keep(capture, f"{name}.proj", self.proj(merged))
