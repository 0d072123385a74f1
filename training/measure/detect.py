"""Measuring an exported detector on held-out scenes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from training.data.emoji.pack import load_emoji
from training.data.emoji.sprites import load_sprites
from training.data.pictures import load_photos
from training.errors import TrainingError
from training.export.read import load_any, read_metrics
from training.export.write import write_json
from training.models.detr import DETR
from training.tasks.held_out_scenes import measure_detector

PHOTO = 144  # side of the photos that backgrounds are cut out of


def evaluate_detector(folder: Path, data: Path, limit: str | None, val_shards: int = 2) -> dict[str, Any]:
    """Measure a DETR on 500 scenes, or `limit`; writes `heldOut` of the metrics.json beside it, and gives that."""
    model = load_any(folder)
    if not isinstance(model, DETR):
        raise TrainingError(f"{folder} holds a {type(model).__name__}, not a DETR; choose another model folder.")
    if limit is not None and not limit.isdigit():
        raise TrainingError(f"--limit '{limit}' is not understood; write a number of scenes, such as 200.")
    photos = load_photos(data, "val", PHOTO, "crop", val_shards)
    found = measure_detector(model, load_sprites(load_emoji(64)), photos.images, int(limit or 500))
    command = f"python -m training evaluate models/{folder.name}" + (f" --limit {limit}" if limit else "")
    write_json(folder / "metrics.json", {**read_metrics(folder), "heldOut": found, "command": command})
    return found
