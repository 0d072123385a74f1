"""A convolutional autoencoder whose latents are entries of a codebook, on one grid or on grids of growing size.

Sources: van den Oord et al., "Neural Discrete Representation Learning" (2017), section 3; Esser et al., "Taming
Transformers for High-Resolution Image Synthesis" (2021), section 3.1; on several scales Tian et al., "Visual
Autoregressive Modeling" (2024), algorithms 1 and 2. Parameters have the names of the published checkpoints.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.errors import TrainingError
from training.models.blocks import Capture, from_json, keep, to_json
from training.models.coder_layers import MID, Decoder, Encoder, check_coder


@dataclass(frozen=True)
class VQConfig:
    """Sizes; what is not said here is as in AutoencoderConfig.

    `codes`: entries K of the codebook, each of `latent` numbers. `scales`: sides of the grids that are quantised one
    after another, the last that of the latents; an empty list is one grid alone. `phis`: 3x3 convolutions that the
    scales share; of what is brought to full size a share `phi_share` goes through one of them, the rest past it.
    `quant_kernel`: side of the kernels before and after the codes, odd.
    """

    image: int = 64
    channels: int = 3
    factor: int = 8
    width: int = 16
    multiples: list[int] = field(default_factory=lambda: [1, 2, 4, 6])
    res_blocks: int = 1
    latent: int = 8
    groups: int = 8
    attention: str = MID
    codes: int = 512
    scales: list[int] = field(default_factory=list)
    phis: int = 4
    phi_share: float = 0.5
    quant_kernel: int = 1

    def __post_init__(self) -> None:
        check_coder(self.image, self.factor, self)
        if self.quant_kernel % 2 == 0:
            raise TrainingError(f"quant_kernel {self.quant_kernel} is even; use 1 or 3.")
        if self.latent < 1 or self.codes < 2 or self.phis < 1:
            raise TrainingError("latent and phis count from 1, codes from 2.")
        if self.scales and (sorted(set(self.scales)) != self.scales or self.scales[0] < 1):
            raise TrainingError(f"scales {self.scales} must be sides from 1 up that grow.")
        if self.scales and self.scales[-1] != self.grid:
            raise TrainingError(f"The last of scales is {self.scales[-1]}; make it {self.grid}, the latents' side.")

    @property
    def grid(self) -> int:
        """Side of the latents."""
        return self.image // self.factor

    @property
    def sides(self) -> list[int]:
        """Sides of all grids of codes."""
        return self.scales or [self.grid]

    @property
    def tokens(self) -> int:
        """Codes of a picture."""
        return sum(side * side for side in self.sides)

    def to_json(self) -> dict[str, Any]:
        """The `config` object of a model folder's config.json."""
        return to_json(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> VQConfig:
        """Inverse of to_json; raises TrainingError for a key that does not exist."""
        return from_json(cls, values, "VQ autoencoder")


def phi_of(scale: int, scales: int, phis: int) -> int:
    """Which of the phis a scale takes: the one whose tick is nearest to scale / (scales - 1) (VAR's published code)."""
    edge = 1 / 3 / phis if phis == 4 else 1 / 2 / phis
    ticks = np.linspace(edge, 1 - edge, phis)
    return int(np.argmin(np.abs(ticks - scale / max(scales - 1, 1))))


@dataclass
class Quantized:
    """`latents` [B, D, g, g], the sum of all scales; `codes` of each scale int64 [B, s s].

    `sums`: what stands after each scale, [B, D, g, g] each. `vectors`: what was looked up at each scale, [B s s, D].
    """

    latents: Tensor
    codes: list[Tensor]
    sums: list[Tensor]
    vectors: list[Tensor]


class Phis(nn.Module):
    """Convolutions that the scales share."""

    def __init__(self, cfg: VQConfig) -> None:
        super().__init__()
        self.qresi_ls = nn.ModuleList(nn.Conv2d(cfg.latent, cfg.latent, 3, padding=1) for _ in range(cfg.phis))


class Quantizer(nn.Module):
    """The codebook `embedding` [K, D]; squared distances, the nearest code, and with several scales the residuals."""

    def __init__(self, cfg: VQConfig) -> None:
        super().__init__()
        self.cfg = cfg
        self.embedding = nn.Embedding(cfg.codes, cfg.latent)
        nn.init.uniform_(self.embedding.weight, -1 / cfg.codes, 1 / cfg.codes)
        self.quant_resi = Phis(cfg) if cfg.scales else None

    def distances(self, rows: Tensor) -> Tensor:
        """Squared distances of rows [..., D] to every code, [..., K]."""
        table = self.embedding.weight
        return rows.square().sum(-1, keepdim=True) - 2 * rows @ table.T + table.square().sum(-1)

    def nearest(self, x: Tensor, capture: Capture | None, name: str) -> tuple[Tensor, Tensor]:
        """A grid [B, D, s, s] to its codes [B, s s] and to their entries [B, D, s, s]."""
        rows = x.flatten(2).transpose(1, 2)
        distances = keep(capture, f"{name}.distances", self.distances(rows))
        codes = distances.argmin(-1)
        keep(capture, f"{name}.codes", codes.float())
        return codes, keep(capture, f"{name}.entries", self.look_up(codes, x.shape[-1]))

    def look_up(self, codes: Tensor, side: int) -> Tensor:
        """Codes [B, s s] to their entries [B, D, s, s]."""
        entries: Tensor = self.embedding(codes)
        return entries.transpose(1, 2).reshape(len(codes), -1, side, side)

    def bring(self, entries: Tensor, scale: int, capture: Capture | None) -> Tensor:
        """Entries [B, D, s, s] of a scale at the latents' size, through its phi."""
        cfg, name = self.cfg, f"quantize.scales.{scale}"
        assert self.quant_resi is not None
        if scale < len(cfg.scales) - 1:
            entries = F.interpolate(entries, size=(cfg.grid, cfg.grid), mode="bicubic")
            entries = keep(capture, f"{name}.up", entries)
        phi = self.quant_resi.qresi_ls[phi_of(scale, len(cfg.scales), cfg.phis)]
        return keep(capture, f"{name}.phi", (1 - cfg.phi_share) * entries + cfg.phi_share * phi(entries))

    def forward(self, x: Tensor, capture: Capture | None = None) -> Quantized:
        """Latents [B, D, g, g] in float32; gradients reach the codebook and the phis, not yet the encoder."""
        cfg = self.cfg
        if not cfg.scales:
            codes, entries = self.nearest(x, capture, "quantize")
            return Quantized(entries, [codes], [entries], [x.flatten(2).transpose(1, 2).flatten(0, 1)])
        rest, found = x, torch.zeros_like(x)
        done = Quantized(found, [], [], [])
        for scale, side in enumerate(cfg.scales):
            name = f"quantize.scales.{scale}"
            small = rest
            if scale < len(cfg.scales) - 1:
                small = keep(capture, f"{name}.down", F.adaptive_avg_pool2d(rest, (side, side)))
            codes, entries = self.nearest(small, capture, name)
            full = self.bring(entries, scale, capture)
            found = keep(capture, f"{name}.sum", found + full)
            rest = keep(capture, f"{name}.rest", x - found)
            done.codes.append(codes)
            done.sums.append(found)
            done.vectors.append(small.flatten(2).transpose(1, 2).flatten(0, 1))
        done.latents = found
        return done

    def of_codes(self, codes: Tensor, capture: Capture | None = None) -> Tensor:
        """Codes of all scales one after another, [B, tokens], to latents [B, D, g, g]."""
        cfg = self.cfg
        parts = torch.split(codes, [side * side for side in cfg.sides], 1)
        if not cfg.scales:
            return self.look_up(parts[0], cfg.grid)
        grids = [self.look_up(part, side) for part, side in zip(parts, cfg.sides, strict=True)]
        return torch.stack([self.bring(grid, scale, capture) for scale, grid in enumerate(grids)]).sum(0)


class VQ(nn.Module):
    """Picture to codes and back."""

    def __init__(self, cfg: VQConfig) -> None:
        super().__init__()
        self.cfg = cfg
        self.encoder = Encoder(cfg, cfg.latent)
        self.decoder = Decoder(cfg, cfg.latent)
        self.quantize = Quantizer(cfg)
        side = cfg.quant_kernel
        self.quant_conv = nn.Conv2d(cfg.latent, cfg.latent, side, padding=side // 2)
        self.post_quant_conv = nn.Conv2d(cfg.latent, cfg.latent, side, padding=side // 2)

    def features(self, x: Tensor, capture: Capture | None = None) -> Tensor:
        """Pictures [B, C, S, S] in [-1, 1] to latents that are not yet codes, [B, D, g, g]."""
        features = self.encoder(keep(capture, "x", x), capture)
        return keep(capture, "quant_conv", self.quant_conv(features))

    def encode(self, x: Tensor, capture: Capture | None = None) -> Quantized:
        """Pictures [B, C, S, S] in [-1, 1] to codes and to the latents that they stand for."""
        return self.quantize(self.features(x, capture).float(), capture)  # type: ignore[no-any-return]

    def decode(self, z: Tensor, capture: Capture | None = None) -> Tensor:
        """Latents [B, D, g, g] to pictures [B, C, S, S], nearly all in [-1, 1]."""
        z = keep(capture, "post_quant_conv", self.post_quant_conv(keep(capture, "z", z)))
        return keep(capture, "reconstruction", self.decoder(z, capture))

    def decode_codes(self, codes: Tensor) -> Tensor:
        """Codes [B, tokens], the smallest scale first, to pictures [B, C, S, S]."""
        return self.decode(self.quantize.of_codes(codes))

    def forward(self, x: Tensor, capture: Capture | None = None) -> Tensor:
        """Pictures [B, C, S, S] through their codes and back; with `capture` every tensor is kept."""
        found = self.encode(x, capture)
        keep(capture, "codes", torch.cat(found.codes, 1).float())
        return self.decode(found.latents, capture)
