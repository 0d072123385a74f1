"""What a classifier gets right: top-1, top-5, mean per class, calibration and confusion."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from training.data.pictures import Label


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
