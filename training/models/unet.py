"""A U-Net of residual blocks that denoises, told the time in every block and, by cross-attention, a text.

Source: Ho et al. 2020, "Denoising Diffusion Probabilistic Models" (arXiv 2006.11239), appendix B, for the U and its
names; Dhariwal & Nichol 2021 (arXiv 2105.05233), section 3, for the adaptive group norm; Rombach et al. 2022
(arXiv 2112.10752), section 3.3, for the cross-attention to a text, which is called `attn2` there, too.
B batch, C channels, T = H W places, L text tokens, h heads.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.errors import TrainingError
from training.models.blocks import Capture, from_json, keep, sinusoid, to_json
from training.models.coder_layers import NORM_EPS, AttnBlock, Downsample, ResnetBlock, Upsample


@dataclass(frozen=True)
class UNetConfig:
    """Sizes. `multipliers[i]` times `width` are the channels at side image / 2^i; `blocks` residual blocks a level.

    `attention`: sides with attention after each residual block, to the places and then to the text. `classes` 0 is
    unconditional. `context_tokens` L above 0: a text's features, `context_dim` wide, are attended to by `heads` heads.
    `scale_shift`: time and class scale and shift the second norm of each residual block; else they are added before it.
    """

    image: int = 32
    channels: int = 3
    width: int = 128
    multipliers: list[int] = field(default_factory=lambda: [1, 2, 2, 2])
    blocks: int = 2
    attention: list[int] = field(default_factory=lambda: [16])
    groups: int = 32
    norm_eps: float = NORM_EPS
    classes: int = 0
    null_class: bool = False
    scale_shift: bool = False
    heads: int = 4
    context_tokens: int = 0
    context_dim: int = 768

    def __post_init__(self) -> None:
        if self.norm_eps != NORM_EPS:
            raise TrainingError(f"norm_eps is {self.norm_eps}; the residual blocks here have {NORM_EPS}.")
        halvings = len(self.multipliers) - 1
        if not self.multipliers or min(self.multipliers) < 1 or self.blocks < 1:
            raise TrainingError("multipliers and blocks count from 1, and there is at least one level.")
        if self.image % 2**halvings:
            raise TrainingError(f"a picture of {self.image} cells cannot be halved {halvings} times.")
        if self.width % 2:
            raise TrainingError(f"width {self.width} must be even: half cosines and half sines of the time.")
        for channels in self.widths:
            if channels % self.groups or channels % self.heads:
                raise TrainingError(f"{self.groups} groups and {self.heads} heads must divide {channels} channels.")

    @property
    def widths(self) -> list[int]:
        """Channels of each level, the finest first."""
        return [self.width * multiple for multiple in self.multipliers]

    @property
    def dim(self) -> int:
        """Channels of the first level."""
        return self.width

    def attends(self, level: int) -> bool:
        """Whether a level's residual blocks are followed by attention."""
        return self.image // 2**level in self.attention

    def to_json(self) -> dict[str, Any]:
        """The `config` object of a model folder's config.json."""
        return to_json(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> UNetConfig:
        """Inverse of to_json; raises TrainingError for a key that does not exist."""
        return from_json(cls, values, "U-Net")


class Coder:
    """What residual blocks and attention ask of a configuration."""

    def __init__(self, cfg: UNetConfig) -> None:
        self.channels, self.width, self.multiples = cfg.channels, cfg.width, cfg.multipliers
        self.res_blocks, self.groups, self.attention = cfg.blocks, cfg.groups, "none"


class TimedBlock(ResnetBlock):
    """A residual block that is told the time."""

    def __init__(self, cfg: UNetConfig, into: int, out: int) -> None:
        super().__init__(Coder(cfg), into, out)
        self.scale_shift = cfg.scale_shift
        self.temb_proj = nn.Linear(4 * cfg.width, out * (2 if cfg.scale_shift else 1))

    def told(self, x: Tensor, time: Tensor, capture: Capture | None, name: str) -> Tensor:
        """x [B, C, H, W] and the time's vector after its SiLU [B, 4 width] to [B, C', H, W]."""
        h = keep(capture, f"{name}.norm1", self.norm1(x))
        h = keep(capture, f"{name}.conv1", self.conv1(F.silu(h)))
        temb = keep(capture, f"{name}.temb_proj", self.temb_proj(time))[:, :, None, None]
        if self.scale_shift:
            scale, shift = temb.chunk(2, dim=1)
            h = keep(capture, f"{name}.norm2", self.norm2(h))
            h = keep(capture, f"{name}.modulated", h * (1 + scale) + shift)
        else:
            h = keep(capture, f"{name}.timed", h + temb)
            h = keep(capture, f"{name}.norm2", self.norm2(h))
        h = keep(capture, f"{name}.conv2", self.conv2(F.silu(h)))
        if self.nin_shortcut is not None:
            x = keep(capture, f"{name}.nin_shortcut", self.nin_shortcut(x))
        return keep(capture, name, x + h)


class TextAttention(nn.Module):
    """x + attention of all places to the tokens of a text."""

    def __init__(self, cfg: UNetConfig, channels: int) -> None:
        super().__init__()
        self.heads = cfg.heads
        self.norm = nn.GroupNorm(cfg.groups, channels, eps=NORM_EPS)
        self.q = nn.Linear(channels, channels, bias=False)
        self.kv = nn.Linear(cfg.context_dim, 2 * channels, bias=False)
        self.proj = nn.Linear(channels, channels)

    def forward(self, x: Tensor, context: Tensor, capture: Capture | None, name: str) -> Tensor:
        """x [B, C, H, W] and context [B, L, Dc] to [B, C, H, W]; the map of attention is [B, h, T, L]."""
        batch, channels = x.shape[:2]
        d = channels // self.heads
        normed = keep(capture, f"{name}.norm", self.norm(x))
        places = keep(capture, f"{name}.places", normed.flatten(2).transpose(1, 2))
        q = keep(capture, f"{name}.q", self.q(places).reshape(batch, -1, self.heads, d).transpose(1, 2))
        pairs = self.kv(context).reshape(batch, -1, 2, self.heads, d).permute(2, 0, 3, 1, 4)
        k, v = keep(capture, f"{name}.k", pairs[0]), keep(capture, f"{name}.v", pairs[1])
        scores = keep(capture, f"{name}.scores", q @ k.transpose(-2, -1) * d**-0.5)
        probs = keep(capture, f"{name}.probs", scores.softmax(-1).to(v.dtype))
        out = keep(capture, f"{name}.out", probs @ v)
        merged = keep(capture, f"{name}.merged", out.transpose(1, 2).reshape(batch, -1, channels))
        mixed = keep(capture, f"{name}.proj", self.proj(merged))
        return keep(capture, name, x + mixed.transpose(1, 2).reshape(x.shape))


Told = tuple[Tensor, Tensor | None]


class Stage(nn.Module):
    """The residual blocks of one side, each with its attentions where there are any, and what leads onward."""

    def __init__(self, cfg: UNetConfig, into: list[int], out: int, attends: bool) -> None:
        super().__init__()
        self.block = nn.ModuleList(TimedBlock(cfg, channels, out) for channels in into)
        self.attn = nn.ModuleList(AttnBlock(Coder(cfg), out) for _ in into if attends)
        told = attends and cfg.context_tokens > 0
        self.attn2 = nn.ModuleList(TextAttention(cfg, out) for _ in into if told)
        self.downsample: Downsample | None = None
        self.upsample: Upsample | None = None

    def one(self, j: int, x: Tensor, told: Told, capture: Capture | None, name: str) -> Tensor:
        """x [B, C, H, W] through residual block j and what follows it."""
        time, context = told
        block = self.block[j]
        assert isinstance(block, TimedBlock)
        x = block.told(x, time, capture, f"{name}.block.{j}")
        if len(self.attn):
            x = self.attn[j](x, capture, f"{name}.attn.{j}")
        if len(self.attn2):
            x = self.attn2[j](x, context, capture, f"{name}.attn2.{j}")
        return x


class Bottom(nn.Module):
    """Two residual blocks at the smallest side with attention between them, always."""

    def __init__(self, cfg: UNetConfig, channels: int) -> None:
        super().__init__()
        self.block_1, self.block_2 = (TimedBlock(cfg, channels, channels) for _ in range(2))
        self.attn_1 = AttnBlock(Coder(cfg), channels)
        self.attn2_1 = TextAttention(cfg, channels) if cfg.context_tokens else None

    def forward(self, x: Tensor, told: Told, capture: Capture | None) -> Tensor:
        """x [B, C, H, W] to the same."""
        time, context = told
        x = self.attn_1(self.block_1.told(x, time, capture, "mid.block_1"), capture, "mid.attn_1")
        if self.attn2_1 is not None:
            x = self.attn2_1(x, context, capture, "mid.attn2_1")
        return self.block_2.told(x, time, capture, "mid.block_2")


class UNet(nn.Module):
    """Predicts x0, eps, v or u (as trained) of a noisy picture."""

    def __init__(self, cfg: UNetConfig) -> None:
        super().__init__()
        self.cfg = cfg
        widths, count, size = cfg.widths, cfg.blocks, 4 * cfg.width
        self.temb = nn.ModuleDict({"dense": nn.ModuleList([nn.Linear(cfg.width, size), nn.Linear(size, size)])})
        if cfg.classes:
            self.label_emb = nn.Embedding(cfg.classes + int(cfg.null_class), size)
        self.conv_in = nn.Conv2d(cfg.channels, cfg.width, 3, padding=1)
        skips = [cfg.width]
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        for level, out in enumerate(widths):
            into = [widths[level - 1] if level else cfg.width, *[out] * (count - 1)]
            stage = Stage(cfg, into, out, cfg.attends(level))
            skips += [out] * count
            if level < len(widths) - 1:
                stage.downsample = Downsample(out)
                skips.append(out)
            self.down.append(stage)
        self.mid = Bottom(cfg, widths[-1])
        channels = widths[-1]
        for level in reversed(range(len(widths))):
            out = widths[level]
            into = [(channels if j == 0 else out) + skips.pop() for j in range(count + 1)]
            stage = Stage(cfg, into, out, cfg.attends(level))
            if level:
                stage.upsample = Upsample(out)
            self.up.insert(0, stage)
            channels = out
        self.norm_out = nn.GroupNorm(cfg.groups, cfg.width * cfg.multipliers[0], eps=NORM_EPS)
        self.conv_out = nn.Conv2d(widths[0], cfg.channels, 3, padding=1)
        self.begin_at_zero()

    def begin_at_zero(self) -> None:
        """What ends a branch, and the last convolution, begin at zero, so that each block begins as what it skips."""
        ends = {TimedBlock: "conv2", AttnBlock: "proj_out", TextAttention: "proj", UNet: "conv_out"}
        for module in self.modules():
            if type(module) in ends:
                for parameter in getattr(module, ends[type(module)]).parameters():
                    nn.init.zeros_(parameter)

    def condition(self, t: Tensor, y: Tensor | None, capture: Capture | None) -> Tensor:
        """Time and class [B] to the vector that every residual block reads, after its SiLU: [B, 4 width]."""
        dense: Any = self.temb["dense"]
        waves = keep(capture, "temb.sinusoid", sinusoid(t, self.cfg.width))
        hidden = keep(capture, "temb.dense.0", dense[0](waves))
        time = keep(capture, "temb.dense.1", dense[1](F.silu(hidden)))
        if self.cfg.classes:
            if y is None:
                raise ValueError("This U-Net is class-conditional; give it y, the null class for none.")
            label = keep(capture, "label_emb", self.label_emb(y.long()))
            time = keep(capture, "condition", time + label)
        return F.silu(time)

    def forward(
        self,
        x: Tensor,
        t: Tensor,
        y: Tensor | None = None,
        capture: Capture | None = None,
        context: Tensor | None = None,
    ) -> Tensor:
        """The prediction [B, C, H, W] for noisy pictures x [B, C, H, W]; arguments as a U-ViT's."""
        for name, value in (("x", x), ("t", t), ("y", y), ("context", context)):
            if value is not None:
                keep(capture, name, value.float())
        shape = (self.cfg.context_tokens, self.cfg.context_dim)
        if self.cfg.context_tokens and (context is None or context.shape[1:] != shape):
            raise ValueError(
                f"This U-Net reads {shape[0]} text tokens of {shape[1]} values; give it context of that shape."
            )
        told: Told = (self.condition(t, y, capture), context)
        h = keep(capture, "conv_in", self.conv_in(x))
        skips = [h]
        for level, stage in enumerate(self.down):
            assert isinstance(stage, Stage)
            for j in range(self.cfg.blocks):
                h = stage.one(j, h, told, capture, f"down.{level}")
                skips.append(h)
            if stage.downsample is not None:
                h = keep(capture, f"down.{level}.downsample", stage.downsample(h))
                skips.append(h)
        h = self.mid(h, told, capture)
        for level in reversed(range(len(self.up))):
            stage = self.up[level]
            assert isinstance(stage, Stage)
            for j in range(self.cfg.blocks + 1):
                both = keep(capture, f"up.{level}.block.{j}.skip_cat", torch.cat([h, skips.pop()], dim=1))
                h = stage.one(j, both, told, capture, f"up.{level}")
            if stage.upsample is not None:
                h = stage.upsample(h, capture, f"up.{level}.upsample")
        h = keep(capture, "norm_out", self.norm_out(h))
        return keep(capture, "prediction", self.conv_out(F.silu(h)))
