"""Weights cut into files of a limited size, for transfers that take no larger ones, and put together again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from training.errors import TrainingError

NAME = "model.safetensors"


def split_weights(folder: Path, mebibytes: float) -> list[Path]:
    """Replace model.safetensors by model.safetensors.00, .01 ... of at most so many MiB each."""
    data = (folder / NAME).read_bytes()
    size = int(mebibytes * 2**20)
    if size < 1:
        raise TrainingError(f"--split {mebibytes} is too small; give MiB a part, such as 15.")
    if len(data) <= size:
        return [folder / NAME]
    parts = []
    for index, start in enumerate(range(0, len(data), size)):
        parts.append(folder / f"{NAME}.{index:02d}")
        parts[-1].write_bytes(data[start : start + size])
    (folder / NAME).unlink()
    return parts


def join_weights(folder: Path) -> Path:
    """Put the parts together, check them against config.json, and remove them."""
    parts = sorted(folder.glob(f"{NAME}.[0-9][0-9]"))
    if not parts:
        raise TrainingError(f"{folder} has no parts {NAME}.00 ...; nothing is to be joined.")
    data = b"".join(part.read_bytes() for part in parts)
    facts = json.loads((folder / "config.json").read_text())["files"][NAME]
    if hashlib.sha256(data).hexdigest() != facts["sha256"]:
        raise TrainingError(
            f"The {len(parts)} parts in {folder} do not make the file of config.json "
            f"({len(data)} of {facts['bytes']} bytes); fetch them again."
        )
    (folder / NAME).write_bytes(data)
    for part in parts:
        part.unlink()
    return folder / NAME
