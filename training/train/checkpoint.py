"""Checkpoints: written whole or not at all, refused where they belong to another run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from training.config import Config
from training.errors import TrainingError

SAME = ("name", "architecture", "model", "diffusion", "seed")


def save_checkpoint(path: Path, content: dict[str, Any]) -> None:
    """Write `content` to `path` through a neighbour file, so that the old one stays on any fault."""
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        torch.save(content, part)
        part.replace(path)
    except (OSError, RuntimeError) as error:
        part.unlink(missing_ok=True)
        raise TrainingError(
            f"{path} could not be saved ({error}); free some space and resume from the last checkpoint."
        ) from error


def load_checkpoint(path: Path) -> dict[str, Any]:
    """A checkpoint's content; a damaged file is a TrainingError."""
    if not path.is_file():
        raise TrainingError(f"{path} is missing; train first, or name the right --run folder.")
    try:
        saved: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise TrainingError(f"{path} is damaged or no checkpoint; delete it and start again.") from error
    return _renamed(saved)


def check_same_run(path: Path, saved: dict[str, Any], config: Config) -> None:
    """Raises TrainingError for a checkpoint of another model, process or seed."""
    mine = config.to_dict()
    for section in SAME:
        if section in saved["config"] and saved["config"][section] != mine[section]:
            raise TrainingError(
                f"{path} was written by another config ('{section}' differs); choose another --run folder or delete it."
            )


def _renamed(saved: dict[str, Any]) -> dict[str, Any]:
    """Checkpoints of before there were two averages: `ema`, `optimizer`, modules called 0 and 1."""
    if "ema" in saved:
        saved["emas"] = [saved.pop("ema")]
        saved["optimizers"] = [saved.pop("optimizer")]
        names = {"0": "model", "1": "distiller"}
        saved["modules"] = {
            f"{names[key.split('.', 1)[0]]}.{key.split('.', 1)[1]}": value for key, value in saved["modules"].items()
        }
    return saved
