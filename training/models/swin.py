"""A pyramid of transformer blocks whose attention can be exchanged: Swin, its unshifted and global twins, EfficientViT.

Parameter names are those of timm's Swin. Source: Liu et al., "Swin Transformer" (2021), section 3. Shapes as in
blocks.py, windows as in windows.py; tokens lie in the grid's order, row by row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.models.blocks import Attention, Capture, Mlp, keep, patchify, sincos2d
from training.models.swin_attention import LinearAttention, WindowAttention
from training.models.swin_config import LINEAR_KINDS, StageShape, SwinConfig
from training.models.windows import join, keep_most_active, partition, roll, token_gate, window_scores

Masks = Mapping[str, Tensor]


@lru_cache(maxsize=16)
def position_table(grid: int, dim: int) -> Tensor:
    """sincos2d of a grid, computed once."""
    with torch.inference_mode(False):  # what is kept serves training as well, whoever asks first
        return sincos2d(grid, dim)


class PatchEmbed(nn.Module):
    """Patches to tokens by one linear map, stored as a convolution kernel, and a LayerNorm."""

    def __init__(self, cfg: SwinConfig) -> None:
        super().__init__()
        self.patch = cfg.patch
        self.proj = nn.Conv2d(cfg.channels, cfg.dim, cfg.patch, cfg.patch)
        self.norm = nn.LayerNorm(cfg.dim, eps=cfg.norm_eps)

    def forward(self, x: Tensor, capture: Capture | None) -> Tensor:
        """x [B, C, H, W] to [B, N, D]."""
        patches = keep(capture, "patches", patchify(x, self.patch))
        tokens = F.linear(patches, self.proj.weight.flatten(1), self.proj.bias)
        return keep(capture, "patch_embed", self.norm(keep(capture, "patch_embed.proj", tokens)))


class PatchMerging(nn.Module):
    """Four neighbours become one token of twice the width."""

    def __init__(self, cfg: StageShape) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(2 * cfg.dim, eps=cfg.norm_eps)
        self.reduction = nn.Linear(2 * cfg.dim, cfg.dim, bias=False)

    def forward(self, x: Tensor, grid: int, capture: Capture | None, name: str) -> Tensor:
        """x [B, N, D/2] of a grid to [B, N/4, D]; the neighbours' order is Swin's, column by column."""
        batch, _, dim = x.shape
        cut = x.reshape(batch, grid // 2, 2, grid // 2, 2, dim)
        merged = keep(capture, f"{name}.merged", cut.permute(0, 1, 3, 4, 2, 5).reshape(batch, -1, 4 * dim))
        return keep(capture, name, self.reduction(keep(capture, f"{name}.norm", self.norm(merged))))


class DepthwiseMlp(Mlp):
    """An MLP that looks at its neighbours: a 3x3 convolution for each hidden channel, and a second GELU."""

    def __init__(self, cfg: StageShape) -> None:
        super().__init__(cfg)
        self.dwconv = nn.Conv2d(cfg.mlp, cfg.mlp, 3, padding=1, groups=cfg.mlp)

    def on_grid(self, x: Tensor, grid: int, capture: Capture | None, name: str) -> Tensor:
        """x [B, N, D] to [B, N, D] through [B, N, M]."""
        hidden = keep(capture, f"{name}.fc1", self.fc1(x))
        hidden = keep(capture, f"{name}.gelu", F.gelu(hidden, approximate=self.approximate))
        picture = hidden.reshape(len(x), grid, grid, -1).permute(0, 3, 1, 2)
        mixed = self.dwconv(picture).permute(0, 2, 3, 1).reshape(hidden.shape)
        hidden = F.gelu(keep(capture, f"{name}.dwconv", mixed), approximate=self.approximate)
        return keep(capture, f"{name}.fc2", self.fc2(keep(capture, f"{name}.gelu2", hidden)))


class SwinBlock(nn.Module):
    """x + Attention(LN(x)), then x + MLP(LN(x)), with the configuration's attention and MLP."""

    def __init__(self, cfg: SwinConfig, shape: StageShape, index: int) -> None:
        super().__init__()
        self.cfg, self.index = cfg, index
        self.norm1 = nn.LayerNorm(shape.dim, eps=shape.norm_eps)
        self.attn: nn.Module
        if cfg.windowed:
            self.attn = WindowAttention(shape, cfg.window if cfg.relative_bias else 0)
        elif cfg.attention in LINEAR_KINDS:
            self.attn = LinearAttention(shape, cfg.attention == "multi-scale-linear")
        else:
            self.attn = Attention(shape)
        self.norm2 = nn.LayerNorm(shape.dim, eps=shape.norm_eps)
        self.mlp = DepthwiseMlp(shape) if cfg.mlp == "depthwise" else Mlp(shape)

    def attend(self, x: Tensor, grid: int, capture: Capture | None, name: str) -> Tensor:
        """The attention branch, [B, N, D] to [B, N, D]."""
        if isinstance(self.attn, WindowAttention):
            window, shift = self.cfg.window_of(grid, self.index)
            if shift:
                x = keep(capture, f"{name}.rolled", roll(x, grid, -shift))
            inside = keep(capture, f"{name}.windows", partition(x, grid, window))
            inside = self.attn.windows(inside, grid, window, shift, capture, f"{name}.attn")
            return keep(capture, f"{name}.unrolled", roll(join(inside, grid, window), grid, shift))
        if isinstance(self.attn, LinearAttention):
            return self.attn(x, grid, capture, f"{name}.attn")  # type: ignore[no-any-return]
        return self.attn(x, capture, f"{name}.attn")  # type: ignore[no-any-return]

    def forward(self, x: Tensor, grid: int, gate: Tensor | None, capture: Capture | None, name: str) -> Tensor:
        """x [B, N, D] to [B, N, D]; `gate` [B or 1, N, 1] multiplies both branches, 0 where a window is pruned."""
        branch = self.attend(keep(capture, f"{name}.norm1", self.norm1(x)), grid, capture, name)
        x = keep(capture, f"{name}.attn.residual", x + (branch if gate is None else gate * branch))
        normed = keep(capture, f"{name}.norm2", self.norm2(x))
        if isinstance(self.mlp, DepthwiseMlp):
            branch = self.mlp.on_grid(normed, grid, capture, f"{name}.mlp")
        else:
            branch = self.mlp(normed, capture, f"{name}.mlp")
        return keep(capture, name, x + (branch if gate is None else gate * branch))


class Stage(nn.Module):
    """Patch merging (but for the first stage), then blocks of one width."""

    def __init__(self, cfg: SwinConfig, index: int) -> None:
        super().__init__()
        self.cfg = cfg
        shape = cfg.stages[index]
        self.downsample = PatchMerging(shape) if index else None
        self.blocks = nn.ModuleList(SwinBlock(cfg, shape, i) for i in range(cfg.depths[index]))

    def gates(
        self, x: Tensor, grid: int, capture: Capture | None, name: str, masks: Masks, ratio: float
    ) -> dict[int, Tensor | None]:
        """By shift, what multiplies each token's branches: from given masks or from a ratio; None where all stay."""
        found: dict[int, Tensor | None] = {}
        for index in range(min(2, len(self.blocks))):
            window, shift = self.cfg.window_of(grid, index)
            if shift in found:
                continue
            part = f"{name}.{'shifted_' if shift else ''}"
            kept = masks.get(f"{part}keep") if window else None
            if window and (capture is not None or ratio > 0):
                scores = keep(capture, f"{part}window_scores", window_scores(x.detach(), grid, window, shift))
                kept = keep_most_active(scores, ratio) if ratio > 0 else kept
            found[shift] = None if kept is None else token_gate(kept, grid, window, shift).to(x.dtype)
        return found

    def forward(
        self, x: Tensor, grid: int, capture: Capture | None, name: str, masks: Masks, ratio: float
    ) -> tuple[Tensor, int]:
        """Tokens and grid to the tokens and grid of the stage's end."""
        if self.downsample is not None:
            x, grid = self.downsample(x, grid, capture, f"{name}.downsample"), grid // 2
        gates = self.gates(x, grid, capture, name, masks, ratio)
        for index, block in enumerate(self.blocks):
            _, shift = self.cfg.window_of(grid, index)
            x = block(x, grid, gates[shift], capture, f"{name}.blocks.{index}")
        return x, grid


class Head(nn.Module):
    """timm's name for the classifier is head.fc."""

    def __init__(self, dim: int, classes: int) -> None:
        super().__init__()
        self.fc = nn.Linear(dim, classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(x)  # type: ignore[no-any-return]


class Swin(nn.Module):
    """The classifier."""

    def __init__(self, cfg: SwinConfig) -> None:
        super().__init__()
        self.cfg = cfg
        self.patch_embed = PatchEmbed(cfg)
        self.layers = nn.ModuleList(Stage(cfg, s) for s in range(len(cfg.depths)))
        last = cfg.stages[-1].dim
        self.norm = nn.LayerNorm(last, eps=cfg.norm_eps)
        self.head = Head(last, cfg.classes)
        for name, parameter in self.named_parameters():
            if name.endswith("relative_position_bias_table"):
                nn.init.trunc_normal_(parameter, std=0.02)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.trunc_normal_(module.weight, std=0.02)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(
        self,
        x: Tensor,
        capture: Capture | None = None,
        masks: Masks | None = None,
        ratios: Sequence[float] | None = None,
    ) -> Tensor:
        """Logits [B, K] of pictures [B, C, S, S] of any side that the configuration allows (check_side).

        Windows are pruned by `masks`, `layers.S.keep` and `layers.S.shifted_keep` [W] or [B, W] of 0 and 1, or by
        `ratios`, one of [0, 1) a stage: so large a share of the least active windows. `capture`: see ViT.forward.
        """
        self.cfg.check_side(x.shape[-1])
        keep(capture, "x", x)
        grid = x.shape[-1] // self.cfg.patch
        x = self.patch_embed(x, capture)
        if self.cfg.positions == "sincos2d":
            x = keep(capture, "pos_added", x + position_table(grid, self.cfg.dim).to(x))
        for index, stage in enumerate(self.layers):
            ratio = ratios[index] if ratios is not None else 0.0
            x, grid = stage(x, grid, capture, f"layers.{index}", masks or {}, ratio)
        pooled = keep(capture, "pooled", keep(capture, "norm", self.norm(x)).mean(1))
        logits = keep(capture, "logits", self.head(pooled))
        keep(capture, "probs", logits.softmax(-1))
        return logits
