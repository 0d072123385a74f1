"""DETR: a picture's tokens, an encoder, and a decoder whose queries each answer one object or none.

Source: Carion et al., "End-to-End Object Detection with Transformers" (2020). Parameters have the names of the
published checkpoints; the stem, under `backbone`, is ours. B batch, N tokens, Q queries, D width, K classes.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.models.blocks import Capture, keep, patchify
from training.models.detr_config import CNN, GROUPS, DETRConfig
from training.models.detr_layers import DecoderLayer, EncoderLayer, sine_positions


@dataclass
class Detections:
    """Logits [B, Q, K + 1], the last for "no object", and boxes [B, Q, 4] as (cx, cy, w, h) in [0, 1]."""

    logits: Tensor
    boxes: Tensor


class ConvNorm(nn.Module):
    """A 3x3 convolution of stride 2, a group norm and a ReLU."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, width, 3, stride=2, padding=1)
        self.norm = nn.GroupNorm(GROUPS, width)

    def forward(self, x: Tensor, capture: Capture | None, name: str) -> Tensor:
        """x [B, C, H, W] to [B, width, H / 2, W / 2]."""
        x = keep(capture, f"{name}.conv", self.conv(x))
        x = keep(capture, f"{name}.norm", self.norm(x))
        return keep(capture, name, F.relu(x))


class Backbone(nn.Module):
    """The stem: a picture [B, C, S, S] to a map [B, D, S / stride, S / stride]."""

    def __init__(self, cfg: DETRConfig) -> None:
        super().__init__()
        self.cfg = cfg
        if cfg.stem == CNN:
            pairs = zip([cfg.channels, *cfg.widths], cfg.widths, strict=False)
            self.stem = nn.ModuleList(ConvNorm(channels, width) for channels, width in pairs)
        else:
            self.patch_embed = nn.Conv2d(cfg.channels, cfg.dim, cfg.stride, stride=cfg.stride)

    def forward(self, x: Tensor, capture: Capture | None) -> Tensor:
        cfg = self.cfg
        if cfg.stem == CNN:
            for index, layer in enumerate(self.stem):
                x = layer(x, capture, f"backbone.stem.{index}")
            return x
        patches = keep(capture, "backbone.patches", patchify(x, cfg.stride))
        tokens = F.linear(patches, self.patch_embed.weight.flatten(1), self.patch_embed.bias)
        batch, _, dim = tokens.shape
        return keep(capture, "backbone.patch_embed", tokens.transpose(1, 2).reshape(batch, dim, cfg.grid, cfg.grid))


class Encoder(nn.Module):
    """A row of encoder layers."""

    def __init__(self, cfg: DETRConfig) -> None:
        super().__init__()
        self.layers = nn.ModuleList(EncoderLayer(cfg) for _ in range(cfg.encoder_depth))

    def forward(self, x: Tensor, pos: Tensor, capture: Capture | None) -> Tensor:
        """x [B, N, D] to the memory [B, N, D]."""
        for index, layer in enumerate(self.layers):
            x = layer(x, pos, capture, f"transformer.encoder.layers.{index}")
        return x


class Decoder(nn.Module):
    """A row of decoder layers; each layer's output is normalised by the same norm before the heads."""

    def __init__(self, cfg: DETRConfig) -> None:
        super().__init__()
        self.layers = nn.ModuleList(DecoderLayer(cfg) for _ in range(cfg.decoder_depth))
        self.norm = nn.LayerNorm(cfg.dim, eps=cfg.norm_eps)

    def forward(
        self, query: Tensor, memory: Tensor, pos: Tensor, capture: Capture | None, groups: int, self_attention: bool
    ) -> list[Tensor]:
        """Queries [G Q, D] and the memory [B, N, D] to each layer's normalised output [B, G Q, D]."""
        keys = keep(capture, "transformer.decoder.keys", memory + pos)
        x = torch.zeros_like(query).expand(len(memory), -1, -1)
        outputs = []
        for index, layer in enumerate(self.layers):
            name = f"transformer.decoder.layers.{index}"
            x = layer(x, query, memory, keys, capture, name, groups, self_attention)
            outputs.append(keep(capture, f"transformer.decoder.norm.{index}", self.norm(x)))
        return outputs


class Transformer(nn.Module):
    """Both halves."""

    def __init__(self, cfg: DETRConfig) -> None:
        super().__init__()
        self.encoder = Encoder(cfg)
        self.decoder = Decoder(cfg)


class BoxHead(nn.Module):
    """Three linear layers with ReLUs between them; the sigmoid comes after."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(dim, width) for width in (dim, dim, 4))

    def forward(self, x: Tensor, capture: Capture | None, name: str) -> Tensor:
        """x [B, Q, D] to logits of boxes [B, Q, 4]."""
        for index, layer in enumerate(self.layers):
            x = keep(capture, f"{name}.layers.{index}", layer(x))
            if index < 2:
                x = keep(capture, f"{name}.relu.{index}", F.relu(x))
        return x


class DETR(nn.Module):
    """The detector."""

    positions: Tensor

    def __init__(self, cfg: DETRConfig) -> None:
        super().__init__()
        self.cfg = cfg
        self.backbone = Backbone(cfg)
        self.input_proj = nn.Conv2d(cfg.dim, cfg.dim, 1)
        self.transformer = Transformer(cfg)
        self.query_embed = nn.Embedding(cfg.queries, cfg.dim)
        self.class_embed = nn.Linear(cfg.dim, cfg.classes + 1)
        self.bbox_embed = BoxHead(cfg.dim)
        self.register_buffer("positions", sine_positions(cfg.grid, cfg.dim), persistent=False)
        for value in self.transformer.parameters():
            if value.ndim > 1:
                nn.init.xavier_uniform_(value)

    def encode(self, x: Tensor, capture: Capture | None = None) -> Tensor:
        """Pictures [B, C, S, S] to the encoder's output, the memory [B, N, D]."""
        features = self.backbone(keep(capture, "x", x), capture)
        projected = keep(capture, "input_proj", self.input_proj(features))
        tokens = keep(capture, "tokens", projected.flatten(2).transpose(1, 2))
        if self.cfg.positions_at_input:
            tokens = keep(capture, "tokens.with_pos", tokens + self.positions)
        memory: Tensor = self.transformer.encoder(tokens, self.positions, capture)
        return keep(capture, "memory", memory)

    def decode(
        self,
        query: Tensor,
        memory: Tensor,
        capture: Capture | None = None,
        groups: int = 1,
        self_attention: bool = True,
    ) -> list[Detections]:
        """What each decoder layer says, the last at the end. `query` [G Q, D]: groups do not see one another."""
        outputs = self.transformer.decoder(query, memory, self.positions, capture, groups, self_attention)
        found = []
        for index, hidden in enumerate(outputs):
            last = index == len(outputs) - 1
            tail = "" if last else f".{index}"
            logits = keep(capture, f"logits{tail}", self.class_embed(hidden))
            raw = self.bbox_embed(hidden, capture if last else None, "bbox_embed")
            found.append(Detections(logits, keep(capture, f"boxes{tail}", raw.sigmoid())))
            keep(capture, f"probs{tail}", logits.softmax(-1))
        return found

    def forward(self, x: Tensor, capture: Capture | None = None, self_attention: bool = True) -> Detections:
        """Pictures [B, C, S, S] to the last layer's detections; with `capture`, a dict, every named tensor is kept."""
        memory = self.encode(x, capture)
        return self.decode(self.query_embed.weight, memory, capture, 1, self_attention)[-1]
