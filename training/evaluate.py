"""Measuring a classifier: top-1, top-5, mean per class, calibration and confusion, per patch size."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from training.data import Label, PictureSet, cifar_labels, load_cifar, load_photos, read_labels
from training.errors import TrainingError
from training.export import load_model, read_model_config, write_json


def to_input(images: np.ndarray) -> torch.Tensor:
    """uint8 [B, S, S, 3] to the model's input: float32 [B, 3, S, S] in [-1, 1]."""
    return torch.from_numpy(np.array(images)).permute(0, 3, 1, 2).float() / 127.5 - 1


def predict(
    model: nn.Module, images: np.ndarray, patch: int, batch: int = 32, bf16: bool = False, progress: bool = False
) -> np.ndarray:
    """Probabilities float32 [n, K] of uint8 pictures at one patch size (0: a model that has none)."""
    rows = []
    steps = range(0, len(images), batch)
    device = next(model.parameters()).device
    with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=bf16):
        for start in tqdm(steps, desc=f"patch {patch}", unit="batch", disable=None if progress else True):
            x = to_input(images[start : start + batch]).to(device)
            logits = model(x, patch) if patch else model(x)
            rows.append(logits.float().softmax(-1).cpu().numpy())
    return np.concatenate(rows)


def calibration_error(probs: np.ndarray, labels: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error (Guo et al. 2017, eq. 3): 15 bins of equal width over the top probability."""
    confidence, correct = probs.max(1), probs.argmax(1) == labels
    index = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for b in range(bins):
        inside = index == b
        if inside.any():
            error += inside.mean() * abs(confidence[inside].mean() - correct[inside].mean())
    return float(error)


def measure(probs: np.ndarray, labels: np.ndarray, names: list[Label], pairs: int = 20) -> dict[str, Any]:
    """All figures of one patch size as plain values; shares in [0, 1]."""
    order = np.argsort(-probs, axis=1)[:, :5]
    hit1, hit5 = order[:, 0] == labels, (order == labels[:, None]).any(1)
    groups = np.array([label.group for label in names])
    per_class = {
        names[k].id: {"photos": int((labels == k).sum()), "top1": round(float(hit1[labels == k].mean()), 4)}
        for k in range(len(names))
        if (labels == k).any()
    }
    confusion = np.zeros((len(names), len(names)), dtype=int)
    np.add.at(confusion, (labels, order[:, 0]), 1)
    np.fill_diagonal(confusion, 0)
    worst = np.argsort(-confusion, axis=None)[:pairs]
    listed = [divmod(int(i), len(names)) for i in worst]
    return {
        "top1": round(float(hit1.mean()), 4),
        "top5": round(float(hit5.mean()), 4),
        "meanPerClass": round(float(np.mean([row["top1"] for row in per_class.values()])), 4),
        "group": round(float((groups[order[:, 0]] == groups[labels]).mean()), 4),
        "ece": round(calibration_error(probs, labels), 4),
        "perClass": per_class,
        "confusion": [
            {"is": names[a].id, "called": names[b].id, "photos": int(confusion[a, b])}
            for a, b in listed
            if confusion[a, b] > 0
        ],
    }


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
    """Measure an exported model at each of its patch sizes and write metrics.json beside it.

    `limit`: see parse_limits; the pictures are drawn by a fixed seed. Those that `calibrate` fitted a
    temperature on are left out. `run` holds facts of the
    training run (images seen, seconds …) that are kept in the file.
    """
    config = read_model_config(folder)
    model = load_model(folder)
    prep, sizes = config["preprocessing"], config["patchSizes"]
    pictures, names = load_val(data, kind, prep["size"], prep["fit"])
    if len(names) != model.cfg.classes:
        raise TrainingError(f"{folder} has {model.cfg.classes} classes but {kind} has {len(names)}; set --set.")
    limits = parse_limits(limit, sizes)
    command = f"python -m training evaluate models/{folder.name}"
    command += (f" --set {kind}" if kind != "photos" else "") + (f" --limit {limit}" if limit else "")
    result: dict[str, Any] = {"command": command, "set": kind, "run": run, "patch": {}}
    if temperature := read_metrics(folder).get("temperature"):
        result["temperature"] = temperature
    order, _ = measuring_order(len(pictures), temperature["photos"] if temperature else 0)
    for patch in sorted(sizes, reverse=True):
        rows = np.sort(order[: limits.get(patch, len(order))])
        labels = pictures.labels[rows]
        probs = predict(model, pictures.images[rows], patch, bf16=True, progress=True)
        row = {"photos": len(rows), **measure(probs, labels, names)}
        if kind == "photos":
            ten = labels < 10
            row["imagenetteTop1"] = round(float((probs.argmax(1) == labels)[ten].mean()), 4)
        result["patch"][str(patch)] = row
        write_json(folder / "metrics.json", result)
    return result


def table(result: dict[str, Any]) -> str:
    """The figures of metrics.json as a Markdown table for the card."""
    columns = ["photos", "top1", "top5", "meanPerClass", "group", "imagenetteTop1", "ece"]
    columns = [c for c in columns if all(c in row for row in result["patch"].values())]
    lines = ["| patch | " + " | ".join(columns) + " |", "|---|" + "---|" * len(columns)]
    for patch, row in sorted(result["patch"].items(), key=lambda item: int(item[0])):
        lines.append(f"| {patch} | " + " | ".join(str(row[c]) for c in columns) + " |")
    return "\n".join(lines)


def read_metrics(folder: Path) -> dict[str, Any]:
    """metrics.json of a model folder, or an empty dict."""
    path = folder / "metrics.json"
    return json.loads(path.read_text()) if path.is_file() else {}
