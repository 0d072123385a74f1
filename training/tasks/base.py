"""What the loop asks of a task: batches, a loss, and a quick measurement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from training.config import Config

Batch = dict[str, Any]
Parts = dict[str, Tensor]


class Task(nn.Module):
    """A model with what it is taught. `forward(batch)` gives the loss and its named parts.

    Everything random of a step is a function of (seed, step) alone. With several processes each
    makes the same draws and takes its own rows, so that together they make one batch.
    """

    rows: Rows

    def __init__(self, config: Config, model: nn.Module, device: torch.device) -> None:
        super().__init__()
        self.config, self.device = config, device
        self.model = model.to(device)
        self.rank, self.world = 0, 1

    def batch(self, step: int) -> Batch:
        """The step's batch on the device; this process's share of it."""
        raise NotImplementedError

    def forward(self, batch: Batch) -> tuple[Tensor, Parts]:
        """Loss (a scalar) and the parts worth logging."""
        raise NotImplementedError

    def fresh_model(self) -> nn.Module:
        """A model of the same configuration, for the averaged weights."""
        raise NotImplementedError

    def measure(self, model: nn.Module) -> dict[str, Any]:
        """Figures of a model on a fixed part of the held-out pictures; {} where there are none."""
        return {}

    def say(self, batch: Batch) -> str:
        """What is particular of a batch, for the sentence about a loss that is not finite."""
        return ""

    def own(self, values: Any) -> Any:
        """This process's rows of an array or tensor [B, ...]."""
        return values[self.rank :: self.world] if self.world > 1 else values

    def autocast(self) -> torch.autocast:
        """bfloat16 for the products, float32 weights."""
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.config.train.bf16)

    def compiled(self, call: Callable[..., Tensor]) -> Callable[..., Tensor]:
        """`call` itself, or compiled where the config says so."""
        return torch.compile(call) if self.config.train.compile else call

    def generator(self, step: int) -> torch.Generator:
        """Noise on the device, a function of (seed, step)."""
        generator = torch.Generator(self.device)
        generator.manual_seed(self.config.seed * 1_000_003 + step)
        return generator


class Rows:
    """Which rows a step takes: each epoch in an order of its own, so that no row waits two epochs."""

    def __init__(self, count: int, batch: int, seed: int) -> None:
        self.count, self.size, self.seed = count, batch, seed
        self.epoch, self.order = -1, np.empty(0, dtype=np.int64)

    def __call__(self, step: int) -> np.ndarray:
        """Row numbers int64 [batch] of a step."""
        first = step * self.size
        rows = []
        while first < (step + 1) * self.size:
            epoch, start = divmod(first, self.count)
            if epoch != self.epoch:
                self.epoch = epoch
                self.order = np.random.default_rng([self.seed, 7, epoch]).permutation(self.count)
            stop = min(self.count, start + (step + 1) * self.size - first)
            rows.append(self.order[start:stop])
            first += stop - start
        return np.concatenate(rows)


def resident(images: np.ndarray, side: int, device: torch.device) -> Tensor:
    """uint8 pictures [n, S, S, 3] as uint8 [n, 3, side, side] on the device, antialiased where smaller."""
    out = []
    for start in range(0, len(images), 2048):
        part = torch.from_numpy(np.array(images[start : start + 2048])).permute(0, 3, 1, 2)
        if part.shape[-1] != side:
            part = nn.functional.interpolate(part, size=(side, side), mode="bilinear", antialias=True)
        out.append(part.contiguous().to(device))
    return torch.cat(out)


def unit_range(images: Tensor) -> Tensor:
    """uint8 to float32 in [-1, 1]."""
    return images.float() / 127.5 - 1


def flip_some(x: Tensor, flipped: Tensor) -> Tensor:
    """x [B, C, H, W] mirrored where `flipped` [B] says so."""
    return torch.where(flipped.view(-1, 1, 1, 1), x.flip(-1), x)
