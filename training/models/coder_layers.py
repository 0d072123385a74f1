"""What the convolutional autoencoders are made of: residual blocks, one attention, an encoder and a decoder.

Parameters have the names of Rombach et al.'s published first stages ("High-Resolution Image Synthesis with Latent
Diffusion Models", 2022), which are those of Esser et al.'s VQGAN (2021). B batch, C channels, H and W sides.
"""

from __future__ import annotations

from typing import Protocol

import torch.nn.functional as F
from torch import Tensor, nn

from training.errors import TrainingError
from training.models.blocks import Capture, check_choice, keep

NORM_EPS = 1e-6
NONE, MID, LAST = "none", "mid", "last"


class CoderShape(Protocol):
    """What an encoder and a decoder must know of their autoencoder's configuration."""

    @property
    def channels(self) -> int: ...
    @property
    def width(self) -> int: ...
    @property
    def multiples(self) -> list[int]: ...
    @property
    def res_blocks(self) -> int: ...
    @property
    def groups(self) -> int: ...
    @property
    def attention(self) -> str: ...


def check_coder(image: int, factor: int, shape: CoderShape) -> None:
    """Raises TrainingError for sizes that cannot be."""
    if factor < 1 or factor & (factor - 1):
        raise TrainingError(f"factor {factor} is no power of two, but each level halves the side.")
    if image % factor:
        raise TrainingError(f"image {image} is not divisible by factor {factor}; choose a side that it divides.")
    check_choice("attention", shape.attention, (NONE, MID, LAST))
    levels = factor.bit_length()
    if len(shape.multiples) != levels:
        raise TrainingError(f"factor {factor} has {levels} levels, multiples names {len(shape.multiples)}.")
    if shape.res_blocks < 1 or min(shape.multiples) < 1:
        raise TrainingError("res_blocks and multiples count from 1.")
    for multiple in shape.multiples:
        if shape.width * multiple % shape.groups:
            raise TrainingError(f"{shape.groups} groups do not divide {shape.width * multiple} channels; change one.")


def norm(shape: CoderShape, channels: int) -> nn.GroupNorm:
    """A group norm with a scale and a shift for each channel."""
    return nn.GroupNorm(shape.groups, channels, eps=NORM_EPS)


class ResnetBlock(nn.Module):
    """x + conv2(silu(norm2(conv1(silu(norm1(x)))))); a 1x1 convolution on the branch that skips where widths differ."""

    def __init__(self, shape: CoderShape, into: int, out: int) -> None:
        super().__init__()
        self.norm1 = norm(shape, into)
        self.conv1 = nn.Conv2d(into, out, 3, padding=1)
        self.norm2 = norm(shape, out)
        self.conv2 = nn.Conv2d(out, out, 3, padding=1)
        self.nin_shortcut = nn.Conv2d(into, out, 1) if into != out else None

    def forward(self, x: Tensor, capture: Capture | None, name: str) -> Tensor:
        """x [B, C, H, W] to [B, C', H, W]."""
        h = keep(capture, f"{name}.norm1", self.norm1(x))
        h = keep(capture, f"{name}.conv1", self.conv1(F.silu(h)))
        h = keep(capture, f"{name}.norm2", self.norm2(h))
        h = keep(capture, f"{name}.conv2", self.conv2(F.silu(h)))
        if self.nin_shortcut is not None:
            x = keep(capture, f"{name}.nin_shortcut", self.nin_shortcut(x))
        return keep(capture, name, x + h)


class AttnBlock(nn.Module):
    """x + attention of all places over all places, one head, its four linear layers as 1x1 convolutions."""

    def __init__(self, shape: CoderShape, channels: int) -> None:
        super().__init__()
        self.norm = norm(shape, channels)
        self.q, self.k, self.v, self.proj_out = (nn.Conv2d(channels, channels, 1) for _ in range(4))

    def forward(self, x: Tensor, capture: Capture | None, name: str) -> Tensor:
        """x [B, C, H, W] to the same; the map of attention is [B, H W, H W], rows are what asks."""
        batch, channels, height, width = x.shape
        h = keep(capture, f"{name}.norm", self.norm(x))
        q, k, v = (
            keep(capture, f"{name}.{key}", conv(h).flatten(2))
            for key, conv in (("q", self.q), ("k", self.k), ("v", self.v))
        )
        scores = keep(capture, f"{name}.scores", q.transpose(1, 2) @ k * channels**-0.5)
        probs = keep(capture, f"{name}.probs", scores.softmax(-1).to(v.dtype))
        mixed = keep(capture, f"{name}.mixed", v @ probs.transpose(1, 2))
        out = keep(capture, f"{name}.proj_out", self.proj_out(mixed.reshape(batch, channels, height, width)))
        return keep(capture, name, x + out)


class Mid(nn.Module):
    """Two residual blocks at the smallest side, with the attention between them where there is one."""

    def __init__(self, shape: CoderShape, channels: int) -> None:
        super().__init__()
        self.block_1 = ResnetBlock(shape, channels, channels)
        self.attn_1 = AttnBlock(shape, channels) if shape.attention != NONE else None
        self.block_2 = ResnetBlock(shape, channels, channels)

    def forward(self, x: Tensor, capture: Capture | None, name: str) -> Tensor:
        """x [B, C, H, W] to the same."""
        x = self.block_1(x, capture, f"{name}.block_1")
        if self.attn_1 is not None:
            x = self.attn_1(x, capture, f"{name}.attn_1")
        x = self.block_2(x, capture, f"{name}.block_2")
        return x


class Downsample(nn.Module):
    """A 3x3 convolution of stride 2; one row and one column of zeros are added below and to the right."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        """x [B, C, H, W] to [B, C, H / 2, W / 2]."""
        out: Tensor = self.conv(F.pad(x, (0, 1, 0, 1)))
        return out


class Upsample(nn.Module):
    """Each value becomes a square of four, then a 3x3 convolution."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor, capture: Capture | None, name: str) -> Tensor:
        """x [B, C, H, W] to [B, C, 2 H, 2 W]."""
        return keep(capture, name, self.conv(F.interpolate(x, scale_factor=2.0, mode="nearest")))


class Level(nn.Module):
    """The residual blocks of one side, with attention after each where it is wanted, and what leads onward."""

    def __init__(self, shape: CoderShape, into: int, out: int, count: int, attends: bool = False) -> None:
        super().__init__()
        self.block = nn.ModuleList(ResnetBlock(shape, out if i else into, out) for i in range(count))
        self.attn = nn.ModuleList(AttnBlock(shape, out) for _ in range(count if attends else 0))
        self.downsample: Downsample | None = None
        self.upsample: Upsample | None = None

    def forward(self, x: Tensor, capture: Capture | None, name: str) -> Tensor:
        """x [B, C, H, W] to [B, C', H, W], or half or twice as many rows and columns where a side follows."""
        for index, block in enumerate(self.block):
            x = block(x, capture, f"{name}.block.{index}")
            if len(self.attn):
                x = self.attn[index](x, capture, f"{name}.attn.{index}")
        if self.downsample is not None:
            x = keep(capture, f"{name}.downsample", self.downsample(x))
        if self.upsample is not None:
            x = self.upsample(x, capture, f"{name}.upsample")
        return x


def attends(shape: CoderShape) -> list[bool]:
    """Which levels have attention after each residual block: none, or the one of the smallest side."""
    return [shape.attention == LAST and level == len(shape.multiples) - 1 for level in range(len(shape.multiples))]


class Encoder(nn.Module):
    """A picture [B, C, S, S] to `out` channels at S / factor."""

    def __init__(self, shape: CoderShape, out: int) -> None:
        super().__init__()
        widths = [shape.width * multiple for multiple in shape.multiples]
        self.conv_in = nn.Conv2d(shape.channels, shape.width, 3, padding=1)
        pairs = zip([shape.width, *widths], widths, attends(shape), strict=False)
        self.down = nn.ModuleList(Level(shape, into, width, shape.res_blocks, at) for into, width, at in pairs)
        for level, width in zip(list(self.down)[:-1], widths, strict=False):
            level.downsample = Downsample(width)
        self.mid = Mid(shape, widths[-1])
        self.norm_out = norm(shape, widths[-1])
        self.conv_out = nn.Conv2d(widths[-1], out, 3, padding=1)

    def forward(self, x: Tensor, capture: Capture | None, name: str = "encoder") -> Tensor:
        """x [B, C, S, S] to [B, out, S / factor, S / factor]."""
        x = keep(capture, f"{name}.conv_in", self.conv_in(x))
        for index, level in enumerate(self.down):
            x = level(x, capture, f"{name}.down.{index}")
        x = self.mid(x, capture, f"{name}.mid")
        x = keep(capture, f"{name}.norm_out", self.norm_out(x))
        return keep(capture, f"{name}.conv_out", self.conv_out(F.silu(x)))


class Decoder(nn.Module):
    """`into` channels at S / factor to a picture [B, C, S, S]; it has one residual block a level more.

    `up` is numbered from the picture's side, so that its last level comes first.
    """

    def __init__(self, shape: CoderShape, into: int) -> None:
        super().__init__()
        widths = [shape.width * multiple for multiple in shape.multiples]
        self.conv_in = nn.Conv2d(into, widths[-1], 3, padding=1)
        self.mid = Mid(shape, widths[-1])
        pairs = zip([*widths[1:], widths[-1]], widths, attends(shape), strict=True)
        self.up = nn.ModuleList(Level(shape, into, width, shape.res_blocks + 1, at) for into, width, at in pairs)
        for level, width in zip(list(self.up)[1:], widths[1:], strict=True):
            level.upsample = Upsample(width)
        self.norm_out = norm(shape, widths[0])
        self.conv_out = nn.Conv2d(widths[0], shape.channels, 3, padding=1)

    def forward(self, x: Tensor, capture: Capture | None, name: str = "decoder") -> Tensor:
        """x [B, into, S / factor, S / factor] to [B, C, S, S]."""
        x = keep(capture, f"{name}.conv_in", self.conv_in(x))
        x = self.mid(x, capture, f"{name}.mid")
        for index in reversed(range(len(self.up))):
            x = self.up[index](x, capture, f"{name}.up.{index}")
        x = keep(capture, f"{name}.norm_out", self.norm_out(x))
        return keep(capture, f"{name}.conv_out", self.conv_out(F.silu(x)))
