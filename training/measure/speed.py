"""How many pictures a second a training makes: whole steps, forward, backward, clipping and optimiser."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import torch

from training.config import Config
from training.errors import TrainingError
from training.train.loop import Trainer
from training.train.runs import make_trainer

Make = Callable[[Config, Path], Trainer]


@dataclass(frozen=True)
class Speed:
    """One width and batch. `cpu`: processor seconds a step, of all threads; `wall`: seconds a step."""

    dim: int
    heads: int
    batch: int
    parameters: int
    cpu: float
    wall: float

    @property
    def pictures(self) -> float:
        """Pictures a second of processor time."""
        return self.batch / self.cpu


def variant(config: Config, dim: int, heads: int, batch: int) -> Config:
    """The config at another width, number of heads and batch. Raises TrainingError for a model without them."""
    model: Any = config.model
    names = {field.name for field in fields(model)}
    if not {"dim", "heads"} <= names:
        raise TrainingError(
            f"{config.source}: a model of the architecture '{config.architecture}' has no dim and heads."
        )
    if dim % heads:
        raise TrainingError(f"A width of {dim} does not divide into {heads} heads; give --heads for each --dim.")
    return replace(config, model=replace(model, dim=dim, heads=heads), train=replace(config.train, batch=batch))


def measured(config: Config, steps: int, make: Make = make_trainer) -> Speed:
    """Whole training steps of a config on its own data, after two that are not counted."""
    model: Any = config.model
    with tempfile.TemporaryDirectory() as folder:
        trainer = make(config, Path(folder))
        for _ in range(2):
            trainer.train_step()
        cpu, wall = time.process_time(), time.perf_counter()
        for _ in range(steps):
            trainer.train_step()
        cpu, wall = (time.process_time() - cpu) / steps, (time.perf_counter() - wall) / steps
        parameters = sum(p.numel() for p in trainer.task.model.parameters())
    return Speed(model.dim, model.heads, config.train.batch, parameters, cpu, wall)


def speeds(
    config: Config,
    dims: Sequence[int] | None = None,
    heads: Sequence[int] | None = None,
    batches: Sequence[int] | None = None,
    steps: int = 10,
    make: Make = make_trainer,
) -> list[Speed]:
    """Every width with every batch. `heads` has a number for each width, or is left out."""
    model: Any = config.model
    widths = list(dims or [getattr(model, "dim", 0)])
    if heads and len(heads) != len(widths):
        raise TrainingError(f"--heads has {len(heads)} numbers and --dim {len(widths)}; give one for each.")
    of = list(heads or [getattr(model, "heads", 1)] * len(widths))
    return [
        measured(variant(config, dim, count, batch), steps, make)
        for dim, count in zip(widths, of, strict=True)
        for batch in batches or [config.train.batch]
    ]


def table(rows: Sequence[Speed]) -> str:
    """A Markdown table; the number of threads stands above it."""
    lines = [
        f"{torch.get_num_threads()} thread(s), pictures a second of processor time",
        "",
        "| width, heads | batch | parameters | pictures a second | seconds a step |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        millions = f"{row.parameters / 1e6:.1f} M"
        lines.append(f"| {row.dim}, {row.heads} | {row.batch} | {millions} | {row.pictures:.0f} | {row.wall:.3f} |")
    return "\n".join(lines)
