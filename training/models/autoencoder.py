"""A convolutional autoencoder whose latents are Gaussians: the first stage of latent diffusion, kept small.

Source: Rombach et al., "High-Resolution Image Synthesis with Latent Diffusion Models" (2022), sections 3.1 and G;
Kingma and Welling, "Auto-Encoding Variational Bayes" (2013). Parameters have the names of the published checkpoints.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from training.errors import TrainingError
from training.models.blocks import Capture, from_json, keep, to_json
from training.models.coder_layers import MID, Decoder, Encoder, check_coder

LOGVAR = (-30.0, 20.0)


@dataclass(frozen=True)
class AutoencoderConfig:
    """Sizes. `multiples[i]` times `width` are the channels at side `image / 2^i`; `factor` is 2^(levels - 1).

    `latent`: channels of the latents, [latent, image / factor, image / factor]. `res_blocks`: residual blocks a level
    of the encoder; the decoder has one more. `groups` of every group norm. `attention`: none, mid (one head
    between the two blocks at the smallest side), or last (also after each residual block of that side).
    `scaling_factor` is one over the standard deviation of the latents of the training pictures; a diffusion model
    works on latents times this number. It is measured after training, and is 1 before.
    """

    image: int = 64
    channels: int = 3
    factor: int = 8
    width: int = 16
    multiples: list[int] = field(default_factory=lambda: [1, 2, 4, 6])
    res_blocks: int = 1
    latent: int = 4
    groups: int = 8
    attention: str = MID
    scaling_factor: float = 1.0

    def __post_init__(self) -> None:
        check_coder(self.image, self.factor, self)
        if self.latent < 1 or self.scaling_factor <= 0:
            raise TrainingError("latent counts from 1, and scaling_factor is above 0.")

    @property
    def grid(self) -> int:
        """Side of the latents."""
        return self.image // self.factor

    def to_json(self) -> dict[str, Any]:
        """The `config` object of a model folder's config.json."""
        return to_json(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> AutoencoderConfig:
        """Inverse of to_json; raises TrainingError for a key that does not exist."""
        return from_json(cls, values, "autoencoder")


def divergence(mean: Tensor, logvar: Tensor) -> Tensor:
    """KL divergence of N(mean, exp(logvar)) from N(0, 1), summed over a picture's latents: [B, ...] to [B]."""
    logvar = logvar.clamp(*LOGVAR)
    return 0.5 * (mean.square() + logvar.exp() - 1 - logvar).flatten(1).sum(1)


class Autoencoder(nn.Module):
    """Picture to latents and back; latents here are not yet times `scaling_factor`."""

    def __init__(self, cfg: AutoencoderConfig) -> None:
        super().__init__()
        self.cfg = cfg
        self.encoder = Encoder(cfg, 2 * cfg.latent)
        self.decoder = Decoder(cfg, cfg.latent)
        self.quant_conv = nn.Conv2d(2 * cfg.latent, 2 * cfg.latent, 1)
        self.post_quant_conv = nn.Conv2d(cfg.latent, cfg.latent, 1)

    def encode(self, x: Tensor, capture: Capture | None = None) -> tuple[Tensor, Tensor]:
        """Pictures [B, C, S, S] in [-1, 1] to mean and log variance, each [B, latent, S / factor, S / factor]."""
        features = self.encoder(keep(capture, "x", x), capture)
        moments = keep(capture, "quant_conv", self.quant_conv(features))
        mean, logvar = moments.chunk(2, dim=1)
        return keep(capture, "mean", mean), keep(capture, "logvar", logvar)

    def decode(self, z: Tensor, capture: Capture | None = None) -> Tensor:
        """Latents [B, latent, S / factor, S / factor] to pictures [B, C, S, S], nearly all in [-1, 1]."""
        z = keep(capture, "post_quant_conv", self.post_quant_conv(keep(capture, "z", z)))
        return keep(capture, "reconstruction", self.decoder(z, capture))

    def forward(self, x: Tensor, capture: Capture | None = None) -> Tensor:
        """Pictures [B, C, S, S] through the means of their latents and back; with `capture` every tensor is kept."""
        return self.decode(self.encode(x, capture)[0], capture)


def sampled(mean: Tensor, logvar: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """Latents drawn from N(mean, exp(logvar)), as in training."""
    noise = torch.randn(mean.shape, generator=generator, device=mean.device, dtype=mean.dtype)
    return mean + (0.5 * logvar.clamp(*LOGVAR)).exp() * noise
