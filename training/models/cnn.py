"""The evaluator of CIFAR-10 samples: a small residual CNN whose pooled features measure pictures.

It is no part of a lesson. Source of the form: He et al. 2015 (arXiv 1512.03385), two residual stages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from training.errors import TrainingError
from training.models.blocks import from_json, to_json


@dataclass(frozen=True)
class CnnConfig:
    """`widths`: channels of the four stages; features are the last of them."""

    image: int = 32
    channels: int = 3
    width: int = 64
    classes: int = 10

    def __post_init__(self) -> None:
        if self.width < 4 or self.image % 8:
            raise TrainingError(
                f"width {self.width} or image {self.image} is wrong; use 4 or more, and a multiple of 8."
            )

    def to_json(self) -> dict[str, Any]:
        """The `config` object of a model folder's config.json."""
        return to_json(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> CnnConfig:
        """Inverse of to_json; raises TrainingError for a key that does not exist."""
        return from_json(cls, values, "CNN")


def unit(into: int, out: int, pool: bool = False) -> nn.Sequential:
    """3x3 convolution, batch norm, ReLU and perhaps 2x2 max pooling."""
    layers: list[nn.Module] = [
        nn.Conv2d(into, out, 3, padding=1, bias=False),
        nn.BatchNorm2d(out),
        nn.ReLU(inplace=True),
    ]
    return nn.Sequential(*layers, *([nn.MaxPool2d(2)] if pool else []))


class Residual(nn.Module):
    """x + two units of x."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(unit(width, width), unit(width, width))

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = x + self.body(x)
        return out


class Cnn(nn.Module):
    """The classifier; `features` are what distances between sets of pictures are measured in."""

    def __init__(self, cfg: CnnConfig, drop_path: float = 0.0) -> None:
        super().__init__()
        self.cfg = cfg
        w = cfg.width
        self.body = nn.Sequential(
            unit(cfg.channels, w),
            unit(w, 2 * w, pool=True),
            Residual(2 * w),
            unit(2 * w, 4 * w, pool=True),
            unit(4 * w, 8 * w, pool=True),
            Residual(8 * w),
            nn.AdaptiveMaxPool2d(1),
            nn.Flatten(),
        )
        self.head = nn.Linear(8 * w, cfg.classes)

    def features(self, x: Tensor) -> Tensor:
        """[B, 8 width] of pictures [B, C, S, S] in [-1, 1]."""
        out: Tensor = self.body(x)
        return out

    def forward(self, x: Tensor) -> Tensor:
        """Logits [B, K]."""
        logits: Tensor = self.head(self.features(x)) * 0.125
        return logits
