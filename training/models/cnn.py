"""A small convolutional classifier of CIFAR-10. Its pooled features also measure samples of denoisers.

The form and the recipe (whitened first convolution, kernels begun at the
identity, flips that alternate, label smoothing 0.2, SGD with fast biases) follow the facts of Jordan 2024,
"94% on CIFAR-10 in 3.29 Seconds on a Single GPU" (arXiv 2404.00498), sections 3 and A; it is narrower here.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from training.errors import TrainingError
from training.models.blocks import Capture, from_json, keep, to_json

WHITENED = 2  # side of the first kernel
SOFTENED = 1 / 9  # logits are scaled so, which slows the head


@dataclass(frozen=True)
class CnnConfig:
    """`width`: channels of the first stage; the second has twice, the third four times as many.

    The features are the third stage's channels, each at its largest over the picture.
    """

    image: int = 32
    channels: int = 3
    width: int = 64
    classes: int = 10

    def __post_init__(self) -> None:
        if self.width < 4 or self.image < 16:
            raise TrainingError(f"width {self.width} or image {self.image} is wrong; use 4 or more, and 16 or more.")

    def to_json(self) -> dict[str, Any]:
        """The `config` object of a model folder's config.json."""
        return to_json(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> CnnConfig:
        """Inverse of to_json; raises TrainingError for a key that does not exist."""
        return from_json(cls, values, "CNN")


def unit(into: int, out: int, pool: bool = False) -> nn.Sequential:
    """3x3 convolution, perhaps 2x2 max pooling, batch norm with biases alone, GELU.

    The first `into` kernels begin at the identity of their channel, the others at random.
    """
    conv = nn.Conv2d(into, out, 3, padding=1, bias=False)
    norm = nn.BatchNorm2d(out, momentum=0.4)
    norm.weight.requires_grad_(False)
    with torch.no_grad():
        nn.init.dirac_(conv.weight[: min(into, out)])
    return nn.Sequential(conv, *([nn.MaxPool2d(2)] if pool else []), norm, nn.GELU())


class Whitening(nn.Module):
    """2x2 patches in the directions of their covariance, each of variance 1, with both signs."""

    weight: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.channels = channels
        self.outputs = 2 * channels * WHITENED**2
        start = torch.empty(self.outputs, channels, WHITENED, WHITENED)
        self.register_buffer("weight", nn.init.kaiming_uniform_(start, a=5**0.5))
        self.bias = nn.Parameter(torch.zeros(self.outputs))

    @torch.no_grad()
    def fit(self, pictures: Tensor, floor: float = 1.25e-4) -> None:
        """Take the directions from pictures [n, C, S, S] in [-1, 1]; `floor` is added to each variance."""
        patches = pictures.unfold(2, WHITENED, 1).unfold(3, WHITENED, 1).permute(0, 2, 3, 1, 4, 5)
        rows = patches.reshape(-1, self.outputs // 2).double()
        variance, directions = torch.linalg.eigh(rows.T @ rows / len(rows))
        kernels = (directions / (variance + floor).sqrt()).T.reshape(-1, self.channels, WHITENED, WHITENED)
        self.weight.copy_(torch.cat([kernels, -kernels]))

    def forward(self, x: Tensor, capture: Capture | None = None) -> Tensor:
        """x [B, C, S, S] to [B, 2 * 4 C, S - 1, S - 1]."""
        patches = keep(capture, "whiten.conv", nn.functional.conv2d(x, self.weight, self.bias))
        return keep(capture, "whiten", nn.functional.gelu(patches))


class Cnn(nn.Module):
    """The classifier; `features` are what distances between sets of pictures are measured in."""

    def __init__(self, cfg: CnnConfig, drop_path: float = 0.0) -> None:
        super().__init__()
        self.cfg = cfg
        self.whiten = Whitening(cfg.channels)
        widths = [self.whiten.outputs, cfg.width, 2 * cfg.width, 4 * cfg.width]
        stages = [nn.Sequential(unit(a, b, pool=True), unit(b, b)) for a, b in pairwise(widths)]
        self.body = nn.Sequential(*stages, nn.AdaptiveMaxPool2d(1), nn.Flatten())
        self.head = nn.Linear(widths[-1], cfg.classes, bias=False)
        with torch.no_grad():
            self.head.weight.div_(self.head.weight.std())
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def features(self, x: Tensor, capture: Capture | None = None) -> Tensor:
        """[B, 4 width] of pictures [B, C, S, S] in [-1, 1]."""
        keep(capture, "x", x)
        out: Tensor = self.whiten(x.contiguous(memory_format=torch.channels_last), capture)
        *stages, pool, flatten = self.body.children()
        for s, stage in enumerate(stages):
            units = list(stage.children())
            for u, layers in enumerate(units):
                # A unit's result has the unit's name, that of a stage's last unit the stage's.
                result = f"body.{s}" if u == len(units) - 1 else f"body.{s}.{u}"
                modules = list(layers.children())
                for i, module in enumerate(modules):
                    out = module(out)
                    keep(capture, result if i == len(modules) - 1 else f"body.{s}.{u}.{i}", out)
        return keep(capture, "features", flatten(pool(out)))

    def forward(self, x: Tensor, capture: Capture | None = None) -> Tensor:
        """Logits [B, K]. With `capture`, a dict, every tensor that the browser's graph names is put in it."""
        logits = keep(capture, "logits", self.head(self.features(x, capture)) * SOFTENED)
        if capture is not None:
            capture["probs"] = logits.softmax(dim=-1)
        return logits
