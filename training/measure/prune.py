"""What pruned windows cost in accuracy: a grid of ratios, a stage each, on the same held-out photos."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.errors import TrainingError
from training.export.read import load_any, read_model_config
from training.export.write import write_json
from training.measure.evaluate import load_val
from training.models.swin import Swin
from training.tasks.accuracy import to_input


def answers(model: Swin, images: np.ndarray, ratios: tuple[float, ...], batch: int = 50) -> list[int]:
    """The class that each of the pictures uint8 [n, S, S, 3] gets with so large shares of windows pruned."""
    found: list[int] = []
    with torch.inference_mode():
        for start in range(0, len(images), batch):
            found += model(to_input(images[start : start + batch]), ratios=ratios).argmax(1).tolist()
    return found


def prune_grid(folders: list[Path], data: Path, kind: str, side: int, count: int, steps: list[float]) -> dict[str, Any]:
    """Answers of each model for every combination of `steps`, one ratio a stage; into pruning.json of the first folder.

    The photos are `count` held-out ones drawn by a fixed seed, `side` pixels wide. Stored: their numbers among the
    held-out ones in the data's order, their classes, and for each model and combination the share that is right and the
    classes answered. Lists of numbers are texts with spaces between them; of the combinations, the last stage's ratio
    changes fastest. Raises TrainingError for models without windows, or of several depths.
    """
    models: list[tuple[str, Swin]] = []
    for folder in folders:
        model = load_any(folder)
        if not isinstance(model, Swin) or not model.cfg.windowed:
            raise TrainingError(f"{folder} has no windows to prune; choose a Swin with attention in windows.")
        models.append((folder.name, model))
    stages = {len(model.cfg.depths) for _, model in models}
    if len(stages) > 1:
        raise TrainingError("The models have different numbers of stages; compare those of one form.")
    fit = read_model_config(folders[0])["preprocessing"]["fit"]
    pictures, names = load_val(data, kind, side, fit)
    rows = np.sort(np.random.default_rng(0).permutation(len(pictures))[:count])
    labels = pictures.labels[rows]
    grid = list(product(steps, repeat=stages.pop()))
    measured = {}
    for name, model in models:
        found = [answers(model, pictures.images[rows], ratios) for ratios in grid]
        right = [round(float((np.array(row) == labels).mean()), 4) for row in found]
        measured[name] = {"top1": right, "answers": [" ".join(map(str, row)) for row in found]}
    command = f"python -m training prune {' '.join(f'models/{folder.name}' for folder in folders)}"
    command += (f" --set {kind}" if kind != "photos" else "") + f" --side {side} --count {count} --most {max(steps):g}"
    result = {
        "command": command,
        "side": side,
        "classes": [label.id for label in names],
        "photos": " ".join(map(str, rows)),
        "labels": " ".join(map(str, labels)),
        "steps": steps,
        "models": measured,
    }
    write_json(folders[0] / "pruning.json", result)
    return result


def table(result: dict[str, Any]) -> str:
    """Top-1 with nothing pruned, and with one ratio for all stages, a model each."""
    steps = result["steps"]
    stride = (len(next(iter(result["models"].values()))["top1"]) - 1) // max(1, len(steps) - 1)
    even = [i * stride for i in range(len(steps))]
    heads = [f"r = {ratio:g}" for ratio in steps]
    lines = ["| model | " + " | ".join(heads) + " |", "|---|" + "---|" * len(even)]
    for name, found in result["models"].items():
        lines.append(f"| {name} | " + " | ".join(f"{100 * found['top1'][i]:.1f} %" for i in even) + " |")
    return "\n".join(lines)
