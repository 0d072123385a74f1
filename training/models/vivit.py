"""A video transformer in the four forms of its paper, every intermediate on request.

Source: Arnab et al., "ViViT: A Video Vision Transformer" (2021), section 3.3. B batch, n_t times, n_s places of one
time, N = n_t * n_s tokens (time by time, in each row by row), D width, h heads. A tensor of one time or one place has
that as an axis of its own after the batch: `blocks.0.attn.probs` is [B, n_t, h, n_s, n_s] where attention stays in a
frame, `blocks.0.attn_time.probs` is [B, n_s, h, n_t, n_t].
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.models.blocks import Attention, Block, Capture, Mlp, keep, sincos2d, sinusoid
from training.models.vivit_config import DOT_PRODUCT, ENCODER, SELF_ATTENTION, ViViTConfig


def tubelets(x: Tensor, length: int, patch: int) -> Tensor:
    """Clips [B, F, C, H, W] to [B, N, C t p p] (channel, time, row, column)."""
    batch, frames, channels, height, width = x.shape
    times, rows, cols = frames // length, height // patch, width // patch
    cut = x.reshape(batch, times, length, channels, rows, patch, cols, patch)
    return cut.permute(0, 1, 4, 6, 3, 2, 5, 7).reshape(batch, times * rows * cols, channels * length * patch * patch)


def swapped(x: Tensor, groups: int) -> Tensor:
    """Tokens [B, A * G, D] of A groups of G, as [B, G * A, D]: from time by time to place by place, and back."""
    batch, count, dim = x.shape
    return x.reshape(batch, groups, count // groups, dim).transpose(1, 2).reshape(batch, count, dim)


class Grouped:
    """Captures what is computed group by group: [B * G, ...] becomes [B, G, ...]."""

    def __init__(self, capture: Capture | None, batch: int) -> None:
        self.outer, self.batch = capture, batch
        self.inner: Capture | None = None if capture is None else {}

    def __enter__(self) -> Capture | None:
        return self.inner

    def __exit__(self, *_: object) -> None:
        if self.outer is not None and self.inner is not None:
            self.outer.update({name: v.reshape(self.batch, -1, *v.shape[1:]) for name, v in self.inner.items()})


def grouped(attn: nn.Module, x: Tensor, groups: int, capture: Capture | None, name: str) -> Tensor:
    """Attention in each of `groups` stretches of the tokens [B, N, D], by itself."""
    batch, count, dim = x.shape
    with Grouped(capture, batch) as inner:
        out: Tensor = attn(x.reshape(batch * groups, count // groups, dim), inner, name)
    return out.reshape(batch, count, dim)


class SpaceThenTime(nn.Module):
    """A block of model 3: attention in each time, then at each place, then the MLP, each with a residual."""

    def __init__(self, cfg: ViViTConfig) -> None:
        super().__init__()
        self.times, self.places = cfg.times, cfg.places
        self.norm1 = nn.LayerNorm(cfg.dim, eps=cfg.norm_eps)
        self.attn = Attention(cfg)
        self.norm_time = nn.LayerNorm(cfg.dim, eps=cfg.norm_eps)
        self.attn_time = Attention(cfg)
        self.norm2 = nn.LayerNorm(cfg.dim, eps=cfg.norm_eps)
        self.mlp = Mlp(cfg)

    def forward(self, x: Tensor, capture: Capture | None = None, name: str = "") -> Tensor:
        """x [B, N, D] to [B, N, D]."""
        normed = keep(capture, f"{name}.norm1", self.norm1(x))
        x = keep(capture, f"{name}.attn.residual", x + grouped(self.attn, normed, self.times, capture, f"{name}.attn"))
        normed = keep(capture, f"{name}.norm_time", self.norm_time(x))
        over = grouped(self.attn_time, swapped(normed, self.times), self.places, capture, f"{name}.attn_time")
        x = keep(capture, f"{name}.attn_time.residual", x + swapped(over, self.places))
        normed = keep(capture, f"{name}.norm2", self.norm2(x))
        return keep(capture, name, x + self.mlp(normed, capture, f"{name}.mlp"))


class SplitHeads(Attention):
    """Attention of model 4: half of the heads look at tokens of the same time, half at the same place."""

    def __init__(self, cfg: ViViTConfig) -> None:
        super().__init__(cfg)
        self.times, self.places = cfg.times, cfg.places

    def forward(self, x: Tensor, capture: Capture | None, name: str) -> Tensor:
        """x [B, N, D] to [B, N, D]."""
        batch, count, dim = x.shape
        width, half = dim // self.heads, self.heads // 2
        qkv = keep(capture, f"{name}.qkv", self.qkv(x))
        cut = qkv.reshape(batch, self.times, self.places, 3, self.heads, width)
        space = cut[..., :half, :].permute(3, 0, 1, 4, 2, 5)  # 3 [B, n_t, h/2, n_s, d]
        time = cut[..., half:, :].permute(3, 0, 2, 4, 1, 5)  # 3 [B, n_s, h/2, n_t, d]
        outs = []
        for part, (q, k, v) in (("space", space), ("time", time)):
            scores = q @ k.transpose(-2, -1) * width**-0.5
            probs = scores.softmax(-1).to(v.dtype)
            outs.append(probs @ v)
            for key, value in (("scores", scores), ("probs", probs), ("out", outs[-1])):
                keep(capture, f"{name}.{part}.{key}", value)
        by_space = outs[0].permute(0, 1, 3, 2, 4).reshape(batch, count, half * width)
        by_time = outs[1].permute(0, 3, 1, 2, 4).reshape(batch, count, half * width)
        merged = keep(capture, f"{name}.merged", torch.cat([by_space, by_time], -1))
        return keep(capture, f"{name}.proj", self.proj(merged))


class SplitHeadsBlock(Block):
    """A block of model 4: a ViT's, with attention whose heads are divided."""

    def __init__(self, cfg: ViViTConfig) -> None:
        super().__init__(cfg)
        self.attn = SplitHeads(cfg)


class TubeletEmbed(nn.Module):
    """The linear projection of flattened tubelets, stored as a kernel [D, C, t, p, p]."""

    def __init__(self, cfg: ViViTConfig) -> None:
        super().__init__()
        self.proj = nn.Conv3d(cfg.channels, cfg.dim, (cfg.tubelet, cfg.patch, cfg.patch))
        self.length, self.patch = cfg.tubelet, cfg.patch

    def forward(self, x: Tensor, capture: Capture | None) -> Tensor:
        """x [B, F, C, H, W] to patch_embed [B, N, D]."""
        cut = keep(capture, "tubelets", tubelets(x, self.length, self.patch))
        return keep(capture, "patch_embed", F.linear(cut, self.proj.weight.flatten(1), self.proj.bias))


class Temporal(nn.Module):
    """The second encoder of model 2: a CLS token and one token a time."""

    def __init__(self, cfg: ViViTConfig) -> None:
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, cfg.dim))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + cfg.times, cfg.dim))
        self.blocks = nn.ModuleList(Block(cfg) for _ in range(cfg.temporal_depth))
        self.norm = nn.LayerNorm(cfg.dim, eps=cfg.norm_eps)

    def forward(self, x: Tensor, capture: Capture | None) -> Tensor:
        """Tokens of the times [B, n_t, D] to temporal.norm [B, 1 + n_t, D]."""
        x = keep(capture, "temporal.cls_cat", with_cls(self.cls_token, x))
        x = keep(capture, "temporal.tokens", x + self.pos_embed)
        for index, block in enumerate(self.blocks):
            x = block(x, capture, f"temporal.blocks.{index}")
        return keep(capture, "temporal.norm", self.norm(x))


POSITION_SCALE = 0.5
"""Amplitude of the waves that positions start as."""


def start_positions(cfg: ViViTConfig) -> Tensor:
    """Where learned positions start, float32 [N or n_s, D]: waves of row and column, beside them those of time.

    From numbers near zero a network must find first that places differ: 800 steps of 32 clips were not enough for
    what needs the order of times.
    """
    if cfg.attention == ENCODER:
        return POSITION_SCALE * sincos2d(cfg.grid, cfg.dim)
    place = sincos2d(cfg.grid, cfg.dim // 2).repeat(cfg.times, 1)
    time = sinusoid(torch.arange(cfg.times), cfg.dim // 2).repeat_interleave(cfg.places, 0)
    return POSITION_SCALE * torch.cat([place, time], 1)


def with_cls(token: Tensor, x: Tensor) -> Tensor:
    """[B, N, D] to [B, 1 + N, D]."""
    return torch.cat([token.to(x.dtype).expand(len(x), -1, -1), x], 1)


class ViViT(nn.Module):
    """The classifier of clips. Parameter names are timm's, with `temporal.` before those of a second encoder."""

    def __init__(self, cfg: ViViTConfig) -> None:
        super().__init__()
        self.cfg = cfg
        self.patch_embed = TubeletEmbed(cfg)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, cfg.dim)) if cfg.has_cls else None
        count = cfg.places if cfg.attention == ENCODER else cfg.times * cfg.places
        self.pos_embed = nn.Parameter(torch.zeros(1, int(cfg.has_cls) + count, cfg.dim))
        kind = {SELF_ATTENTION: SpaceThenTime, DOT_PRODUCT: SplitHeadsBlock}.get(cfg.attention, Block)
        self.blocks = nn.ModuleList(kind(cfg) for _ in range(cfg.depth))
        self.norm = nn.LayerNorm(cfg.dim, eps=cfg.norm_eps)
        self.temporal = Temporal(cfg) if cfg.attention == ENCODER else None
        self.head = nn.Linear(cfg.dim, cfg.classes)
        self._initialise()

    def _initialise(self) -> None:
        for name, value in self.named_parameters():
            if name.endswith(("cls_token", "pos_embed")):
                nn.init.trunc_normal_(value, std=0.02)
        start = start_positions(self.cfg)
        self.pos_embed.data[0, -len(start) :] += start
        if self.temporal is not None:
            waves = sinusoid(torch.arange(self.cfg.times), self.cfg.dim)
            self.temporal.pos_embed.data[0, 1:] += POSITION_SCALE * waves
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.trunc_normal_(module.weight, std=0.02)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def encode(self, x: Tensor, capture: Capture | None) -> Tensor:
        """Tokens [B, N, D] through CLS token, positions, blocks and `norm`."""
        if self.cls_token is not None:
            x = keep(capture, "cls_cat", with_cls(self.cls_token, x))
        x = keep(capture, "tokens", x + self.pos_embed)
        for index, block in enumerate(self.blocks):
            x = block(x, capture, f"blocks.{index}")
        return keep(capture, "norm", self.norm(x))

    def forward(self, x: Tensor, capture: Capture | None = None) -> Tensor:
        """Logits [B, K] of clips [B, F, C, H, W]. With `capture`, a dict, every named tensor is put in it."""
        batch = len(keep(capture, "x", x))
        tokens = self.patch_embed(x, capture)
        if self.temporal is None:
            normed = self.encode(tokens, capture)
            pooled = normed[:, 0] if self.cls_token is not None else normed.mean(1)
        else:
            with Grouped(capture, batch) as inner:
                normed = self.encode(tokens.reshape(batch * self.cfg.times, self.cfg.places, -1), inner)
            frames = keep(capture, "frame_tokens", normed[:, 0].reshape(batch, self.cfg.times, -1))
            pooled = self.temporal(frames, capture)[:, 0]
        keep(capture, "pooled", pooled)
        logits = keep(capture, "logits", self.head(pooled))
        keep(capture, "probs", logits.softmax(-1))
        return logits
