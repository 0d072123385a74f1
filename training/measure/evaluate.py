"""Measuring a classifier: top-1, top-5, mean per class, calibration and confusion, per patch size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from training.data.emoji.pack import load_emoji
from training.data.pictures import Label, PictureSet, cifar_labels, load_cifar, load_photos, read_labels
from training.errors import TrainingError
from training.export.read import load_any, read_metrics, read_model_config
from training.export.write import write_json
from training.models.swin import Swin
from training.models.vit import ViT
from training.models.vivit import ViViT
from training.tasks.accuracy import measure, predict
from training.tasks.clips import measure_clips


def load_val(data: Path, kind: str, side: int, fit: str, shards: int = 2) -> tuple[PictureSet, list[Label]]:
    """Held-out pictures and labels: `photos` (4,524 photos) or `cifar10` (10,000 pictures)."""
    if kind == "photos":
        return load_photos(data, "val", side, fit, shards), read_labels(data)
    if kind == "cifar10":
        return load_cifar(data, "test"), cifar_labels()
    raise TrainingError(f"data.set '{kind}' has no held-out pictures; use photos or cifar10.")


def measuring_order(count: int, fitted: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Held-out pictures [count] in a fixed random order: those to measure on, and the last `fitted` to fit on."""
    order = np.random.default_rng(0).permutation(count)
    return order[: count - fitted], order[count - fitted :]


def parse_limits(text: str | None, patch_sizes: list[int]) -> dict[int, int]:
    """`1000` for every patch size, or `8=1000,14=1000` for some: {patch: photos}."""
    if not text:
        return {}
    try:
        if "=" not in text:
            return dict.fromkeys(patch_sizes, int(text))
        return {int(patch): int(count) for patch, count in (part.split("=") for part in text.split(","))}
    except ValueError as error:
        raise TrainingError(f"--limit '{text}' is not understood; write 1000, or 8=1000,14=1000.") from error


def evaluate_folder(folder: Path, data: Path, kind: str, limit: str | None, run: dict[str, Any]) -> dict[str, Any]:
    """Measure an exported model at each of its patch sizes (a ViT) or sides (a Swin); writes metrics.json beside it.

    `limit`: see parse_limits; the pictures are drawn by a fixed seed. Those that `calibrate` fitted a
    temperature on are left out. `run` holds facts of the training run (images seen, seconds …), kept in the file.
    """
    config = read_model_config(folder)
    model = load_any(folder)
    if not isinstance(model, ViT | Swin):
        raise TrainingError(f"{folder} holds a {type(model).__name__}, not a ViT or Swin; choose another model folder.")
    by = "patch" if isinstance(model, ViT) else "side"
    prep, sizes = config["preprocessing"], config["patchSizes" if by == "patch" else "imageSizes"]
    limits = parse_limits(limit, sizes)
    command = f"python -m training evaluate models/{folder.name}"
    command += (f" --set {kind}" if kind != "photos" else "") + (f" --limit {limit}" if limit else "")
    result: dict[str, Any] = {"command": command, "set": kind, "run": run, by: {}}
    known = read_metrics(folder)
    result |= {key: known[key] for key in ("temperature", "eightBits") if key in known}
    temperature = known.get("temperature")
    for size in sorted(sizes, reverse=True):
        pictures, names = load_val(data, kind, prep["size"] if by == "patch" else size, prep["fit"])
        if len(names) != model.cfg.classes:
            raise TrainingError(f"{folder} has {model.cfg.classes} classes but {kind} has {len(names)}; set --set.")
        order, _ = measuring_order(len(pictures), temperature["photos"] if temperature else 0)
        rows = np.sort(order[: limits.get(size, len(order))])
        labels = pictures.labels[rows]
        probs = predict(model, pictures.images[rows], size if by == "patch" else 0, bf16=True, progress=True)
        row = {"photos": len(rows), **measure(probs, labels, names)}
        if kind == "photos":
            ten = labels < 10
            row["imagenetteTop1"] = round(float((probs.argmax(1) == labels)[ten].mean()), 4)
        result[by][str(size)] = row
        write_json(folder / "metrics.json", result)
    return result


def evaluate_clips(folder: Path, count: int) -> dict[str, Any]:
    """Measure an exported video transformer on drawn clips of held-out signs, and put that into metrics.json.

    Needs the emoji pack at the side of its frames.
    """
    model = load_any(folder)
    if not isinstance(model, ViViT):
        raise TrainingError(f"{folder} holds a {type(model).__name__}, not a ViViT; choose another model folder.")
    found = measure_clips(model, load_emoji(model.cfg.image), model.cfg, count)
    command = f"python -m training evaluate models/{folder.name}" + (f" --limit {count}" if count != 600 else "")
    write_json(folder / "metrics.json", read_metrics(folder) | {"heldOut": found, "command": command})
    return found


def table(result: dict[str, Any]) -> str:
    """The figures of metrics.json as a Markdown table for the card, a row for each patch size or side."""
    by = "patch" if "patch" in result else "side"
    columns = ["photos", "top1", "top5", "meanPerClass", "group", "imagenetteTop1", "ece"]
    columns = [c for c in columns if all(c in row for row in result[by].values())]
    lines = [f"| {by} | " + " | ".join(columns) + " |", "|---|" + "---|" * len(columns)]
    for size, row in sorted(result[by].items(), key=lambda item: int(item[0])):
        lines.append(f"| {size} | " + " | ".join(str(row[c]) for c in columns) + " |")
    return "\n".join(lines)
