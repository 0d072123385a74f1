"""Blocks whose attention says by levels who sees whom, and which keep keys and values for the tokens to come.

Sources: Vaswani et al. 2017, section 3.2.3 (later tokens are hidden); Tian et al. 2024, "Visual Autoregressive
Modeling" (arXiv 2404.02905), figure 4 (those of later scales are). Parameter names are those of `Block`.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from training.models.blocks import Attention, Block, BlockShape, Capture, keep


@dataclass(frozen=True)
class Past:
    """Keys and values [B, h, T, d] of a block for the tokens that have been."""

    k: Tensor
    v: Tensor

    def then(self, k: Tensor, v: Tensor) -> Past:
        """With those of the next tokens behind."""
        return Past(torch.cat([self.k, k], 2), torch.cat([self.v, v], 2))


class CachedAttention(Attention):
    """Attention in which token q sees token k where `seen` [q, k] is true."""

    def look(
        self, x: Tensor, seen: Tensor, past: Past | None, capture: Capture | None, name: str
    ) -> tuple[Tensor, Past]:
        """x [B, t, D] to [B, t, D], and keys and values of all tokens; `seen` bool [t, T], T those of `past` and t.

        Without capture the fused kernel runs, but where a CPU learns (see Attention).
        """
        batch, tokens, dim = x.shape
        qkv = keep(capture, f"{name}.qkv", self.qkv(x))
        q, k, v = qkv.reshape(batch, tokens, 3, self.heads, dim // self.heads).permute(2, 0, 3, 1, 4)
        now = Past(k, v) if past is None else past.then(k, v)
        scale = (dim // self.heads) ** -0.5
        if capture is None and (x.device.type != "cpu" or not torch.is_grad_enabled()):
            out = F.scaled_dot_product_attention(q, now.k, now.v, attn_mask=seen)
        else:
            scores = keep(capture, f"{name}.scores", q * scale @ now.k.transpose(-2, -1))
            probs = scores.masked_fill(~seen, float("-inf")).softmax(-1).to(v.dtype)
            out = keep(capture, f"{name}.probs", probs) @ now.v
            for key, value in (("q", q), ("k", k), ("v", v), ("out", out)):
                keep(capture, f"{name}.{key}", value)
        merged = keep(capture, f"{name}.merged", out.transpose(1, 2).reshape(batch, tokens, dim))
        return keep(capture, f"{name}.proj", self.proj(merged)), now


class CachedBlock(Block):
    """The block of a ViT, its attention as above."""

    def __init__(self, cfg: BlockShape, drop_path: float = 0.0) -> None:
        super().__init__(cfg, drop_path)
        self.attn = CachedAttention(cfg)

    def step(
        self, x: Tensor, seen: Tensor, past: Past | None = None, capture: Capture | None = None, name: str = ""
    ) -> tuple[Tensor, Past]:
        """x [B, t, D] to [B, t, D], and keys and values of all tokens."""
        normed = keep(capture, f"{name}.norm1", self.norm1(x))
        assert isinstance(self.attn, CachedAttention)
        branch, now = self.attn.look(normed, seen, past, capture, f"{name}.attn")
        x = keep(capture, f"{name}.attn.residual", x + self._drop(self.ls1(branch)))
        normed = keep(capture, f"{name}.norm2", self.norm2(x))
        x = x + self._drop(self.ls2(self.mlp(normed, capture, f"{name}.mlp")))
        return keep(capture, name, x), now
